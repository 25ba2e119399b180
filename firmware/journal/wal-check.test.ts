import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { dataFolder, removeFolders } from "./journal.fixture.ts";
import { isWalDamaged } from "./wal-check.ts";

afterAll(removeFolders);

const FRAME_BYTES = 24 + 4096;

/** A real log: each number is a commit of that many rows, each row wide enough for a page or more of its own. */
function logOf(commits: readonly number[]): { readonly wal: Buffer; readonly path: string } {
  const path = join(dataFolder(), "x.db");
  const database = new Database(path);
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  database.pragma("wal_autocheckpoint = 0");
  database.exec("CREATE TABLE t (n INTEGER PRIMARY KEY, b BLOB) STRICT");
  const put = database.prepare("INSERT INTO t (b) VALUES (randomblob(5000))");
  for (const rows of commits) {
    database.transaction(() => {
      for (let i = 0; i < rows; i++) put.run();
    })();
  }
  const copy = `${path}-copy`;
  copyFileSync(`${path}-wal`, copy);
  database.close();
  return { wal: readFileSync(copy), path };
}

/** Where each commit's last frame ends. */
function commitEnds(wal: Buffer): number[] {
  const ends: number[] = [];
  for (let at = 32; at + FRAME_BYTES <= wal.length; at += FRAME_BYTES) {
    if (wal.readUInt32BE(at + 4) !== 0) ends.push(at + FRAME_BYTES);
  }
  return ends;
}

describe("a write-ahead log", () => {
  it("that is whole, empty or only begun is sound", () => {
    const { wal } = logOf([1, 2, 3]);
    expect(isWalDamaged(wal)).toBe(false);
    expect(isWalDamaged(Buffer.alloc(0))).toBe(false);
    expect(isWalDamaged(wal.subarray(0, 32))).toBe(false);
    expect(isWalDamaged(wal.subarray(0, 20))).toBe(false);
  });

  it("cut off anywhere, as by a power cut, is sound", () => {
    const { wal } = logOf([1, 3, 1, 2]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: wal.length }), (length) => {
        expect(isWalDamaged(wal.subarray(0, length))).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it("torn in its last commit, with any of its sectors not yet written, is sound", () => {
    const { wal } = logOf([1, 1, 4]);
    const lastCommit = commitEnds(wal).at(-2) as number;
    const sectors = Math.ceil(wal.length / 512);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: sectors - 1 }), { minLength: 1 }), (missing) => {
        const torn = Buffer.from(wal);
        for (const sector of missing) {
          const from = Math.max(lastCommit, sector * 512);
          torn.subarray(from, Math.max(from, (sector + 1) * 512)).fill(0);
        }
        expect(isWalDamaged(torn)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it("changed anywhere before its last commit is damaged", () => {
    const { wal } = logOf([1, 3, 1, 2]);
    const lastCommit = commitEnds(wal).at(-2) as number;
    fc.assert(
      fc.property(
        fc.integer({ min: 32, max: lastCommit - 1 }),
        fc.integer({ min: 1, max: 255 }),
        (at, flip) => {
          const damaged = Buffer.from(wal);
          damaged[at] = (damaged[at] as number) ^ flip;
          expect(isWalDamaged(damaged)).toBe(true);
        },
      ),
      { numRuns: 80 },
    );
  });

  it("with a changed header is damaged", () => {
    const { wal } = logOf([1, 1]);
    for (let at = 0; at < 32; at++) {
      const damaged = Buffer.from(wal);
      damaged[at] = (damaged[at] as number) ^ 1;
      expect(isWalDamaged(damaged)).toBe(true);
    }
  });

  it("whose frames of an earlier round still lie behind its end is sound", () => {
    const path = join(dataFolder(), "x.db");
    const database = new Database(path);
    database.pragma("journal_mode = WAL");
    database.pragma("wal_autocheckpoint = 0");
    database.exec("CREATE TABLE t (b BLOB) STRICT");
    const put = database.prepare("INSERT INTO t VALUES (randomblob(5000))");
    for (let i = 0; i < 10; i++) put.run();
    database.pragma("wal_checkpoint(RESTART)");
    put.run();
    const wal = readFileSync(`${path}-wal`);
    // The log was begun anew, over frames that are already in the database.
    expect(wal.length).toBeGreaterThan(32 + 10 * FRAME_BYTES);
    expect(isWalDamaged(wal)).toBe(false);
    database.close();
  });
});
