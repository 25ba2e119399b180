import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { GATEWAY_DEFAULTS, type GatewaySettings } from "#schemas/gateway-settings.ts";
import { addDays, dayStartMs } from "#schemas/local-day.ts";
import { DAY_MS, MINUTE_MS } from "#schemas/time.ts";
import { directoryOf } from "../directory.ts";
import {
  freshHex,
  type TestTotem,
  TOWN_HALL,
  testTotem,
  trustedTime,
  verifiedBatch,
  voteEntry,
} from "../ingest/journal.fixture.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import type { Store } from "../store/store.ts";
import { readWatch } from "./watch-reader.ts";

const [SERVICE = "", OFFICE = ""] = Object.entries(TOWN_HALL.officeOf)[0] ?? [];
const townWith = (staff: number) =>
  directoryOf({
    ...GATEWAY_DEFAULTS,
    administration: { name: "x", ipaCode: "" },
    sites: [
      {
        ...{ siteId: TOWN_HALL.siteId, name: "x", zone: TOWN_HALL.zone, languages: ["it"], hours: [] },
        offices: [
          {
            ...{ officeId: OFFICE, number: 1, name: "x", uoCode: "", staff },
            services: [{ serviceId: SERVICE, number: 1, name: "x" }],
          },
        ],
      },
    ],
  } as unknown as GatewaySettings);

const FIRST_DAY = "2026-07-06";
const MONTH = "2026-08";

describe("reading what the statistics compare", () => {
  let store: Store;
  let totem: TestTotem;
  beforeEach(async () => {
    store = openSqliteStore(":memory:", 0);
    totem = testTotem("totem-1");
    await store.registerTotem(totem.record);
    totem.start({ time: trustedTime(dayStartMs(FIRST_DAY, TOWN_HALL.zone)) });
  });
  afterEach(() => store.close());

  const voteAt = (ms: number) =>
    totem.append(
      voteEntry({
        ...{ id: freshHex(16), service: SERVICE, face: "green", reason: null, time: trustedTime(ms) },
        ticket: { ...voteEntry().ticket, mark: freshHex(16), minute: Math.floor(ms / MINUTE_MS) - 3 },
      }),
    );
  /** Twelve votes a day, a quarter of an hour apart, and at the end a clerk with thirty receipts. */
  async function liveThroughAMonth(receipts: number): Promise<void> {
    let sent = 1;
    for (let day = FIRST_DAY; day < "2026-08-20"; day = addDays(day, 1)) {
      const noonMs = dayStartMs(day, TOWN_HALL.zone) + 12 * 60 * MINUTE_MS;
      let count = 12;
      for (let n = 0; n < 12; n++) voteAt(noonMs + n * 15 * MINUTE_MS);
      if (day === "2026-08-12") {
        for (let n = 0; n < receipts; n++) voteAt(noonMs + 300 * MINUTE_MS + n * 15_000);
        count += receipts;
      }
      const first = sent;
      sent += count + (first === 1 ? 1 : 0);
      await store.ingest(
        [verifiedBatch(totem, totem.batch(first, sent - 1), noonMs + DAY_MS / 2)],
        [TOWN_HALL],
      );
      await store.keepDayFigures(day);
      await store.closeThrough(day, noonMs + DAY_MS);
    }
  }

  it("finds a burst of kept receipts after its days have been closed, and nothing without one", async () => {
    await liveThroughAMonth(30);
    const source = { store, directory: townWith(5) };
    const { flags, leftOut } = await readWatch(source, MONTH);
    expect(leftOut).toBe(0);
    expect(flags.map(({ sign }) => sign)).toContain("burst");
    expect(flags[0]).toMatchObject({ siteId: TOWN_HALL.siteId, officeId: OFFICE, serviceId: SERVICE });
    // The month before had none.
    expect((await readWatch(source, "2026-07")).flags).toEqual([]);
    expect(await readWatch(source, "2020-01")).toEqual({ flags: [], judged: 0, leftOut: 0 });
  });

  it("does not look where fewer than three people work", async () => {
    await liveThroughAMonth(30);
    expect(await readWatch({ store, directory: townWith(2) }, MONTH)).toEqual({
      flags: [],
      judged: 0,
      leftOut: 1,
    });
  });

  it("keeps figures once: a day that has begun to close is not counted again without its votes", async () => {
    await liveThroughAMonth(0);
    const span = { fromDay: FIRST_DAY, toDay: "2026-09-01" };
    const before = await store.dayFigures(span);
    await store.keepDayFigures("2026-08-31");
    expect(await store.dayFigures(span)).toEqual(before);
    expect(before[0]?.figures).toMatchObject({ votes: 12, green: 12, slotVotes: 1, timed: 12, delayed: 0 });
  });
});
