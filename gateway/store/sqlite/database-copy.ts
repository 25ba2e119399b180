/**
 * Copies of the database for backups: whole, and scrubbed as if all their days were closed. What was copied stands on the disk under its
 * final name only once nothing joins a vote to its ticket in it.
 */
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import Database from "better-sqlite3";
import { keepPrivate } from "#schemas/sqlite.ts";
import { Closing } from "./closing.ts";
import { openDatabase } from "./open-store.ts";

/**
 * Pages copied in one bite, 8 MB: some ten milliseconds, in which nothing else is stored. A copy made by another process than the gateway
 * begins again whenever that stores something, so that smaller ones might never end.
 */
const BITE_PAGES = 2_000;

/** Writes a scrubbed copy to a path. */
export async function copyScrubbed(
  database: Database.Database,
  path: string,
  { closeThrough, atMs }: { readonly closeThrough: string | null; readonly atMs: number },
): Promise<void> {
  const draft = `${path}.draft`;
  for (const file of [draft, `${draft}-wal`, `${draft}-shm`]) rmSync(file, { force: true });
  keepPrivate(draft);
  await database.backup(draft, { progress: () => BITE_PAGES });
  const copy = openDatabase(draft, atMs);
  try {
    const closing = new Closing(copy);
    const forgets = () => undefined;
    if (closeThrough !== null) await closing.closeThrough(closeThrough, atMs, forgets);
    await closing.scrubCopy();
    // One file, without a log beside it.
    copy.pragma("journal_mode = DELETE");
  } finally {
    copy.close();
  }
  const file = openSync(draft, "r");
  fsyncSync(file);
  closeSync(file);
  renameSync(draft, path);
}

/** What is wrong with a copy's file, or null. */
export function copyProblem(path: string): string | null {
  if (!existsSync(path)) return `${path}: no such file`;
  try {
    const database = new Database(path, { readonly: true });
    try {
      const [row] = database.pragma("integrity_check(1)") as { integrity_check: string }[];
      return row?.integrity_check === "ok" ? null : `${path}: ${row?.integrity_check ?? "is damaged"}`;
    } finally {
      database.close();
    }
  } catch (error) {
    return `${path}: ${(error as Error).message}`;
  }
}
