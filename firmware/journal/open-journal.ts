/**
 * Opens the journal of a totem after checking everything that could make its promise empty: SQLite's version, its
 * real durability setting, the file's integrity. A damaged file is set aside and reported, never deleted.
 */
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import Database from "better-sqlite3";
import type { SigningKey } from "#schemas/signature.ts";
import { migrationsIn, prepareDatabase } from "#schemas/sqlite.ts";
import { JournalFile } from "./journal-file.ts";

/** How long a commit waits for a reader of another process, the self-test's say, before it fails. */
const BUSY_MS = 2_000;

/** Pages of WAL before a checkpoint: small, so that a start after a power cut has little to replay. */
const CHECKPOINT_PAGES = 256;

export type OpenedJournal = {
  readonly journal: JournalFile;
  /** Where a damaged file was set aside, or null. */
  readonly setAside: string | null;
  readonly sqliteVersion: string;
};

/**
 * Opens or creates `<dataDir>/journal.db`.
 * @throws when SQLite is too old, the durability setting does not hold or the file is newer than this program.
 */
export function openJournal(options: {
  readonly dataDir: string;
  readonly totemId: string;
  readonly epoch: string;
  readonly key: SigningKey;
  readonly nowMs: number;
}): OpenedJournal {
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const path = join(options.dataDir, "journal.db");
  let database = openIfSound(path);
  const setAside = database === null ? moveAside(path) : null;
  database ??= openDatabase(path);
  const sqliteVersion = prepareDatabase(database, journalMigrations(), options.nowMs);
  return { journal: new JournalFile({ database, ...options }), setAside, sqliteVersion };
}

/** The journal's migrations, in order. */
export function journalMigrations() {
  return migrationsIn(join(import.meta.dirname, "migrations"));
}

function openIfSound(path: string): Database.Database | null {
  let database: Database.Database | null = null;
  try {
    database = openDatabase(path);
    const [row] = database.pragma("quick_check(1)") as { quick_check: string }[];
    if (row?.quick_check === "ok") return database;
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  database?.close();
  return null;
}

function openDatabase(path: string): Database.Database {
  const database = new Database(path, { timeout: BUSY_MS });
  database.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  return database;
}

function isDamage(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return typeof code === "string" && /^SQLITE_(CORRUPT|NOTADB)/.test(code);
}

/** Moves the database with its WAL into a numbered folder beside it, for whoever will try to recover it. */
function moveAside(path: string): string {
  const folder = dirname(path);
  let number = 1;
  while (existsSync(join(folder, `damaged-${number}`))) number += 1;
  const aside = join(folder, `damaged-${number}`);
  mkdirSync(aside, { mode: 0o700 });
  for (const suffix of ["", "-wal", "-shm"]) {
    const file = path + suffix;
    if (existsSync(file)) renameSync(file, join(aside, basename(file)));
  }
  return aside;
}
