/**
 * Does the steps of a plan. Every file is written whole beside its place and moved there; a run that is cut off is finished
 * by the next one.
 */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { type Application, copyApplication } from "./application.ts";
import type { Change, Manifest, Step } from "./facts.ts";
import { groupId, presentAt, userIds } from "./gather-facts.ts";
import { APPLICATION_DIR, manifestPath, type Role, type RoleName } from "./roles.ts";

export type Target = {
  readonly root: string;
  readonly source: string;
  readonly application: Application;
  readonly role: Role;
  readonly isRoot: boolean;
  /** Tells somebody at a terminal. */
  readonly say: (line: string) => void;
};

/** Does all steps. @returns the folders that were not there before, outermost first. @throws with what failed. */
export function applySteps(steps: readonly Step[], target: Target): readonly string[] {
  // What is installed is readable by whoever it is for, whatever the shell of whoever installs says.
  const umask = process.umask(0o022);
  const made: string[] = [];
  try {
    for (const { changes } of steps) for (const change of changes) made.push(...applyChange(change, target));
  } finally {
    process.umask(umask);
  }
  return made;
}

/** Writes down what is installed; says the same as before in the same bytes. */
export function writeManifest(manifest: Manifest, role: RoleName, target: Target): void {
  const sorted = (record: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(record).toSorted(([one], [other]) => (one < other ? -1 : 1)));
  const text = JSON.stringify(
    { ...manifest, files: sorted(manifest.files), links: sorted(manifest.links) },
    null,
    2,
  );
  const path = manifestPath(role);
  const content = Buffer.from(`${text}\n`);
  const present = presentAt(join(target.root, path));
  mkdirSync(dirname(join(target.root, path)), { recursive: true, mode: 0o755 });
  if (present.kind === "file") rmSync(`${join(target.root, path)}.new`, { force: true });
  writeWhole({ type: "file", path, content, mode: 0o644, group: "root" }, target);
}

/** @returns folders it had to make. */
function applyChange(change: Change, target: Target): readonly string[] {
  const { root } = target;
  switch (change.type) {
    case "users":
      addUsers(target);
      return [];
    case "folder": {
      const made = makeParents(root, `${change.path}/x`);
      chmodSync(join(root, change.path), change.mode);
      own(target, change.path, change.owner, change.owner);
      return made;
    }
    case "application":
      return copyRelease(change.release, target);
    case "file": {
      const made = makeParents(root, change.path);
      writeWhole(change, target);
      return made;
    }
    case "link": {
      const made = makeParents(root, change.path);
      const fresh = `${join(root, change.path)}.new`;
      rmSync(fresh, { force: true });
      symlinkSync(change.target, fresh);
      renameSync(fresh, join(root, change.path));
      return made;
    }
    case "remove":
      rmSync(join(root, change.path), { recursive: true, force: true });
      return [];
    case "remove-empty":
      removeEmpty(join(root, change.path));
      return [];
    case "run":
      run(change.command, change.mayFail, target);
      return [];
  }
}

/**
 * systemd-sysusers makes the users of the image's own list, on this machine or in the folder. The lines are handed over as
 * they are: with --root it would look for the list inside of that root.
 */
function addUsers({ root, source, role, say }: Target): void {
  const folder = join(source, "hardware/image", role.name, "etc/sysusers.d");
  const lines = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n"));
  const users = lines.filter((line) => line !== "" && !line.startsWith("#"));
  run(["systemd-sysusers", `--root=${root}`, "--inline", ...users], false, { say });
}

function copyRelease(release: string, target: Target): readonly string[] {
  const { root, source, application } = target;
  const place = join(root, APPLICATION_DIR, release);
  const part = `${place}.part`;
  const made = makeParents(root, join(APPLICATION_DIR, release));
  // Left by a run that was cut off.
  rmSync(part, { recursive: true, force: true });
  copyApplication(source, application, part);
  // A release that is named is whole, also after a power cut right now. Whoever makes an image unmounts it whole.
  if (root === "/") spawnSync("sync", ["--file-system", part]);
  renameSync(part, place);
  return made;
}

function writeWhole(change: Extract<Change, { type: "file" }>, target: Target): void {
  const { path, content, mode, group } = change;
  const fresh = `${path}.new`;
  const file = openSync(join(target.root, fresh), "w", mode);
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  chmodSync(join(target.root, fresh), mode);
  own(target, fresh, "root", group);
  renameSync(join(target.root, fresh), join(target.root, path));
}

/** Names are those of the machine that is installed. Only root gives things away; said in the plan's problems otherwise. */
function own({ root, isRoot }: Target, path: string, user: string, group: string): void {
  if (!isRoot || (user === "root" && group === "root")) return;
  const uid = userIds(root, user)?.uid;
  const gid = groupId(root, group);
  if (uid === undefined || gid === null)
    throw new Error(`${path}: there is no user ${user} or no group ${group}`);
  chownSync(join(root, path), uid, gid);
}

function makeParents(root: string, path: string): readonly string[] {
  const missing: string[] = [];
  for (let folder = dirname(path); !existsSync(join(root, folder)); folder = dirname(folder))
    missing.unshift(folder);
  for (const folder of missing) mkdirSync(join(root, folder), { mode: 0o755 });
  return missing;
}

function removeEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch (error) {
    // Somebody else uses it by now.
    if (!["ENOTEMPTY", "EEXIST", "ENOENT", "EBUSY"].includes((error as NodeJS.ErrnoException).code ?? ""))
      throw error;
  }
}

/** Longest time a command of the system may take; rendering the voice is the slowest. */
const COMMAND_MS_MAX = 10 * 60_000;

function run(command: readonly string[], mayFail: boolean, { say }: Pick<Target, "say">): void {
  const [program = "", ...args] = command;
  const done = spawnSync(program, args, { encoding: "utf8", timeout: COMMAND_MS_MAX });
  if (done.status === 0) return;
  const reason = done.error?.message ?? done.stderr.trim().slice(-500);
  const line = `${command.join(" ")}: ${reason}`;
  if (!mayFail) throw new Error(line);
  say(`  could not: ${line}`);
}
