/**
 * Backups of the gateway as folders named by their day: the database scrubbed as if all days were closed, and the keys without which no
 * totem would know the gateway again. Never holds day keys. A folder has its name only once it is whole.
 */
import { createHash } from "node:crypto";
import {
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { BACKUP, type Backup } from "#schemas/backup.ts";
import type { GatewaySettings } from "#schemas/gateway-settings.ts";
import { fail, ok, type Result } from "#schemas/result.ts";
import { destroyFile } from "#schemas/secret-file.ts";
import type { ClosingStore } from "../store/closing-store.ts";

/** The database's file, in the data folder and in a backup. */
export const DATABASE_FILE = "gateway.db";
const MANIFEST = "backup.json";
/** Before the number of the process that makes it. */
const UNFINISHED = "unfinished-";
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Where backups are. */
export function backupFolder({ dataDir, backup }: Pick<GatewaySettings, "dataDir" | "backup">): string {
  return backup.folder ?? join(dataDir, "backups");
}

/** The folders of whole backups, the newest first. */
export function backupsIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => DAY.test(name))
    .sort()
    .reverse()
    .map((name) => join(folder, name));
}

/**
 * Makes today's backup, in the place of one made today before, and lets go of those beyond `keep`.
 * @param closeThrough the day that is closed in it, if not closed already. @returns its folder.
 */
export async function makeBackup(
  {
    settings,
    store,
    nowMs,
  }: {
    readonly settings: Pick<GatewaySettings, "dataDir" | "backup">;
    readonly store: Pick<ClosingStore, "copyTo" | "closedThrough">;
    readonly nowMs: () => number;
  },
  closeThrough: string | null,
): Promise<string> {
  const { dataDir, backup } = settings;
  const madeMs = nowMs();
  const folder = backupFolder(settings);
  const final = join(folder, new Date(madeMs).toISOString().slice(0, 10));
  destroyUnfinished(folder);
  const draft = join(folder, `${UNFINISHED}${process.pid}`);
  mkdirSync(join(draft, "keys"), { recursive: true, mode: 0o700 });
  await store.copyTo(join(draft, DATABASE_FILE), closeThrough, madeMs);
  const keys = join(dataDir, "keys");
  const names = existsSync(keys) ? readdirSync(keys).filter((name) => name.endsWith(".key")) : [];
  for (const name of names) copyFileSync(join(keys, name), join(draft, "keys", name));
  const files = await Promise.all(
    [DATABASE_FILE, ...names.map((name) => `keys/${name}`)].map((name) => described(draft, name)),
  );
  const before = await store.closedThrough();
  const closedThrough = before !== null && before > (closeThrough ?? "") ? before : closeThrough;
  const manifest: Backup = { madeMs, closedThrough, files };
  writeFileSync(join(draft, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, {
    mode: 0o600,
    flush: true,
  });
  rmSync(final, { recursive: true, force: true });
  renameSync(draft, final);
  for (const old of backupsIn(folder).slice(backup.keep)) rmSync(old, { recursive: true });
  return final;
}

/** One that was cut off may hold votes of open days as they came. */
function destroyUnfinished(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder).filter((one) => one.startsWith(UNFINISHED))) {
    const pid = Number(name.slice(UNFINISHED.length));
    if (pid !== process.pid && isRunning(pid)) continue;
    for (const file of readdirSync(join(folder, name), { recursive: true, withFileTypes: true }))
      if (file.isFile()) destroyFile(join(file.parentPath, file.name));
    rmSync(join(folder, name), { recursive: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** What a backup says of itself, once every file of it is what it was. */
export async function readBackup(folder: string): Promise<Result<Backup, string>> {
  const file = join(folder, MANIFEST);
  if (!existsSync(file)) return fail(`${file}: no such file; name the folder of one backup`);
  const parsed = BACKUP.parse(jsonOf(readFileSync(file, "utf8")));
  if (!parsed.ok) return fail(`${file}: ${parsed.problem.where} ${parsed.problem.expected}`);
  for (const said of parsed.value.files) {
    if (!existsSync(join(folder, said.name))) return fail(`${join(folder, said.name)}: no such file`);
    const found = await described(folder, said.name);
    if (found.sha256 !== said.sha256)
      return fail(`${join(folder, said.name)} is not what was saved: another copy is needed`);
  }
  return ok(parsed.value);
}

async function described(folder: string, name: string): Promise<Backup["files"][number]> {
  const path = join(folder, name);
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return { name, bytes: statSync(path).size, sha256: hash.digest("hex") };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
