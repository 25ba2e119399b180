import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { GOLDEN_SETTINGS } from "../api/golden-votes.fixture.ts";
import { directoryOf } from "../directory.ts";
import {
  type TestTotem,
  testTotem,
  trustedTime,
  verifiedBatch,
  voteEntry,
} from "../ingest/journal.fixture.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import type { Store } from "../store/store.ts";
import { noteRedShares } from "./note-red-shares.ts";

/** Ten in the morning of a Thursday in Rome. */
const NOON_MS = Date.UTC(2026, 10, 26, 9);
const DAY = "2026-11-26";
const SITE = GOLDEN_SETTINGS.sites[0];
const SERVICE = SITE?.offices[0]?.services[0]?.serviceId ?? "";

let store: Store;
let totem: TestTotem;
let sent = 0;
beforeEach(async () => {
  store = openSqliteStore(":memory:", 0);
  totem = testTotem("totem-1");
  await store.registerTotem({ ...totem.record, siteId: SITE?.siteId ?? "" });
  totem.start({ time: trustedTime(NOON_MS) });
  sent = 0;
});
afterEach(() => store.close());

async function votes(day: number, green: number, red: number): Promise<void> {
  const time = trustedTime(NOON_MS + day * 86_400_000);
  let last = 1;
  for (let n = 0; n < green; n++) last = totem.append(voteEntry({ service: SERVICE, time }));
  for (let n = 0; n < red; n++)
    last = totem.append(voteEntry({ service: SERVICE, time, face: "red", reason: "wait" }));
  await store.ingest([verifiedBatch(totem, totem.batch(sent + 1, last))], directoryOf(GOLDEN_SETTINGS).rules);
  sent = last;
}
const look = async (redPercent: number | null, day = DAY) => {
  const settings = { ...GOLDEN_SETTINGS, alerts: { ...GOLDEN_SETTINGS.alerts, redPercent } };
  await noteRedShares({ store, settings, directory: directoryOf(settings), nowMs: () => NOON_MS }, day);
  return (await store.alarms()).map(({ code, subject, detail }) => `${code} ${subject}: ${detail}`);
};

describe("red votes of a closed day", () => {
  it("are an alarm when their share cannot be chance, until a day that is better", async () => {
    await votes(0, 20, 40);
    expect(await look(40)).toEqual([
      `many-red ${SERVICE}: red votes of ${DAY} are at least 54 % (95 % interval)`,
    ]);
    expect(await look(60)).toEqual([]);
    await look(40);
    await votes(1, 60, 6);
    expect(await look(40, "2026-11-27")).toEqual([]);
  });

  it("are none when they are few, however bad their share: that is chance, and would single somebody out", async () => {
    await votes(0, 0, 9);
    expect(await look(10)).toEqual([]);
  });

  it("of half the votes are none when the interval reaches below what was set", async () => {
    await votes(0, 6, 6);
    expect(await look(40)).toEqual([]);
  });

  it("are looked at by nobody unless somebody has set a share", async () => {
    await votes(0, 0, 60);
    expect(await look(null)).toEqual([]);
  });
});
