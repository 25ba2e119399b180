/**
 * Keeps the gateway's data folder for this process alone. Commands that work beside the running gateway do not ask for it.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { HOLD_FILE, holdFolder, keepPrivate } from "#schemas/sqlite.ts";

/** How long a start waits for the one before it to end: a service manager may overlap them by a moment. */
const BUSY_MS = 2_000;

/** Takes the folder; the returned function gives it back. @throws when another process has it. */
export function holdDataFolder(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, HOLD_FILE);
  keepPrivate(path);
  const database = new Database(path, { timeout: BUSY_MS });
  try {
    holdFolder(database, dataDir);
  } catch (error) {
    database.close();
    throw error;
  }
  return () => {
    database.close();
  };
}
