/**
 * Keeps a totem's data folder for this process alone.
 */
import Database from "better-sqlite3";
import { holdFolder } from "#schemas/sqlite.ts";

/** How long a start waits for the one before it to end: a service manager may overlap them by a moment. */
const BUSY_MS = 2_000;

/** Takes the folder; the returned function gives it back. @throws when another process has it. */
export function holdDataFolder(dataDir: string): () => void {
  return holdFolder(dataDir, (path) => new Database(path, { timeout: BUSY_MS }));
}
