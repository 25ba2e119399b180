/**
 * What every store must note of counts that come after their month was proved: the part of `store.suite.ts` that reports rest on which stay.
 */
import { afterEach, beforeEach, expect, it } from "vitest";
import { keptDays } from "#schemas/retention.ts";
import { DAY_MS } from "#schemas/time.ts";
import {
  MONDAY_MS,
  type TestTotem,
  TOWN_HALL,
  testTotem,
  trustedTime,
  verifiedBatch,
  voteEntry,
} from "../ingest/journal.fixture.ts";
import { MONDAY, type OpenStore, TUESDAY, WEEK } from "./store.fixture.ts";
import type { Store } from "./store.ts";

export function describeLate(open: OpenStore): void {
  let store: Store;
  let cleanUp: () => Promise<void>;
  let totem: TestTotem;
  let sent: number;
  beforeEach(async () => {
    ({ store, cleanUp } = await open());
    totem = testTotem("totem-1");
    await store.registerTotem(totem.record);
    totem.start();
    sent = 0;
  });
  afterEach(async () => {
    expect(await store.recount(WEEK)).toEqual([]);
    await cleanUp();
  });

  const cast = async (atMs: number, more: Parameters<typeof voteEntry>[0] = {}) => {
    const last = totem.append(voteEntry({ time: trustedTime(atMs), ...more }));
    await store.ingest([verifiedBatch(totem, totem.batch(sent + 1, last))], [TOWN_HALL]);
    sent = last;
  };
  const late = async (by: "hour" | "day") =>
    (await store.lateCounts(by, WEEK)).map(({ revision, counts }) => ({ revision, counts }));

  it("notes nothing before a month is proved, and nothing of another month", async () => {
    await cast(MONDAY_MS);
    expect(await store.provedMonths()).toEqual(new Map());
    await store.putMonthProof("2026-06", 1, "{}");
    await cast(MONDAY_MS);
    expect([...(await late("day")), ...(await late("hour"))]).toEqual([]);
  });

  it("adds up by the month's revision what comes afterwards, and leaves the counters what they are", async () => {
    await cast(MONDAY_MS);
    await store.putMonthProof("2026-07", 1, "{}");
    await cast(MONDAY_MS);
    await cast(MONDAY_MS, { face: "red", reason: "wait" });
    await store.putMonthProof("2026-07", 2, "{}");
    await cast(MONDAY_MS);
    expect(await store.provedMonths()).toEqual(new Map([["2026-07", 2]]));
    const all = { green: 2, red: 1, reason_wait: 1 };
    expect(await late("day")).toEqual([
      { revision: 1, counts: { ...all, green: 1 } },
      { revision: 2, counts: { green: 1 } },
    ]);
    expect(await late("hour")).toEqual([{ revision: 0, counts: all }]);
    const { rows } = await store.countRows("day", WEEK, { fromSlot: null, limit: 10 });
    expect(rows).toMatchObject([{ counts: { ...all, green: 3 } }]);
  });

  it("tells place and slot as the counters do, and only of the days asked for", async () => {
    await store.putMonthProof("2026-07", 1, "{}");
    await cast(MONDAY_MS);
    await cast(MONDAY_MS + DAY_MS);
    for (const by of ["hour", "day"] as const) {
      const { rows } = await store.countRows(by, WEEK, { fromSlot: null, limit: 10 });
      const places = rows.map(({ counts: _, ...place }) => place);
      expect(
        (await store.lateCounts(by, WEEK)).map(({ counts: _, revision: __, ...place }) => place),
      ).toEqual(places);
      expect(await store.lateCounts(by, { fromDay: MONDAY, toDay: TUESDAY })).toHaveLength(1);
    }
  });

  it("forgets hours when the counters by hour go, and keeps days", async () => {
    await store.putMonthProof("2026-07", 1, "{}");
    await cast(MONDAY_MS);
    await store.enforceRetention(MONDAY_MS + (keptDays("gateway-hour-counts") + 2) * DAY_MS);
    expect(await late("hour")).toEqual([]);
    expect(await late("day")).toHaveLength(1);
  });
}
