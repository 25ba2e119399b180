import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addDays } from "#schemas/local-day.ts";
import { DAY_MS } from "#schemas/time.ts";
import { ensureKeyFile } from "../access/key-files.ts";
import {
  MONDAY_MS,
  type TestTotem,
  TOWN_HALL,
  testTotem,
  trustedTime,
  verifiedBatch,
  voteEntry,
} from "../ingest/journal.fixture.ts";
import { copyProblem } from "../store/sqlite/database-copy.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import { MONDAY, TUESDAY, total, WEEK } from "../store/store.fixture.ts";
import type { Store } from "../store/store.ts";
import { backupsIn, DATABASE_FILE, makeBackup, readBackup } from "./backup-files.ts";
import { backUp } from "./nightly-backup.ts";
import { restoreBackup } from "./restore.ts";

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

let folder = "";
let nowMs = 0;
let store: Store;
let totem: TestTotem;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "faccine-backup-"));
  nowMs = MONDAY_MS + 2 * DAY_MS;
  store = openSqliteStore(join(dataDir(), DATABASE_FILE), nowMs);
  totem = testTotem("totem-1");
  await store.registerTotem(totem.record);
  totem.start();
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const how = (stamp: string) => ({ stamp, problemOf: copyProblem });
const dataDir = () => join(folder, "data");
const settings = (keep = 7) => ({ dataDir: dataDir(), backup: { folder: join(folder, "backups"), keep } });
const make = (closeThrough: string | null = null, keep = 7) =>
  makeBackup({ settings: settings(keep), store, nowMs: () => nowMs }, closeThrough);
const send = async (to: Store, first: number, last: number) => {
  await to.ingest([verifiedBatch(totem, totem.batch(first, last))], [TOWN_HALL]);
};
/** Votes of Monday and Tuesday. @returns the last entry's number. */
function vote(count: number, mark?: string): number {
  let last = 0;
  for (let n = 0; n < count; n++) {
    const time = trustedTime(MONDAY_MS + (n % 2) * DAY_MS);
    last = totem.append(voteEntry({ time, ...(mark === undefined ? {} : { mark }) }));
  }
  return last;
}

