/**
 * What every store must do beside taking batches: the part of `store.suite.ts` about totems, reports, access and terms.
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fixturesOf } from "#schemas/fixtures.fixture.ts";
import type { Health } from "#schemas/messages.ts";
import { keptDays, RETENTION, type RetentionId } from "#schemas/retention.ts";
import type { ReadinessReport } from "#schemas/self-test.ts";
import { DAY_MS, HOUR_MS } from "#schemas/time.ts";
import {
  MONDAY_MS,
  refusalsEntry,
  type TestTotem,
  TOWN_HALL,
  testTotem,
  trustedTime,
  untrustedTime,
  verifiedBatch,
  voteEntry,
} from "../ingest/journal.fixture.ts";
import type { TokenRecord } from "./access-store.ts";
import { countsOn, MONDAY, type OpenStore, TUESDAY, WEEK } from "./store.fixture.ts";
import type { Place, Store } from "./store.ts";

const HEALTH: Health = {
  timeMs: MONDAY_MS,
  uptimeMs: 1,
  queue: { entries: 2, bytes: 300 },
  captured: 5,
  acknowledged: 3,
  oldestUnsentMs: null,
  disk: { freeBytes: 1, totalBytes: 2 },
  mount: { fileSystem: "ext4", persistent: true, readOnly: false },
  clock: "trusted",
  temperatureMilliCelsius: null,
  underVoltage: null,
  scanner: "ready",
  totalPresses: 1,
  lostEdges: 0,
  keys: [],
};
const READINESS = fixturesOf("readiness-report").find(({ isGood }) => isGood)?.value as ReadinessReport;
const REGISTRY: Place = { siteId: "town-hall", officeId: "front-office", serviceId: "registry" };

export function describeTables(open: OpenStore): void {
  let store: Store;
  let cleanUp: () => Promise<void>;
  let reopen: (() => Promise<Store>) | null;
  beforeEach(async () => {
    ({ store, cleanUp, reopen } = await open());
  });
  afterEach(() => cleanUp());

  describe("totems", () => {
    let totem: TestTotem;
    beforeEach(async () => {
      totem = testTotem("totem-1");
      await store.registerTotem(totem.record);
    });

    it("are registered once; registering again corrects what is known of them", async () => {
      await store.registerTotem({ ...testTotem("totem-0").record, serves: ["tax-office"] });
      await store.registerTotem({ ...totem.record, passwordSha256: "11".repeat(32), enrolledMs: 1 });
      expect((await store.totems()).map((t) => [t.totemId, t.serves])).toEqual([
        ["totem-0", ["tax-office"]],
        ["totem-1", null],
      ]);
      const [, again] = await store.totems();
      expect(again).toEqual({ ...totem.record, passwordSha256: "11".repeat(32) });
    });

    it("are online as their newest start says: a late will of an older one changes nothing", async () => {
      expect(await store.noteStatus("totem-1", true, 2, 10)).toBe(true);
      expect(await store.noteStatus("totem-1", false, 1, 20)).toBe(false);
      expect((await store.totemStatuses())[0]).toMatchObject({ online: true, startCount: 2, seenMs: 10 });
      expect(await store.noteStatus("totem-1", false, 2, 30)).toBe(true);
      expect((await store.totemStatuses())[0]).toMatchObject({ online: false, seenMs: 30 });
      expect(await store.noteStatus("nobody", true, 1, 30)).toBe(false);
    });

    it("tell how they are; what an older gateway kept in another shape is not known", async () => {
      expect((await store.totemStatuses())[0]).toMatchObject({ health: null, seenMs: null, captured: 0 });
      await store.noteHealth("totem-1", HEALTH, 40);
      expect((await store.totemStatuses())[0]).toMatchObject({ health: HEALTH, seenMs: 40 });
      await store.noteHealth("totem-1", { ...HEALTH, scanner: "melted" } as unknown as Health, 41);
      expect((await store.totemStatuses())[0]).toMatchObject({ health: null, seenMs: 41 });
    });

    it("report their self-tests: each report once, the latest that came first, and of each totem the latest fifty", async () => {
      const report = (startedMs: number) => ({ ...READINESS, totemId: "totem-1", startedMs });
      for (const startedMs of [200, 100, 200]) await store.noteReadiness(report(startedMs), startedMs + 5);
      expect(await store.readiness("totem-1")).toEqual([
        { receivedMs: 105, report: report(100) },
        { receivedMs: 205, report: report(200) },
      ]);
      await store.registerTotem(testTotem("totem-2").record);
      await store.noteReadiness({ ...READINESS, totemId: "totem-2" }, 1);
      for (let i = 0; i < 60; i++) await store.noteReadiness(report(1_000 + i), 1_000 + i);
      const kept = (await store.readiness("totem-1")) ?? [];
      expect([kept.length, kept[0]?.receivedMs, kept.at(-1)?.receivedMs]).toEqual([50, 1_059, 1_010]);
      expect(await store.readiness("totem-2")).toHaveLength(1);
      await store.noteReadiness({ ...READINESS, totemId: "nobody" }, 1);
      expect(await store.readiness("nobody")).toBeNull();
    });

    it("get commands with rising numbers and settings with a version that rises only with a change", async () => {
      expect([await store.nextCommandNumber("totem-1"), await store.nextCommandNumber("totem-1")]).toEqual([
        1, 2,
      ]);
      const versions = [];
      for (const sha of ["aa", "aa", "bb", "aa"])
        versions.push(await store.settingsVersion("totem-1", sha, 0));
      expect(versions).toEqual([1, 1, 2, 3]);
      // A gateway restored from a backup knows of version 3 only; what totems heard since was at most a minute's number.
      const restored = await store.settingsVersion("totem-1", "cc", 29_000_000 * 60_000);
      expect(restored).toBe(29_000_000);
      expect(await store.settingsVersion("totem-1", "cc", 29_000_001 * 60_000)).toBe(restored);
      await expect(store.nextCommandNumber("nobody")).rejects.toThrow("nobody");
      await expect(store.settingsVersion("nobody", "aa", 0)).rejects.toThrow("nobody");
    });
  });

  describe("quarantine", () => {
    const payload = (pool: string, sha256: string) => ({
      ...{ pool, totemId: pool || "stranger", reason: "bad-signature", sha256 },
      ...{ payload: Buffer.from("x"), receivedMs: MONDAY_MS },
    });

    it("keeps a payload once per hash and pool", async () => {
      expect(await store.quarantine(payload("totem-1", "aa"))).toBe("kept");
      expect(await store.quarantine(payload("totem-1", "aa"))).toBe("known");
      expect(await store.quarantine(payload("totem-2", "aa"))).toBe("kept");
    });

    it("is full for one totem at a thousand, for no other, and still knows what it has", async () => {
      for (let i = 0; i < 1_000; i++) await store.quarantine(payload("totem-1", `hash ${i}`));
      expect(await store.quarantine(payload("totem-1", "one more"))).toBe("full");
      expect(await store.quarantine(payload("totem-1", "hash 1"))).toBe("known");
      expect(await store.quarantine(payload("totem-2", "one more"))).toBe("kept");
    });
  });

  it("raises an alarm once, counts how often, and clears it", async () => {
    await store.raiseAlarm("forked", "totem-1", "first", 10);
    await store.raiseAlarm("forked", "totem-1", "second".padEnd(600, "!"), 20);
    await store.raiseAlarm("epoch-missing", "totem-1", "another", 30);
    expect(await store.alarms()).toEqual([
      {
        ...{ code: "epoch-missing", subject: "totem-1", detail: "another" },
        ...{ firstMs: 30, lastMs: 30, times: 1, acknowledged: null },
      },
      {
        ...{ code: "forked", subject: "totem-1", detail: "second".padEnd(500, "!") },
        ...{ firstMs: 10, lastMs: 20, times: 2, acknowledged: null },
      },
    ]);
    await store.clearAlarm("forked", "totem-1", 40);
    await store.clearAlarm("forked", "totem-9", 40);
    expect((await store.alarms()).map((a) => a.code)).toEqual(["epoch-missing"]);
    await store.raiseAlarm("forked", "totem-1", "again", 50);
    expect((await store.alarms())[1]).toMatchObject({ firstMs: 50, times: 1 });
    expect(await store.clearedAlarms(5)).toMatchObject([{ code: "forked", firstMs: 10, clearedMs: 40 }]);
  });

  it("keeps who looks after an alarm until it ends; one that comes back is news again", async () => {
    const seen = { by: "rossi", note: "a new card is ordered", atMs: 20 };
    const deed = {
      atMs: 20,
      kind: "alarm-acknowledged",
      byId: "id",
      byName: "rossi",
      what: "forked",
    } as const;
    expect(await store.acknowledgeAlarm("forked", "totem-1", seen, deed)).toBe(false);
    await store.raiseAlarm("forked", "totem-1", "first", 10);
    expect(await store.acknowledgeAlarm("forked", "totem-1", { ...seen, by: "bianchi" }, deed)).toBe(true);
    expect(await store.acknowledgeAlarm("forked", "totem-1", seen, deed)).toBe(true);
    expect(await store.deeds({ beforeNo: null, limit: 9 })).toMatchObject([deed, deed]);
    await store.raiseAlarm("forked", "totem-1", "second", 30);
    expect(await store.alarms()).toMatchObject([{ times: 2, acknowledged: seen }]);
    await store.clearAlarm("forked", "totem-1", 40);
    await store.raiseAlarm("forked", "totem-1", "again", 50);
    expect(await store.alarms()).toMatchObject([{ acknowledged: null }]);
    expect(await store.clearedAlarms(5)).toMatchObject([{ acknowledged: seen }]);
    await store.clearAlarm("forked", "totem-1", 60);
    expect(await store.clearedAlarms(1)).toMatchObject([{ clearedMs: 60 }]);
  });

  describe("served counts", () => {
    const count = (served: number, day = MONDAY, serviceId = "registry") => ({
      ...{ officeId: "front-office", serviceId, day, served },
    });

    it("are kept per office, service and day; the same again is a correction", async () => {
      await store.putServed([count(10), count(4, TUESDAY), count(7, MONDAY, "passports")], 1);
      await store.putServed([count(12)], 2);
      await store.putServed([count(12)], 3);
      expect(await store.served({ fromDay: MONDAY, toDay: TUESDAY })).toEqual([
        count(7, MONDAY, "passports"),
        count(12),
      ]);
      expect(await store.served({ fromDay: TUESDAY, toDay: "2026-07-08" })).toEqual([count(4, TUESDAY)]);
    });

    it("are added up over spans of days, in the order of span, office and service", async () => {
      await store.putServed([count(10), count(4, TUESDAY), count(7, TUESDAY, "passports")], 1);
      const sum = (slot: number, serviceId: string, served: number) => ({
        ...{ slot, officeId: "front-office", serviceId, served },
      });
      expect(await store.servedSpans([WEEK, { fromDay: MONDAY, toDay: TUESDAY }])).toEqual([
        sum(0, "passports", 7),
        sum(0, "registry", 14),
        sum(1, "registry", 10),
      ]);
      expect(await store.servedSpans([])).toEqual([]);
    });

    it("are all taken or none", async () => {
      await expect(store.putServed([count(1), count(-1, TUESDAY)], 1)).rejects.toThrow();
      expect(await store.served(WEEK)).toEqual([]);
    });
  });

  describe("counters", () => {
    /** Tickets issued over some hours at two services. */
    beforeEach(async () => {
      for (let hour = 0; hour < 30; hour++) {
        for (const serviceId of ["registry", "passports", "taxes"].slice(0, 1 + (hour % 3))) {
          const place = { ...REGISTRY, serviceId };
          await store.countIssued(place, 1, MONDAY_MS + hour * HOUR_MS, "Europe/Rome");
        }
      }
    });

    const pages = async (by: "hour" | "day", limit: number) => {
      const out = [];
      for (let fromSlot: number | null = null; ; ) {
        const { rows, next } = await store.countRows(by, WEEK, { fromSlot, limit });
        out.push(...rows);
        if (next === null) return out;
        expect(next).toBeGreaterThan(rows.at(-1)?.slot ?? -1);
        fromSlot = next;
      }
    };

    it.each(["hour", "day"] as const)("by %s come in order and whole, whatever the page", async (by) => {
      const all = (await store.countRows(by, WEEK, { fromSlot: null, limit: 10_000 })).rows;
      const keys = all.map((r) => `${String(r.slot).padStart(8, "0")} ${r.serviceId}`);
      expect(keys).toEqual([...keys].sort());
      expect(all.reduce((sum, r) => sum + r.counts.issued, 0)).toBe(60);
      for (const limit of [1, 2, 3, 7, 60]) expect(await pages(by, limit)).toEqual(all);
    });

    it("are those of the local days asked for", async () => {
      expect(await countsOn(store, MONDAY)).toEqual({ issued: 27 });
      expect(await countsOn(store, TUESDAY)).toEqual({ issued: 33 });
      expect(await countsOn(store, "2026-07-08")).toEqual({});
    });

    it("add up over spans of days", async () => {
      const spans = [
        { fromDay: MONDAY, toDay: "2026-07-08" },
        { fromDay: TUESDAY, toDay: "2026-07-08" },
        { fromDay: "2026-08-01", toDay: "2026-09-01" },
        // A whole month, and all but its first day.
        { fromDay: "2026-07-01", toDay: "2026-08-01" },
        { fromDay: "2026-07-02", toDay: "2026-08-01" },
      ];
      const rows = await store.countSpans(spans);
      expect(rows.map((r) => [r.slot, r.serviceId, r.counts.issued])).toEqual([
        [0, "passports", 20],
        [0, "registry", 30],
        [0, "taxes", 10],
        [1, "passports", 11],
        [1, "registry", 16],
        [1, "taxes", 6],
        ...[3, 4].flatMap((span) => [
          [span, "passports", 20],
          [span, "registry", 30],
          [span, "taxes", 10],
        ]),
      ]);
    });

    it("tell their first and last day", async () => {
      expect(await store.votedDays()).toEqual({ first: MONDAY, last: TUESDAY });
    });
  });

  it("has no days before anything was counted", async () => {
    expect(await store.votedDays()).toBeNull();
    expect(await store.lastRecount()).toBeNull();
    expect(await store.recount(WEEK)).toEqual([]);
  });

  it("keeps the result of the last recount", async () => {
    const mismatch = { day: MONDAY, serviceId: "registry", column: "green", counted: 2, recounted: 1 };
    await store.noteRecount({ atMs: 1, days: 3, mismatches: [] });
    await store.noteRecount({ atMs: 2, days: 4, mismatches: [mismatch] });
    expect(await store.lastRecount()).toEqual({ atMs: 2, days: 4, mismatches: [mismatch] });
  });

  it("numbers issuer keys and never gives a number twice", async () => {
    const key = (issuerKeyId: string) => ({
      ...{ issuerKeyId, officeId: "front-office", publicKey: "00".repeat(32) },
      ...{ purpose: "live" as const, createdMs: 5, endsMs: null },
    });
    expect(await store.addIssuerKey(key("one"))).toEqual({ ...key("one"), number: 1 });
    expect(await store.addIssuerKey(key("two"))).toEqual({ ...key("two"), number: 2 });
    await expect(store.addIssuerKey(key("two"))).rejects.toThrow();
    expect((await store.issuerKeys()).map((k) => [k.number, k.issuerKeyId])).toEqual([
      [1, "one"],
      [2, "two"],
    ]);
  });

  it("ends an issuer key at a moment, or earlier, never later again", async () => {
    const key = {
      issuerKeyId: "one",
      officeId: "front-office",
      publicKey: "00".repeat(32),
      purpose: "live",
    } as const;
    await store.addIssuerKey({ ...key, createdMs: 5, endsMs: null });
    const ends = async () => (await store.issuerKeys()).map(({ endsMs }) => endsMs);
    expect(await store.endIssuerKey("one", 100)).toBe(true);
    expect(await store.endIssuerKey("one", 200)).toBe(false);
    expect(await ends()).toEqual([100]);
    expect(await store.endIssuerKey("one", 50)).toBe(true);
    expect(await ends()).toEqual([50]);
    expect(await store.endIssuerKey("nobody", 50)).toBe(false);
  });

  it("keeps tokens by their hash, finds them and revokes them once", async () => {
    const token: TokenRecord = {
      ...{ tokenId: "abcd", name: "monthly report", sha256: "00".repeat(32), scopes: ["reports", "fleet"] },
      ...{ createdMs: 1, expiresMs: 2, revokedMs: null, officeId: null },
    };
    await store.addToken(token);
    await store.addToken({ ...token, tokenId: "bare", scopes: [] });
    expect(await store.tokenById("abcd")).toEqual(token);
    expect(await store.tokenById("bare")).toMatchObject({ scopes: [] });
    expect(await store.tokenById("none")).toBeNull();
    expect(await store.revokeToken("abcd", 9)).toBe(true);
    expect(await store.revokeToken("abcd", 10)).toBe(false);
    expect(await store.tokens()).toEqual([
      { ...token, revokedMs: 9 },
      { ...token, tokenId: "bare", scopes: [] },
    ]);
  });

  describe("terms", () => {
    const gatewayRows = RETENTION.filter((row) => row.holder === "gateway" && row.keptDays !== null).map(
      (row) => row.id,
    );

    /** One of everything that has a term, all of it from one moment. */
    const fill = async (atMs: number) => {
      const totem = testTotem("totem-1");
      await store.registerTotem(totem.record);
      totem.start({ time: trustedTime(atMs) });
      totem.append(voteEntry({ time: trustedTime(atMs) }));
      totem.append({ kind: "mode", mode: "sealed", time: trustedTime(atMs) });
      totem.append({ kind: "vote", more: 1 });
      totem.append(
        refusalsEntry([{ reason: "used", service: null, count: 1 }], untrustedTime(atMs, "boot-9")),
      );
      await store.ingest([verifiedBatch(totem, totem.batch(1, 5), atMs)], [TOWN_HALL]);
      await store.quarantine({
        ...{ pool: "totem-1", totemId: "totem-1", reason: "fork", sha256: "aa" },
        ...{ payload: Buffer.from("x"), receivedMs: atMs },
      });
      for (const startedMs of [1, 2])
        await store.noteReadiness({ ...READINESS, totemId: "totem-1", startedMs }, atMs);
      await store.noteAccess("abcd", "month 2026-07", atMs);
      const deed = { atMs, kind: "account-made", byId: "", byName: "", what: "anna" } as const;
      await store.addAccount(
        {
          ...{ accountId: "anna", name: "anna", role: "viewer", officeId: null, password: null },
          ...{ createdMs: 0, disabledMs: atMs },
        },
        deed,
      );
      const session = { accountId: null, name: "x", scopes: [], officeId: null, seenMs: atMs };
      await store.addSession({ ...session, sha256: "aa", createdMs: atMs }, deed);
      await store.addLink({ sha256: "bb", accountId: null, scopes: [], untilMs: atMs }, null);
      await store.raiseAlarm("forked", "totem-1", "x", atMs);
      await store.clearAlarm("forked", "totem-1", atMs);
      await store.noteRecount({ atMs, days: 1, mismatches: [] });
      await store.keepDayFigures(TUESDAY);
      await store.queueDelivery({
        ...{ key: `alarm ${atMs}`, channel: "mail", subject: "x", body: "x", createdMs: atMs, nextMs: atMs },
      });
      for (const { no } of await store.dueDeliveries(atMs, 10)) await store.noteDelivered(no, atMs);
      await store.addToken({
        ...{ tokenId: "old", name: "x", sha256: "00", scopes: [] },
        ...{ createdMs: 0, expiresMs: atMs, revokedMs: null, officeId: null },
      });
    };

    /** Some rows end with a local day, so their term is over when that day is. */
    const DAILY: readonly RetentionId[] = ["gateway-marks", "gateway-hour-counts", "gateway-watch"];

    it.each(gatewayRows)("of %s: kept until the last day, gone after it, and only that", async (id) => {
      await fill(MONDAY_MS);
      const isDaily = DAILY.includes(id);
      const endMs = (isDaily ? Date.parse(TUESDAY) - 1 : MONDAY_MS) + keptDays(id) * DAY_MS;
      // What has a shorter term goes first.
      await store.enforceRetention(endMs - HOUR_MS);
      expect(await store.enforceRetention(endMs)).toMatchObject({ [id]: 0 });
      expect((await store.enforceRetention(endMs + 1))[id]).toBeGreaterThan(0);
      expect(await store.enforceRetention(endMs + 1)).toMatchObject({ [id]: 0 });
    });

    it("end nothing else: votes, days, statements, watermarks and alarms that still stand are kept", async () => {
      const totem = testTotem("totem-1");
      await store.registerTotem(totem.record);
      totem.start();
      totem.append(voteEntry());
      await store.ingest([verifiedBatch(totem, totem.batch(1, 2))], [TOWN_HALL]);
      await store.raiseAlarm("forked", "totem-1", "x", MONDAY_MS);
      await store.enforceRetention(MONDAY_MS + 5_000 * DAY_MS);
      const { rows } = await store.countRows("day", WEEK, { fromSlot: null, limit: 10 });
      expect(rows).toMatchObject([{ counts: { green: 1 } }]);
      expect(await store.alarms()).toHaveLength(1);
      const [outcome] = await store.ingest([verifiedBatch(totem, totem.batch(1, 2))], [TOWN_HALL]);
      expect(outcome).toMatchObject({ kind: "stored", fresh: 0, watermark: { upTo: 2 } });
      expect(await store.recount(WEEK)).toEqual([]);
      expect(await store.recountTotems()).toEqual([]);
    });

    it("end the alarm about a quarantine with the last of what it held, and no other pool's", async () => {
      const aside = (pool: string, receivedMs: number) => ({
        ...{ pool, totemId: pool, reason: "fork", sha256: `${pool} ${receivedMs}`, receivedMs },
        payload: Buffer.from("x"),
      });
      for (const pool of ["", "totem-1"]) {
        await store.quarantine(aside(pool, MONDAY_MS));
        await store.raiseAlarm("batch-quarantined", pool, "x", MONDAY_MS);
        await store.raiseAlarm("quarantine-full", pool, "x", MONDAY_MS);
      }
      await store.quarantine(aside("totem-1", MONDAY_MS + DAY_MS));
      const endMs = MONDAY_MS + keptDays("gateway-quarantine") * DAY_MS;
      await store.enforceRetention(endMs);
      expect(await store.alarms()).toHaveLength(4);
      await store.enforceRetention(endMs + 1);
      expect((await store.alarms()).map((a) => a.subject)).toEqual(["totem-1", "totem-1"]);
      await store.enforceRetention(endMs + DAY_MS + 1);
      expect(await store.alarms()).toEqual([]);
    });

    it("leave the last readiness report of each totem: it would only be sent again", async () => {
      await fill(MONDAY_MS);
      await store.enforceRetention(MONDAY_MS + 5_000 * DAY_MS);
      expect(await store.readiness("totem-1")).toMatchObject([{ report: { startedMs: 2 } }]);
    });

    it("leave the reason of a malformed entry when its body goes", async () => {
      await fill(MONDAY_MS);
      await store.enforceRetention(MONDAY_MS + 5_000 * DAY_MS);
      expect(await store.knownEpochs("totem-1")).toMatchObject([{ rejected: [{ seq: 4 }] }]);
    });
  });

  it("holds everything when it is closed and opened again", async () => {
    const totem = testTotem("totem-1");
    await store.registerTotem(totem.record);
    totem.start();
    totem.append(voteEntry());
    await store.ingest([verifiedBatch(totem, totem.batch(1, 2))], [TOWN_HALL]);
    const before = [
      await store.checkpoint(),
      await store.knownEpochs("totem-1"),
      await store.totemStatuses(),
    ];
    const again = reopen === null ? store : await reopen();
    expect([
      await again.checkpoint(),
      await again.knownEpochs("totem-1"),
      await again.totemStatuses(),
    ]).toEqual(before);
  });
}
