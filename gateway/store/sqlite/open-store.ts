/**
 * Opens the gateway's SQLite database. Refuses a file it cannot trust.
 */
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { keepPrivate, migrationsIn, prepareDatabase } from "#schemas/sqlite.ts";

/** How long a write waits for another process, a backup or an administrator's command, before it fails. */
const BUSY_MS = 10_000;
/** Page cache: the pages a drain writes between two commits, well inside the memory goal; the system caches the rest. */
const CACHE_KIB = 16_384;

/**
 * Pages of WAL before a checkpoint: 32 MiB. Moving pages into the database interrupts the commits; with SQLite's own 4 MiB
 * a draining backlog stored little more than half as many votes a second.
 */
const CHECKPOINT_PAGES = 8_192;

/** Opens or creates the database. @throws when it would not be durable, is damaged or newer than this program. */
export function openDatabase(path: string, nowMs: number): Database.Database {
  if (path === ":memory:") return opened(path, nowMs);
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    keepPrivate(path);
    return opened(path, nowMs);
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

function opened(path: string, nowMs: number): Database.Database {
  const database = new Database(path, { timeout: BUSY_MS });
  try {
    database.pragma(`cache_size = -${CACHE_KIB}`);
    database.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    prepareDatabase(database, storeMigrations(), nowMs);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The store's migrations, in order. */
function storeMigrations() {
  return migrationsIn(join(import.meta.dirname, "migrations"));
}