describe("a backup", () => {
  it("is whole, private, and read back before anybody relies on it", async () => {
    ensureKeyFile(dataDir(), "gateway");
    writeFileSync(join(dataDir(), "keys", "day-keys.json"), "{}");
    await send(store, 1, vote(4));
    const made = await make(MONDAY);
    expect(await readBackup(made)).toMatchObject({
      ok: true,
      value: { closedThrough: MONDAY, madeMs: nowMs },
    });
    expect(readdirSync(join(made, "keys"))).toEqual(["gateway.key"]);
    for (const name of [DATABASE_FILE, "backup.json", "keys/gateway.key"])
      expect((statSync(join(made, name)).mode & 0o077).toString(8), name).toBe("0");
    expect(readdirSync(made).toSorted()).toEqual(["backup.json", DATABASE_FILE, "keys"]);
    // The day is closed in the copy only.
    expect(await store.closedThrough()).toBeNull();
  });

  it("holds of all votes counts by the hour, of open days too, and no place of an entry that was one", async () => {
    const mark = "d7".repeat(16);
    const id = "e9".repeat(16);
    const last = totem.append(voteEntry({ mark, id, time: trustedTime(MONDAY_MS + DAY_MS) }));
    await send(store, 1, last);
    const copied = readFileSync(join(await make(MONDAY), DATABASE_FILE));
    // The bare mark stays to know a second vote by; what would join it to its vote is gone.
    expect(copied.includes(Buffer.from(mark, "hex"))).toBe(true);
    expect(copied.includes(Buffer.from(id, "hex"))).toBe(false);
    expect(copied.includes(id)).toBe(false);
    const again = openSqliteStore(join(await make(MONDAY), DATABASE_FILE), nowMs);
    expect(await again.held()).toContainEqual({ id: "gateway-votes", rows: 0, oldestDay: null });
    expect(await again.held()).toContainEqual({ id: "gateway-batches", rows: 0, oldestDay: null });
    expect(await total(again)).toMatchObject({ received: 1, accepted: 1 });
    expect(await again.recount(WEEK)).toEqual([]);
    await again.close();
  });

  it("of the same day takes the place of the one before, and the oldest goes beyond as many as are kept", async () => {
    for (let day = 0; day < 4; day++) {
      await make(null, 3);
      await make(null, 3);
      nowMs += DAY_MS;
    }
    expect(backupsIn(settings().backup.folder).map((path) => path.slice(-10))).toEqual(
      [3, 2, 1].map((days) => addDays(MONDAY, 2 + days)),
    );
  });

  it("that was cut off is destroyed by the next one, unless its process still makes it", async () => {
    const [cutOff, underWay] = ["4194305", String(process.ppid)].map((pid) => {
      const draft = join(settings().backup.folder, `unfinished-${pid}`);
      mkdirSync(join(draft, "keys"), { recursive: true });
      writeFileSync(join(draft, `${DATABASE_FILE}.draft`), "votes");
      return draft;
    });
    const handle = openSync(join(cutOff ?? "", `${DATABASE_FILE}.draft`), "r");
    await make();
    expect(existsSync(cutOff ?? "")).toBe(false);
    expect(readFileSync(handle)).toEqual(Buffer.alloc(5));
    closeSync(handle);
    expect(existsSync(underWay ?? "")).toBe(true);
  });

  it("that cannot be made is an alarm, until one is", async () => {
    mkdirSync(settings().backup.folder, { recursive: true });
    const file = join(settings().backup.folder, "a-file");
    writeFileSync(file, "in the way");
    const blocked = { ...settings(), backup: { folder: file, keep: 7 } };
    const parts = { store, log: quiet, nowMs: () => nowMs };
    await expect(backUp({ ...parts, settings: blocked }, MONDAY)).rejects.toThrow("days stay open");
    expect(await store.alarms()).toMatchObject([{ code: "backup-failed", subject: "" }]);
    await backUp({ ...parts, settings: settings() }, MONDAY);
    expect(await store.alarms()).toEqual([]);
  });

  it("put back, takes up where it was: totems send what it lacks, each vote counts once, and sums hold", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 20 }),
        fc.boolean(),
        async (before, after, isClosed) => {
          const first = (totem.epochs.at(-1)?.last ?? 1) + 1;
          const middle = vote(before);
          // One ticket before and after.
          const last = vote(1, "ab".repeat(16)) + after;
          vote(after, "ab".repeat(16));
          await send(store, first === 2 ? 1 : first, middle + 1);
          const made = await make(isClosed ? MONDAY : null);
          const target = mkdtempSync(join(folder, "restored-"));
          expect(await restoreBackup(made, target, how("before"))).toMatchObject({
            ok: true,
            value: { setAside: [] },
          });
          const restored = openSqliteStore(join(target, DATABASE_FILE), nowMs);
          for (const one of [store, restored]) await send(one, first === 2 ? 1 : first, last);
          for (const one of [store, restored]) {
            await one.closeThrough(TUESDAY, nowMs);
            expect(await one.recount(WEEK)).toEqual([]);
            expect(await one.recountTotems()).toEqual([]);
          }
          const { late, accepted, ...rest } = await total(restored);
          const live = await total(store);
          expect(rest).toEqual({
            ...rest,
            conflict: live.conflict,
            green: live.green,
            received: live.received,
          });
          expect(accepted + late).toBe(live.accepted + live.late);
          await restored.close();
        },
      ),
      { numRuns: 15 },
    );
  });
});

describe("putting a backup back", () => {
  it("sets aside what is there, and leaves keys that are the same", async () => {
    ensureKeyFile(dataDir(), "gateway");
    const made = await make();
    const key = readFileSync(join(dataDir(), "keys", "gateway.key"), "utf8");
    const target = join(folder, "other");
    ensureKeyFile(target, "gateway");
    writeFileSync(join(target, DATABASE_FILE), "another");
    writeFileSync(join(target, `${DATABASE_FILE}-wal`), "its log");
    const restored = await restoreBackup(made, target, how("before-x"));
    expect(restored.ok ? restored.value.setAside.length : restored.problem).toBe(3);
    expect(readFileSync(join(target, "keys", "gateway.key"), "utf8")).toBe(key);
    expect(readFileSync(join(target, `${DATABASE_FILE}.before-x`), "utf8")).toBe("another");
    const again = await restoreBackup(made, target, how("before-y"));
    expect(again.ok ? again.value.setAside : again.problem).toEqual([
      join(target, `${DATABASE_FILE}.before-y`),
    ]);
  });

  it("changes nothing when any byte of it is another, or it is no backup", async () => {
    await send(store, 1, vote(4));
    const made = await make();
    const target = join(folder, "other");
    const file = join(made, DATABASE_FILE);
    const bytes = readFileSync(file);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), async (at) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ 1;
        writeFileSync(file, changed);
        const restored = await restoreBackup(made, target, how("x"));
        expect(restored.ok ? "" : restored.problem).toContain(`${file} is not what was saved`);
      }),
      { numRuns: 20 },
    );
    rmSync(file);
    expect(await restoreBackup(made, target, how("x"))).toMatchObject({ problem: `${file}: no such file` });
    writeFileSync(join(made, "backup.json"), "{}");
    expect((await restoreBackup(made, target, how("x"))).ok).toBe(false);
    expect(await restoreBackup(folder, target, how("x"))).toMatchObject({
      problem: expect.stringContaining("name the folder of one backup"),
    });
    expect(() => statSync(target)).toThrow("ENOENT");
  });
});
