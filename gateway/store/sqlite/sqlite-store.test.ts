import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DAY_MS } from "#schemas/time.ts";
import {
  freshHex,
  MONDAY_MS,
  TOWN_HALL,
  testTotem,
  verifiedBatch,
  voteEntry,
} from "../../ingest/journal.fixture.ts";
import { MONDAY, WEEK } from "../store.fixture.ts";
import { describeStore } from "../store.suite.ts";
import type { Store } from "../store.ts";
import { openDatabase } from "./open-store.ts";
import { Recount } from "./recount.ts";
import { openSqliteStore } from "./sqlite-store.ts";

describeStore("SQLite in memory", async () => {
  const store = openSqliteStore(":memory:", 0);
  return { store, reopen: null, cleanUp: () => store.close() };
});

describeStore("SQLite in a file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "faccine-store-"));
  const path = join(folder, "gateway.db");
  const stores = [openSqliteStore(path, 0)];
  return {
    store: stores[0] as Store,
    reopen: async () => {
      await stores[0]?.close();
      stores.push(openSqliteStore(path, 0));
      return stores[1] as Store;
    },
    cleanUp: async () => {
      await stores.at(-1)?.close();
      rmSync(folder, { recursive: true });
    },
  };
});

describe("the SQLite store and its file", () => {
  let folder: string;
  let path: string;
  let store: Store;
  let outside: Database.Database;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "faccine-store-"));
    path = join(folder, "gateway.db");
    store = openSqliteStore(path, 0);
    outside = new Database(path);
  });
  afterEach(async () => {
    outside.close();
    await store.close();
    rmSync(folder, { recursive: true });
  });

  const totem = testTotem("totem-1");
  const fill = async (votes = 3) => {
    await store.registerTotem(totem.record);
    totem.start();
    for (let i = 0; i < votes; i++) totem.append(voteEntry());
    await store.ingest([verifiedBatch(totem, totem.batch(1, votes + 1))], [TOWN_HALL]);
  };

  it.each([
    ["a counter of a day", "UPDATE day_count SET green = green + 1", { day: MONDAY, column: "green" }],
    [
      "a counter of an hour",
      "UPDATE hour_count SET green = green - 1",
      { day: MONDAY, column: "green by hour" },
    ],
    [
      "a counter of a month",
      "UPDATE month_count SET issued = 3",
      { day: "2026-07-01", column: "issued by month" },
    ],
    ["a lost month", "DELETE FROM month_count", { day: "2026-07-01", column: "green by month", counted: 0 }],
    [
      "a lost hour",
      "DELETE FROM hour_count WHERE hour = (SELECT min(hour) FROM hour_count)",
      { day: MONDAY },
    ],
    [
      "a counter nobody voted for",
      "UPDATE day_count SET issued = 9",
      { day: MONDAY, column: "issued by hour" },
    ],
    ["a vote that was added", "UPDATE vote SET verdict = 4 WHERE no = 1", { day: MONDAY, column: "green" }],
    ["a vote that is gone", "DELETE FROM vote WHERE no = 1", { day: MONDAY, recounted: 2 }],
    [
      "an entry that is gone",
      "DELETE FROM entry WHERE seq = 2",
      { column: "totem-1: entries", recounted: 3 },
    ],
    ["a totem's sum", "UPDATE totem_count SET received = 9", { column: "totem-1: received", counted: 9 }],
    ["a face in a totem's sums", "UPDATE totem_count SET red = 1", { column: "all totems: red", counted: 1 }],
  ])("finds %s that was tampered with, and repairs nothing", async (_, sql, mismatch) => {
    await fill();
    // A second hour, so that a lost one is not the end of what is kept.
    await store.countIssued(
      { siteId: "town-hall", officeId: "front-office", serviceId: "registry" },
      ...([1, MONDAY_MS - 3_600_000, "Europe/Rome"] as const),
    );
    outside.exec(sql);
    const found = [...(await store.recount(WEEK)), ...(await store.recountTotems())];
    expect(found).toContainEqual(expect.objectContaining(mismatch));
    expect([...(await store.recount(WEEK)), ...(await store.recountTotems())]).toEqual(found);
  });

  it.each([
    "UPDATE access SET what = ''",
    "DELETE FROM access",
    "UPDATE access_term SET before_ms = -1",
    "DELETE FROM access_term",
  ])("refuses %s: the log of accesses is only added to, and its term moves forward only", async (sql) => {
    await store.noteAccess("abcd", "month 2026-07", 0);
    expect(() => outside.exec(sql)).toThrow("the log of accesses");
    expect(await store.deeds({ beforeNo: null, limit: 9 })).toMatchObject([{ what: "month 2026-07" }]);
  });

  it("copies accounts and the log into a backup, and no session or link: put back, it opens nothing again", async () => {
    const account = {
      accountId: "a",
      name: "anna",
      role: "admin",
      officeId: null,
      password: "$kept",
    } as const;
    const deed = { atMs: 0, kind: "account-made", byId: "", byName: "", what: "anna" } as const;
    await store.addAccount({ ...account, createdMs: 0, disabledMs: null }, deed);
    const session = { accountId: "a", name: "anna", scopes: [], officeId: null, createdMs: 0, seenMs: 0 };
    await store.addSession({ ...session, sha256: "aa" }, deed);
    await store.addLink({ sha256: "bb", accountId: "a", scopes: [], untilMs: 9 }, null);
    const backup = join(folder, "backup.db");
    await store.copyTo(backup, null, 0);
    const copy = openSqliteStore(backup, 0);
    expect([await copy.sessionBy("aa"), await copy.linkBy("bb")]).toEqual([null, null]);
    expect([(await copy.accounts()).length, (await copy.deeds({ beforeNo: null, limit: 9 })).length]).toEqual(
      [1, 2],
    );
    await copy.close();
  });

  it("keeps nothing of an account whose entry in the log cannot be written", async () => {
    outside.exec(
      "CREATE TRIGGER fault BEFORE INSERT ON access BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
    );
    const account = { accountId: "a", name: "anna", role: "admin", officeId: null, password: null } as const;
    const deed = { atMs: 0, kind: "account-made", byId: "", byName: "", what: "" } as const;
    await expect(store.addAccount({ ...account, createdMs: 0, disabledMs: null }, deed)).rejects.toThrow(
      "disk is full",
    );
    expect(await store.accounts()).toEqual([]);
  });

  it("finds nothing wrong when votes are stored in the middle of a recount by another process", async () => {
    await fill();
    const database = openDatabase(path, 0);
    let isStored = false;
    const storeMore = () => {
      if (!isStored) {
        isStored = true;
        totem.append(voteEntry());
        void store.ingest([verifiedBatch(totem, totem.batch(5, 5))], [TOWN_HALL]);
      }
      return 1;
    };
    database.function("meanwhile", storeMore);
    // Votes are read first, and while they are read one more is stored together with its counters.
    database.exec("CREATE TEMP VIEW vote AS SELECT * FROM main.vote WHERE meanwhile() = 1");
    const recount = new Recount(database);
    expect(await recount.days(WEEK)).toEqual([]);
    expect(isStored).toBe(true);
    expect(await recount.days(WEEK)).toEqual([]);
    database.close();
  });

  it.each([
    "entry",
    "vote",
    "mark",
    "hour_count",
    "day_count",
    "month_count",
    "totem_count",
    "batch",
    "audit",
    "place",
    "boot",
  ])("keeps nothing of a transaction that fails at %s, and goes on afterwards", async (table) => {
    await fill(1);
    const before = [
      await store.totemStatuses(),
      await store.checkpoint(),
      await store.knownEpochs("totem-1"),
    ];
    const next = testTotem("totem-2");
    await store.registerTotem(next.record);
    next.start();
    const service = `new-${table.replace("_", "-")}`;
    next.append(voteEntry({ service }));
    const [old, fresh] = [before, verifiedBatch(next, next.batch(1, 2))];
    outside.exec(
      `CREATE TRIGGER fault BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ABORT, 'the disk is full'); END`,
    );
    await expect(store.ingest([fresh], [TOWN_HALL])).rejects.toThrow("the disk is full");
    expect([
      (await store.totemStatuses()).filter((t) => t.totemId === "totem-1"),
      await store.checkpoint(),
      await store.knownEpochs("totem-1"),
    ]).toEqual(old);
    outside.exec("DROP TRIGGER fault");
    expect(await store.ingest([fresh], [TOWN_HALL])).toMatchObject([{ kind: "stored", fresh: 2 }]);
    expect([...(await store.recount(WEEK)), ...(await store.recountTotems())]).toEqual([]);
    const { rows } = await store.countRows("day", WEEK, { fromSlot: null, limit: 10 });
    expect(rows.map((r) => r.serviceId)).toEqual([service, "registry"]);
  });

  it("commits to the disk before it says so", () => {
    // The store's own connection refuses to open with anything less; this one shows what the file says.
    expect(outside.pragma("journal_mode", { simple: true })).toBe("wal");
    expect(readFileSync(path).subarray(0, 15).toString()).toBe("SQLite format 3");
  });

  it("keeps statements for ever, and forgets what a totem reported otherwise", async () => {
    await store.registerTotem(totem.record);
    totem.start();
    const time = { wallMs: MONDAY_MS, monotonicUs: 1, bootId: "boot-1", clock: "trusted" } as const;
    totem.append({ kind: "mode", mode: "live", time });
    totem.append({
      ...{ kind: "statement", time, day: MONDAY, epochs: [], counts: [], refusals: [] },
      ...{ uptimeMinutes: 600, checkpoint: null, seed: freshHex(32), signature: freshHex(64) },
    });
    await store.ingest([verifiedBatch(totem, totem.batch(1, 3))], [TOWN_HALL]);
    await store.enforceRetention(MONDAY_MS + 5_000 * DAY_MS);
    expect(outside.prepare("SELECT body FROM totem_event").all()).toEqual([]);
    const bodies = outside.prepare<[], { body: string }>("SELECT body FROM statement").all();
    expect(bodies.map(({ body }) => (JSON.parse(body) as { kind: string }).kind)).toEqual(["statement"]);
  });

  it("forgets old marks from the first to the last, and no others", async () => {
    const put = outside.prepare<[Buffer, number]>("INSERT INTO mark VALUES (?, ?)");
    const stretches = [0, 1, 127, 254, 255].map((byte) => Buffer.alloc(16, byte));
    const [old, fresh] = [0, 5_000];
    for (const mark of stretches) put.run(mark, old);
    for (const mark of stretches) put.run(Buffer.concat([mark.subarray(0, 15), Buffer.of(99)]), fresh);
    expect(await store.enforceRetention(5_000 * DAY_MS)).toMatchObject({ "gateway-marks": 5 });
    expect(outside.prepare("SELECT DISTINCT day FROM mark").all()).toEqual([{ day: fresh }]);
    expect(outside.prepare("SELECT count(*) AS marks FROM mark").get()).toEqual({ marks: 5 });
  });

  it("overwrites what it deletes", async () => {
    const secret = "RSSMRA80A01H501U-in-quarantine";
    await store.quarantine({
      ...{ pool: "", totemId: "x", reason: "not-json", sha256: "aa" },
      ...{ payload: Buffer.from(secret), receivedMs: 0 },
    });
    outside.pragma("wal_checkpoint(TRUNCATE)");
    expect(readFileSync(path).includes(secret)).toBe(true);
    await store.enforceRetention(5_000 * DAY_MS);
    outside.pragma("wal_checkpoint(TRUNCATE)");
    expect(readFileSync(path).includes(secret)).toBe(false);
  });

  it("refuses a file that a newer gateway wrote", async () => {
    outside.exec("INSERT INTO migration VALUES ('9999-later.sql', 'x', 0)");
    expect(() => openSqliteStore(path, 0)).toThrow(`${path}: `);
    expect(() => openSqliteStore(path, 0)).toThrow("9999-later.sql");
  });

  it("refuses a damaged file by its name, and leaves it as it is", () => {
    const damaged = join(folder, "damaged.db");
    writeFileSync(damaged, "no database at all ".repeat(500));
    const before = readFileSync(damaged);
    expect(() => openSqliteStore(damaged, 0)).toThrow(`${damaged}: file is not a database`);
    expect(readFileSync(damaged).equals(before)).toBe(true);
  });

  it("lets no other user read its files, also in a folder and a file that everybody could read", async () => {
    const open = join(folder, "open");
    mkdirSync(open, { mode: 0o755 });
    const file = join(open, "gateway.db");
    writeFileSync(file, "", { mode: 0o644 });
    const another = openSqliteStore(file, 0);
    await another.registerTotem(totem.record);
    const rights = readdirSync(open).map((name) => [name, statSync(join(open, name)).mode & 0o777]);
    await another.close();
    expect(rights).toEqual([
      ["gateway.db", 0o600],
      ["gateway.db-shm", 0o600],
      ["gateway.db-wal", 0o600],
    ]);
  });
});
