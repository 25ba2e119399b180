/**
 * What the totem's journal and the gateway's store ask of SQLite alike: durable commits, a version that keeps them,
 * STRICT tables, forward-only migrations. Handed a database, opens none.
 * A fielded totem holds votes nobody else has: a migration adds and converts, it never drops and recreates, and a
 * database newer than the program is refused instead of touched.
 */
import { chmodSync, closeSync, mkdirSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { textHash } from "./chain.ts";
import { fail, ok, type Result } from "./result.ts";

/** The part of better-sqlite3's database that this file needs. */
export type PlainDatabase = {
  exec(sql: string): unknown;
  pragma(source: string, options?: { simple?: boolean }): unknown;
  prepare(sql: string): { all(...values: unknown[]): unknown[]; run(...values: unknown[]): unknown };
  transaction<T>(work: () => T): { immediate(): T };
};

/** One numbered step; `name` is its file's name, whose number gives the order. */
export type Migration = { readonly name: string; readonly sql: string };

export type MigrationProblem =
  | { readonly kind: "newer-database"; readonly names: readonly string[] }
  | { readonly kind: "changed-migration"; readonly name: string };

/** First SQLite without the race that could lose commits when a WAL is reset (sqlite.org/changes.html). */
const SQLITE_FLOOR = [3, 51, 3] as const;

/** SQLite's number for `synchronous=FULL`. */
const SYNCHRONOUS_FULL = 2;

/**
 * Makes a database fit to keep a promise: WAL with FULL, read back; migrated; every table STRICT.
 * @returns SQLite's version. @throws when any of it does not hold: then nothing may be promised.
 */
export function prepareDatabase(
  database: PlainDatabase,
  migrations: readonly Migration[],
  nowMs: number,
): string {
  database.pragma("journal_mode = WAL");
  // better-sqlite3 is built with NORMAL as WAL's default: commits would return before they are on the disk.
  database.pragma("synchronous = FULL");
  database.pragma("foreign_keys = ON");
  // What is deleted is overwritten: a closed day must not be read back from free pages.
  database.pragma("secure_delete = ON");
  requireDurable(database);
  const version = requireVersion(database);
  const migrated = migrate(database, migrations, nowMs);
  if (!migrated.ok) throw new Error(`the database cannot be used: ${JSON.stringify(migrated.problem)}`);
  const loose = looseTables(database);
  if (loose.length > 0) throw new Error(`tables are not STRICT: ${loose.join(", ")}`);
  return version;
}

/**
 * Makes a database file readable by its owner only, creating it when there is none: until their day is closed votes lie
 * in it beside their tickets' marks, and other users of the machine have no business there, whatever the folder allows.
 */
export function keepPrivate(path: string): void {
  closeSync(openSync(path, "a", 0o600));
  // SQLite gives the files beside it the same rights.
  chmodSync(path, 0o600);
}

/** The file by which a program holds its data folder. */
const HOLD_FILE = "in-use.db";

/**
 * Holds a data folder by an exclusive transaction that lasts as long as the database stays open: the kernel ends it with
 * the process, however that dies. Two totems on one journal would each write what the other never sends.
 * @param open opens the database at a path.
 * @returns what gives the folder back. @throws in words for the terminal when another process holds it.
 */
export function holdFolder<T extends PlainDatabase & { close(): unknown }>(
  folder: string,
  open: (path: string) => T,
): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, HOLD_FILE);
  keepPrivate(path);
  const database = open(path);
  try {
    database.pragma("locking_mode = EXCLUSIVE");
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (!String((error as { code?: unknown }).code).startsWith("SQLITE_BUSY")) throw error;
    throw new Error(
      `${folder} is in use by a program that runs already: end it first, or use another folder`,
    );
  }
  return () => {
    database.close();
  };
}

/** Reads the durability setting back. @throws when a commit could return before it is on the disk. */
export function requireDurable(database: PlainDatabase): void {
  const synchronous = database.pragma("synchronous", { simple: true });
  const mode = database.pragma("journal_mode", { simple: true });
  // A database in memory has no WAL; nobody expects it to survive.
  if (synchronous !== SYNCHRONOUS_FULL || (mode !== "wal" && mode !== "memory")) {
    throw new Error(`commits would not be durable: journal_mode=${mode}, synchronous=${synchronous}`);
  }
}

/** True when a dotted version is below the floor. */
export function isOlder(version: string, floor: readonly number[]): boolean {
  const parts = version.split(".").map(Number);
  for (const [index, least] of floor.entries()) {
    const part = parts[index] ?? 0;
    if (part !== least) return part < least;
  }
  return false;
}

/** The `*.sql` files of a folder, in the order of their numbers. */
export function migrationsIn(folder: string): readonly Migration[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort()
    .map((name) => ({ name, sql: readFileSync(join(folder, name), "utf8") }));
}

/** Applies what is missing, each step in one transaction; returns the names applied. */
export function migrate(
  database: PlainDatabase,
  migrations: readonly Migration[],
  atMs: number,
): Result<readonly string[], MigrationProblem> {
  database.exec(
    "CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, applied_ms INTEGER NOT NULL) STRICT",
  );
  const done = new Map(
    (database.prepare("SELECT name, sha256 FROM migration").all() as { name: string; sha256: string }[]).map(
      (row) => [row.name, row.sha256],
    ),
  );
  const unknown = [...done.keys()].filter((name) => !migrations.some((m) => m.name === name));
  if (unknown.length > 0) return fail({ kind: "newer-database", names: unknown });
  const applied: string[] = [];
  for (const { name, sql } of migrations) {
    const sha256 = textHash(sql).toString("hex");
    const before = done.get(name);
    if (before !== undefined && before !== sha256) return fail({ kind: "changed-migration", name });
    if (before !== undefined) continue;
    database
      .transaction(() => {
        database.exec(sql);
        database.prepare("INSERT INTO migration VALUES (?, ?, ?)").run(name, sha256, atMs);
      })
      .immediate();
    applied.push(name);
  }
  return ok(applied);
}

/** The tables that break the house's rule: every table is STRICT, so that a column holds what it says. */
export function looseTables(database: PlainDatabase): readonly string[] {
  const rows = database.prepare("PRAGMA table_list").all() as {
    schema: string;
    name: string;
    type: string;
    strict: number;
  }[];
  return rows
    .filter(
      (r) => r.schema === "main" && r.type === "table" && r.strict === 0 && !r.name.startsWith("sqlite_"),
    )
    .map((r) => r.name);
}

function requireVersion(database: PlainDatabase): string {
  const [row] = database.prepare("SELECT sqlite_version() AS version").all() as { version: string }[];
  const version = row?.version ?? "0";
  if (!isOlder(version, SQLITE_FLOOR)) return version;
  throw new Error(`SQLite ${version} can lose commits; ${SQLITE_FLOOR.join(".")} or newer is needed`);
}
