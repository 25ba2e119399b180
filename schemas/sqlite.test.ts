import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, describe, expect, it } from "vitest";
import {
  isOlder,
  looseTables,
  type Migration,
  migrate,
  migrationsIn,
  type PlainDatabase,
  prepareDatabase,
  requireDurable,
} from "./sqlite.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "faccine-sqlite-"));
afterAll(() => rmSync(FOLDER, { recursive: true }));

let files = 0;
const freshFile = () => join(FOLDER, `${++files}.db`);

const FIRST: Migration = {
  name: "0001-a.sql",
  sql: "CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (1)",
};
const SECOND: Migration = { name: "0002-b.sql", sql: "CREATE TABLE b (y TEXT NOT NULL) STRICT" };

describe("a database of ours", () => {
  it("commits to the disk, overwrites what it deletes and keeps its foreign keys, and reads all that back", () => {
    const database = new Database(freshFile());
    const version = prepareDatabase(database, [FIRST], 0);
    expect(version).toMatch(/^3\.\d+\.\d+$/);
    expect(database.pragma("synchronous", { simple: true })).toBe(2);
    expect(database.pragma("journal_mode", { simple: true })).toBe("wal");
    expect(database.pragma("secure_delete", { simple: true })).toBe(1);
    expect(database.pragma("foreign_keys", { simple: true })).toBe(1);
    database.close();
  });

  it.each(["NORMAL", "OFF"])("with synchronous=%s is refused: its commits could be lost", (level) => {
    const database = new Database(freshFile());
    database.pragma("journal_mode = WAL");
    database.pragma(`synchronous = ${level}`);
    expect(() => requireDurable(database)).toThrow(/not be durable/);
    database.close();
  });

  it("without a write-ahead log is refused", () => {
    const database = new Database(freshFile());
    database.pragma("journal_mode = DELETE");
    database.pragma("synchronous = FULL");
    expect(() => requireDurable(database)).toThrow(/journal_mode=delete/);
    database.close();
  });

  it("with a table that is not STRICT is refused, by the table's name", () => {
    const database = new Database(freshFile());
    const loose = {
      name: "0001-loose.sql",
      sql: "CREATE TABLE loose (x INTEGER); CREATE TABLE tight (x INTEGER) STRICT",
    };
    expect(() => prepareDatabase(database, [loose], 0)).toThrow("tables are not STRICT: loose");
    expect(looseTables(database)).toEqual(["loose"]);
    database.close();
  });

  it("under an SQLite that can lose commits is refused", () => {
    const database = new Database(":memory:");
    const old: PlainDatabase = {
      exec: (sql) => database.exec(sql),
      pragma: (source, options) => database.pragma(source, options),
      prepare: (sql) =>
        sql.includes("sqlite_version")
          ? database.prepare("SELECT '3.51.2' AS version")
          : database.prepare(sql),
      transaction: (work) => database.transaction(work),
    };
    expect(() => prepareDatabase(old, [], 0)).toThrow(/SQLite 3\.51\.2 can lose commits; 3\.51\.3/);
    database.close();
  });
});

describe("a dotted version", () => {
  it.each([
    ["3.51.2", true],
    ["3.51.3", false],
    ["3.51.10", false],
    ["3.52.0", false],
    ["4.0", false],
    ["3.9.9", true],
    ["2", true],
    ["3.51", true],
  ])("%s is below the floor 3.51.3: %s", (version, older) => {
    expect(isOlder(version, [3, 51, 3])).toBe(older);
  });
});

describe("migrations", () => {
  const rows = (database: PlainDatabase, sql: string) => database.prepare(sql).all();

  it("are applied once, in order, each noted with its time", () => {
    const file = freshFile();
    const database = new Database(file);
    expect(migrate(database, [FIRST], 5)).toEqual({ ok: true, value: ["0001-a.sql"] });
    expect(migrate(database, [FIRST, SECOND], 6)).toEqual({ ok: true, value: ["0002-b.sql"] });
    database.close();
    const again = new Database(file);
    expect(migrate(again, [FIRST, SECOND], 7)).toEqual({ ok: true, value: [] });
    expect(rows(again, "SELECT name, applied_ms FROM migration ORDER BY name")).toEqual([
      { name: "0001-a.sql", applied_ms: 5 },
      { name: "0002-b.sql", applied_ms: 6 },
    ]);
    expect(rows(again, "SELECT x FROM a")).toEqual([{ x: 1 }]);
    again.close();
  });

  it("that were changed after they were applied are refused, and nothing is touched", () => {
    const database = new Database(":memory:");
    migrate(database, [FIRST], 0);
    const edited = { ...FIRST, sql: "DROP TABLE a" };
    expect(migrate(database, [edited, SECOND], 1)).toEqual({
      ok: false,
      problem: { kind: "changed-migration", name: "0001-a.sql" },
    });
    expect(rows(database, "SELECT x FROM a")).toEqual([{ x: 1 }]);
    expect(rows(database, "SELECT name FROM sqlite_schema WHERE name = 'b'")).toEqual([]);
    database.close();
  });

  it("that this program does not know mean a newer database, which is refused untouched", () => {
    const database = new Database(":memory:");
    migrate(database, [FIRST, SECOND], 0);
    expect(migrate(database, [FIRST], 1)).toEqual({
      ok: false,
      problem: { kind: "newer-database", names: ["0002-b.sql"] },
    });
    expect(() => prepareDatabase(database, [FIRST], 1)).toThrow(/newer-database/);
    database.close();
  });

  it("that fail half-way leave nothing behind", () => {
    const database = new Database(":memory:");
    const broken = {
      name: "0002-b.sql",
      sql: "CREATE TABLE b (y TEXT) STRICT; INSERT INTO nowhere VALUES (1)",
    };
    expect(() => migrate(database, [FIRST, broken], 0)).toThrow(/nowhere/);
    expect(rows(database, "SELECT name FROM migration")).toEqual([{ name: "0001-a.sql" }]);
    expect(rows(database, "SELECT name FROM sqlite_schema WHERE name = 'b'")).toEqual([]);
    expect(migrate(database, [FIRST, SECOND], 1)).toEqual({ ok: true, value: ["0002-b.sql"] });
    database.close();
  });

  it("are the numbered SQL files of a folder, in the order of their numbers", () => {
    const folder = mkdtempSync(join(FOLDER, "migrations-"));
    writeFileSync(join(folder, "0002-b.sql"), SECOND.sql);
    writeFileSync(join(folder, "0001-a.sql"), FIRST.sql);
    writeFileSync(join(folder, "notes.txt"), "no migration");
    expect(migrationsIn(folder)).toEqual([FIRST, SECOND]);
  });
});
