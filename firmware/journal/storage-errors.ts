/**
 * Which of SQLite's errors are failures of the storage, to be said openly, and which are a defect of ours. Pure.
 */
import type { JournalFailure } from "../session/events.ts";

/** SQLite's result codes (sqlite.org/rescode.html) that tell of a disk, not of a program; extended ones begin alike. */
const STORAGE = [
  "SQLITE_IOERR",
  "SQLITE_READONLY",
  "SQLITE_CORRUPT",
  "SQLITE_CANTOPEN",
  "SQLITE_NOTADB",
  "SQLITE_BUSY",
];

/** The failures a totem can say openly; null for anything else, which is a defect and must be seen. */
export function failureOf(error: unknown): JournalFailure | null {
  const code = codeOf(error);
  if (code === "SQLITE_FULL") return "disk-full";
  return STORAGE.some((prefix) => code.startsWith(prefix)) ? "journal-failed" : null;
}

/** True when SQLite says that the file itself is damaged. */
export function isDamage(error: unknown): boolean {
  return /^SQLITE_(CORRUPT|NOTADB)/.test(codeOf(error));
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "";
}
