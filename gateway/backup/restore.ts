/**
 * Puts a backup where a gateway's data are to be. What lies there already is set aside, never written over, and nothing is changed before
 * every file of the backup has been read and found to be what was saved.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Backup } from "#schemas/backup.ts";
import { fail, ok, type Result } from "#schemas/result.ts";
import { DATABASE_FILE, readBackup } from "./backup-files.ts";

/** SQLite's own files beside a database: of another one they would be read as this one's. */
const BESIDE = ["-wal", "-shm"] as const;

export type Restored = {
  readonly backup: Backup;
  /** Where what was there lies now. */
  readonly setAside: readonly string[];
};

/**
 * @param stamp what names of files that are set aside end in.
 * @param problemOf what is wrong with a database's file, or null.
 */
export async function restoreBackup(
  folder: string,
  dataDir: string,
  { stamp, problemOf }: { readonly stamp: string; readonly problemOf: (path: string) => string | null },
): Promise<Result<Restored, string>> {
  const read = await readBackup(folder);
  if (!read.ok) return fail(read.problem);
  const problem = problemOf(join(folder, DATABASE_FILE));
  if (problem !== null) return fail(problem);
  const backup = read.value;
  const setAside: string[] = [];
  const away = (path: string) => {
    if (!existsSync(path)) return;
    renameSync(path, `${path}.${stamp}`);
    setAside.push(`${path}.${stamp}`);
  };
  for (const ending of BESIDE) away(join(dataDir, `${DATABASE_FILE}${ending}`));
  // The database last: a folder that has it is whole.
  for (const { name } of backup.files.toSorted(
    (a, b) => Number(a.name === DATABASE_FILE) - Number(b.name === DATABASE_FILE),
  )) {
    const [from, to] = [join(folder, name), join(dataDir, name)];
    if (name !== DATABASE_FILE && existsSync(to) && readFileSync(to).equals(readFileSync(from))) continue;
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
    away(to);
    copyFileSync(from, `${to}.restoring`);
    renameSync(`${to}.restoring`, to);
  }
  return ok({ backup, setAside });
}
