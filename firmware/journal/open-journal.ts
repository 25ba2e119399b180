/**
 * Opens the journal of a totem after checking everything that could make its promise empty: SQLite's version, its
 * real durability setting, the integrity of file, log and chain. A damaged file is set aside and reported, never
 * deleted; what can still be read of it is carried over.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import Database from "better-sqlite3";
import type { SigningKey } from "#schemas/signature.ts";
import { keepPrivate, migrationsIn, prepareDatabase } from "#schemas/sqlite.ts";
import { JournalFile, KEPT_SET_ASIDE } from "./journal-file.ts";
import { rescue } from "./rescue.ts";
import { isDamage } from "./storage-errors.ts";
import { isWalDamaged } from "./wal-check.ts";

/** How long a commit waits for a reader of another process, the self-test's say, before it fails. */
const BUSY_MS = 2_000;

/** Pages of WAL before a checkpoint: small, so that a start after a power cut has little to replay. */
const CHECKPOINT_PAGES = 256;

/** Damaged files kept: a card that damages its journal more often is to be replaced before it counts another vote. */
export const SET_ASIDE_MAX = 100;

/** SQLite keeps a database in up to three files. */
const SUFFIXES = ["", "-wal", "-shm"] as const;

export type OpenedJournal = {
  readonly journal: JournalFile;
  /** Where a damaged file was set aside, until the journal holds the fault that says so; or null. */
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
  readonly onDamage?: (error: Error) => void;
}): OpenedJournal {
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const path = join(options.dataDir, "journal.db");
  // A start that was cut off while it put a rescued journal into the place of a damaged one.
  putInPlace(path);
  const database = openOrCreate(path, options.nowMs);
  try {
    const sqliteVersion = prepareDatabase(database, journalMigrations(), options.nowMs);
    const journal = new JournalFile({ database, ...options });
    const checked = journal.checkEntries(options.nowMs);
    if (!checked.ok) throw new Error(`the journal cannot be written: ${checked.problem}`);
    return { journal, setAside: journal.kept(KEPT_SET_ASIDE), sqliteVersion };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The journal's migrations, in order. */
export function journalMigrations() {
  return migrationsIn(join(import.meta.dirname, "migrations"));
}

function openOrCreate(path: string, nowMs: number): Database.Database {
  const isNew = SUFFIXES.every((suffix) => !existsSync(path + suffix));
  const sound = isNew ? null : openIfSound(path);
  if (sound !== null) return sound;
  // A journal appears under its name only once it is whole, so an empty file of that name is always a damaged one.
  build(path, nowMs, isNew ? null : ensureFolder(path));
  putInPlace(path);
  return openDatabase(path);
}

function openIfSound(path: string): Database.Database | null {
  if (isCutOff(path)) return null;
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

/**
 * Damage that must be found before SQLite opens the files: it takes an empty file for a new database and deletes the
 * log beside it, and it drops whatever stands behind a damaged frame of the log.
 */
function isCutOff(path: string): boolean {
  if (!existsSync(path) || statSync(path).size === 0) return true;
  return existsSync(`${path}-wal`) && isWalDamaged(readFileSync(`${path}-wal`));
}

/** Makes a whole journal under another name: with everything that can be read of a damaged one, or empty. */
function build(path: string, nowMs: number, aside: string | null): void {
  const building = `${path}.building`;
  for (const suffix of SUFFIXES) rmSync(building + suffix, { force: true });
  const fresh = openDatabase(building);
  try {
    prepareDatabase(fresh, journalMigrations(), nowMs);
    if (aside !== null) {
      if (existsSync(path) && statSync(path).size > 0) rescue(path, fresh);
      fresh.prepare("INSERT OR REPLACE INTO kept VALUES (?, ?)").run(KEPT_SET_ASIDE, aside);
    }
  } finally {
    fresh.close();
  }
  renameSync(building, `${path}.ready`);
}

/** Gives a journal that is ready its name, after setting aside what bears it. Cut off anywhere, it is done again. */
function putInPlace(path: string): void {
  if (!existsSync(`${path}.ready`)) return;
  if (SUFFIXES.some((suffix) => existsSync(path + suffix))) setAside(path, ensureFolder(path));
  renameSync(`${path}.ready`, path);
}

function openDatabase(path: string): Database.Database {
  keepPrivate(path);
  const database = new Database(path, { timeout: BUSY_MS });
  database.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  return database;
}

/** Moves a journal's files, the database last: a folder that holds one is complete. */
function setAside(path: string, folder: string): void {
  const aside = join(folder, basename(path));
  for (const suffix of [...SUFFIXES].reverse()) {
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
    // The database itself was gone.
    else if (suffix === "") writeFileSync(aside, "");
  }
}

/**
 * The folder that takes the damaged files now: the first that does not hold a journal yet.
 * @throws when there are too many already.
 */
function ensureFolder(path: string): string {
  for (let number = 1; number <= SET_ASIDE_MAX; number++) {
    const aside = join(dirname(path), `damaged-${number}`);
    if (existsSync(join(aside, basename(path)))) continue;
    mkdirSync(aside, { recursive: true, mode: 0o700 });
    return aside;
  }
  throw new Error(
    `${SET_ASIDE_MAX} damaged journals beside ${path}: replace the card, nothing is counted on it`,
  );
}
