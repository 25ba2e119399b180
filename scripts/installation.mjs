/**
 * Compares what lies in node_modules with what package-lock.json asks for, and installs it when it differs. Never
 * touches the network when nothing is missing. Plain JavaScript: it runs before there is anything else.
 */
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { basename, delimiter, join } from "node:path";
import { pinnedNode } from "./pinned-node.mjs";

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean,
 *   os?: string | string[], cpu?: string | string[], libc?: string | string[] }} LockedPackage
 * @typedef {{ packages: Record<string, LockedPackage> }} Lock
 */

/** What flock(1) answers when somebody else holds the lock, told apart from every answer of its own. */
const LOCK_IS_HELD = 75;
/** The descriptor under which the lock is handed to flock and npm: the first after stdin, stdout and stderr. */
const LOCK_DESCRIPTOR = 3;

/**
 * The first package that is missing, other than locked or not asked for; null when all is as locked. npm writes down
 * what it installed as its last act, so an installation that was cut short shows as missing.
 * @param {string} root
 * @returns {string | null}
 */
export function whyNotInstalled(root) {
  const installed = readInstalled(root);
  if (installed === null) return "nothing is installed yet";
  if (!existsSync(pinnedNode(root))) return "the pinned Node is missing";
  const emptied = Object.keys(installed.packages).find(
    (path) => !existsSync(join(root, path, "package.json")),
  );
  if (emptied !== undefined) return `${emptied} was deleted`;
  return firstDifference(readLock(join(root, "package-lock.json")), installed);
}

/**
 * What npm says it installed; null when it says nothing, or nothing that can be read.
 * @param {string} root
 */
function readInstalled(root) {
  try {
    return readLock(join(root, "node_modules", ".package-lock.json"));
  } catch {
    return null;
  }
}

/**
 * @param {Lock} locked
 * @param {Lock} installed
 * @param {{ os: string, cpu: string, libc: string }} machine
 * @returns {string | null}
 */
export function firstDifference(
  locked,
  installed,
  machine = { os: "linux", cpu: process.arch, libc: "glibc" },
) {
  for (const [path, wanted] of Object.entries(locked.packages)) {
    // The project itself is the only package without a path.
    if (path === "") continue;
    const had = installed.packages[path];
    if (had === undefined) {
      if (mayBeAbsent(wanted, machine)) continue;
      return `${path} is missing`;
    }
    if (had.version !== wanted.version || had.integrity !== wanted.integrity) {
      return `${path} is not the locked one`;
    }
  }
  const extra = Object.keys(installed.packages).find((path) => locked.packages[path] === undefined);
  return extra === undefined ? null : `${extra} is not in package-lock.json`;
}

/**
 * Installs what is missing, once, however many ask at the same time.
 * @param {string} root
 * @param {(line: string) => void} say
 * @returns {string | null} why it failed and what to do, or null
 */
export function install(root, say) {
  if (whyNotInstalled(root) === null) return null;
  let lock;
  try {
    mkdirSync(join(root, ".cache"), { recursive: true });
    lock = openSync(join(root, ".cache", "install.lock"), "a");
  } catch (error) {
    return `${root} cannot be written to (${/** @type {Error} */ (error).message}): clone into a folder of your own.`;
  }
  try {
    return waitForLock(lock, say) ?? (whyNotInstalled(root) === null ? null : runNpm(root, lock, say));
  } finally {
    closeSync(lock);
  }
}

/**
 * A lock of the kernel's: it belongs to the open file, so it ends with the last process that has it, killed or not,
 * and there is no stale one to recognise.
 * @param {number} lock
 * @param {(line: string) => void} say
 */
function waitForLock(lock, say) {
  const flock = (/** @type {string[]} */ ...args) =>
    spawnSync("flock", [...args, String(LOCK_DESCRIPTOR)], { stdio: ["ignore", "inherit", "inherit", lock] });
  const first = flock("--nonblock", "--conflict-exit-code", String(LOCK_IS_HELD));
  if (first.status === 0) return null;
  if (first.error !== undefined) return "the program flock is missing: apt install util-linux.";
  if (first.status !== LOCK_IS_HELD) return "the installation could not be locked; see above.";
  say("another start is installing; waiting for it");
  return flock().status === 0 ? null : "the installation could not be locked; see above.";
}

/**
 * @param {string} root
 * @param {number} lock
 * @param {(line: string) => void} say
 */
function runNpm(root, lock, say) {
  // Some 420 MB; the seconds are those of a fast line.
  say("installing the locked packages into node_modules, once: some 10 seconds, more on a slow line");
  // Killed half-way, npm must not leave a list of what is no longer there.
  rmSync(join(root, "node_modules", ".package-lock.json"), { force: true });
  const [command, ...first] = npmCommand();
  // Every kind by name: NODE_ENV=production would leave out the development ones, and `check` with them.
  const kinds = ["prod", "dev", "optional"].map((kind) => `--include=${kind}`);
  const startedAtMs = performance.now();
  const npm = spawnSync(command, [...first, "ci", "--loglevel=error", "--ignore-scripts", ...kinds], {
    cwd: root,
    env: { ...process.env, PATH: pathWithoutClones() },
    // npm holds the lock too: should this process be killed, nobody installs beside what still runs.
    stdio: ["ignore", "ignore", "inherit", lock],
  });
  if (npm.error !== undefined)
    return "npm is not found: install it (apt install npm) or a Node from nodejs.org.";
  const missing = npm.status === 0 ? whyNotInstalled(root) : null;
  if (npm.status === 0 && missing === null) {
    say(`installed in ${Math.round((performance.now() - startedAtMs) / 1000)} s`);
    return null;
  }
  return [
    missing === null ? "`npm ci` failed; its reason stands above." : `npm ci ended, but ${missing}.`,
    "Installing needs the network once: check the connection (and `npm config get registry`), then try again.",
  ].join(" ");
}

/**
 * The npm that runs us, by the Node it was started with; else the one on the PATH. Never a Node out of node_modules,
 * which is about to be replaced.
 * @returns {[string, ...string[]]}
 */
function npmCommand() {
  const { npm_node_execpath: node, npm_execpath: npm } = process.env;
  return node && npm && basename(npm) === "npm-cli.js" ? [node, npm] : ["npm"];
}

/** npm puts node_modules/.bin of every folder above first on the PATH; npm's own `node` must not come from there. */
function pathWithoutClones() {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => !folder.endsWith(join("node_modules", ".bin")))
    .join(delimiter);
}

/**
 * npm leaves out the optional packages of other systems and what only they need, and passes over those of this system
 * that it could not fetch. So an optional one is missed only if it names this system.
 * @param {LockedPackage} locked
 * @param {{ os: string, cpu: string, libc: string }} machine
 */
function mayBeAbsent({ optional, devOptional, os, cpu, libc }, machine) {
  if (!optional && !devOptional) return false;
  if (os === undefined && cpu === undefined) return true;
  return !fits(os, machine.os) || !fits(cpu, machine.cpu) || !fits(libc, machine.libc);
}

/**
 * npm's rule: a list of names, or of names that are excluded by a leading "!".
 * @param {string | string[] | undefined} names
 * @param {string} own
 */
function fits(names, own) {
  if (names === undefined) return true;
  const list = [names].flat();
  if (list.includes(`!${own}`)) return false;
  return list.every((name) => name.startsWith("!")) || list.includes(own);
}

/**
 * @param {string} file
 * @returns {Lock}
 */
function readLock(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}
