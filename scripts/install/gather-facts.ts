/**
 * Finds out what planInstall must know, from this machine or from a root file system in a folder. Changes nothing.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  statSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { parse } from "yaml";
import { type Mount, mountOf } from "#firmware/mount.ts";
import { type Application, filesBelow, RELEASE_NAME } from "./application.ts";
import {
  type Architecture,
  type Facts,
  type ImageFile,
  type Manifest,
  NOTHING_INSTALLED,
  type Present,
} from "./facts.ts";
import { APPLICATION_DIR, manifestPath, ROLES, type Role } from "./roles.ts";

/** ELF's e_machine, elf.h. */
const ELF_MACHINES: Readonly<Record<number, Architecture>> = { 183: "arm64", 62: "x64" };
const ELF_MACHINE_AT = 18;
const ELF_CLASS_AT = 4;
const ELF_CLASS_64 = 2;

export type Place = {
  /** The root of the file system: "/" is this machine. */
  readonly root: string;
  readonly source: string;
  readonly application: Application;
  readonly role: Role;
  readonly givenSettings: string | null;
};

export function gatherFacts(place: Place): Facts {
  const { root, source, application, role, givenSettings } = place;
  const live = root === "/";
  const at = (path: string) => join(root, path);
  const present = (path: string) => presentAt(at(path));
  const other = Object.values(ROLES).find(({ name }) => name !== role.name);
  return {
    role,
    live,
    machine: {
      platform: process.platform,
      isRoot: process.getuid?.() === 0,
      hasSystemd: existsSync("/run/systemd/system"),
      board: live ? boardModel() : null,
      architecture: architectureOf(root, "bin/sh"),
      hasUsers: existsSync(at("/etc/passwd")),
    },
    source: {
      folder: source,
      release: application.release,
      architecture: architectureOf(source, "node_modules/.bin/node"),
      problem: application.problem,
      hasVoice: existsSync(join(source, "scripts/commands/voice.ts")),
    },
    image: imageFiles(source, role),
    present,
    manifest: readManifest(at(manifestPath(role.name))),
    otherRole: other !== undefined && existsSync(at(manifestPath(other.name))),
    releases: existsSync(at(APPLICATION_DIR))
      ? readdirSync(at(APPLICATION_DIR))
          .filter((name) => RELEASE_NAME.test(name))
          .toSorted()
      : [],
    userReady: isUserReady(root, role),
    mount: live ? mountBelow(role.dataDir) : null,
    boot: bootOf(root),
    overlays: overlaysOf(source),
    hasMatrixKeypad: isMatrix(textAt(at(role.settingsFile)) ?? givenSettings),
    tools: { sysusers: hasTool("systemd-sysusers"), espeak: hasTool("espeak-ng") },
    givenSettings,
  };
}

/** What lies at a path; links are not followed. */
export function presentAt(path: string): Present {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return { kind: "absent" };
  if (found.isSymbolicLink()) return { kind: "link", target: readlinkSync(path) };
  if (found.isDirectory()) return { kind: "folder" };
  if (!found.isFile()) return { kind: "other" };
  const sha256 = createHash("sha256").update(readFileSync(path)).digest("hex");
  return { kind: "file", sha256, mode: found.mode & 0o7777 };
}

function readManifest(path: string): Manifest {
  if (!existsSync(path)) return NOTHING_INSTALLED;
  try {
    return { ...NOTHING_INSTALLED, ...(JSON.parse(readFileSync(path, "utf8")) as Partial<Manifest>) };
  } catch {
    throw new Error(
      `${path} cannot be read as a list of installed files: restore it, or delete it to start afresh`,
    );
  }
}

/** Files lie below hardware/image/<role> as they will lie on the machine. */
function imageFiles(source: string, { name }: Role): readonly ImageFile[] {
  const folder = join(source, "hardware/image", name);
  return filesBelow(folder, "etc").map((path) => ({
    path: `/${path}`,
    content: readFileSync(join(folder, path)),
    mode: 0o644,
  }));
}

function boardModel(): string | null {
  const file = "/proc/device-tree/model";
  return existsSync(file) ? readFileSync(file, "utf8").replaceAll("\0", "").trim() : null;
}

/** Debian 12 and later mount the boot partition at /boot/firmware; before, it was /boot. */
function bootOf(root: string): Facts["boot"] {
  const folder = ["/boot/firmware", "/boot"].find((one) => existsSync(join(root, one, "config.txt")));
  return folder === undefined
    ? null
    : { folder, config: readFileSync(join(root, folder, "config.txt"), "utf8") };
}

/** Every overlay's source below hardware/, compiled if there is a compiler. */
function overlaysOf(source: string): Facts["overlays"] {
  const files = filesBelow(source, "hardware").filter((path) => path.endsWith(".dts"));
  const canCompile = files.length > 0 && hasTool("dtc");
  return files.map((path) => ({
    name: basename(path).replace(/(-overlay)?\.dts$/, ""),
    compiled: canCompile ? compileOverlay(join(source, path)) : null,
  }));
}

function compileOverlay(path: string): Buffer {
  const { status, stdout, stderr } = spawnSync("dtc", ["-@", "-q", "-I", "dts", "-O", "dtb", path]);
  if (status !== 0) throw new Error(`${path} does not compile: ${stderr.toString().slice(0, 500)}`);
  return stdout;
}

function textAt(path: string): string | null {
  return existsSync(path) ? readFileSync(path, "utf8") : null;
}

/** Settings that are wrong elsewhere are the program's affair to refuse; here only one of them is asked for. */
function isMatrix(settings: string | null): boolean {
  if (settings === null) return false;
  try {
    return (parse(settings) as { board?: { keypad?: unknown } } | null)?.board?.keypad === "matrix";
  } catch {
    return false;
  }
}

/** The mount on which a folder would be made. */
function mountBelow(path: string): Mount {
  let folder = path;
  while (!existsSync(folder)) folder = dirname(folder);
  return mountOf(readFileSync("/proc/self/mountinfo", "utf8"), folder);
}

/** The user exists, and is in each of its groups. */
function isUserReady(root: string, { user, groups }: Role): boolean {
  return (
    userIds(root, user) !== null &&
    groups.every((group) => groupMembers(root, group)?.includes(user) === true)
  );
}

/** A user's numbers in the file system's own list; null when it has none. */
export function userIds(root: string, user: string): { readonly uid: number; readonly gid: number } | null {
  const fields = entryOf(join(root, "etc/passwd"), user);
  return fields === null ? null : { uid: Number(fields[2]), gid: Number(fields[3]) };
}

/** A group's number in the file system's own list; null when it has none. */
export function groupId(root: string, group: string): number | null {
  const fields = entryOf(join(root, "etc/group"), group);
  return fields === null ? null : Number(fields[2]);
}

function groupMembers(root: string, group: string): readonly string[] | null {
  return entryOf(join(root, "etc/group"), group)?.[3]?.split(",") ?? null;
}

function entryOf(file: string, name: string): readonly string[] | null {
  if (!existsSync(file)) return null;
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.map((line) => line.split(":")).find(([first]) => first === name) ?? null;
}

/** What a program is made for. A link in a root that is not ours is followed inside of it. */
function architectureOf(root: string, path: string): Architecture {
  const file = resolveInside(root, path);
  if (file === null) return "unknown";
  const head = Buffer.alloc(ELF_MACHINE_AT + 2);
  const descriptor = openSync(file, "r");
  readSync(descriptor, head, 0, head.length, 0);
  closeSync(descriptor);
  if (head.toString("latin1", 0, ELF_CLASS_AT) !== "\x7fELF" || head[ELF_CLASS_AT] !== ELF_CLASS_64)
    return "unknown";
  return ELF_MACHINES[head.readUInt16LE(ELF_MACHINE_AT)] ?? "unknown";
}

/** As many links in a row as Linux follows. */
const LINKS_MAX = 40;

function resolveInside(root: string, path: string): string | null {
  let rest = path.split("/");
  let done = "";
  for (let links = 0; rest.length > 0; ) {
    const [name = "", ...more] = rest;
    const next = join("/", done, name);
    const found = lstatSync(join(root, next), { throwIfNoEntry: false });
    if (found === undefined) return null;
    if (found.isSymbolicLink()) {
      if (++links > LINKS_MAX) return null;
      const target = readlinkSync(join(root, next));
      if (target.startsWith("/")) done = "";
      rest = [...target.split("/"), ...more];
    } else {
      done = next;
      rest = more;
    }
  }
  const file = join(root, done);
  return statSync(file).isFile() ? file : null;
}

function hasTool(name: string): boolean {
  const folders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
  return folders.some((folder) => existsSync(join(folder, name)));
}
