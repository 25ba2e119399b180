/**
 * The lab's kernel: Linux built as an ordinary program (User-Mode Linux) from Debian's own source, once for each
 * configuration and source version, and kept outside the clone. Installs what the build needs from Debian's packages, and
 * says so; refuses to build anything else.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { installPackages } from "./packages.ts";

/** The kernel of Debian 13, which Debian 12 has as well. Its User-Mode Linux takes half as long for a page fault as 6.1. */
const SOURCE_PACKAGE = "linux-source-6.12";
const TARBALL = `/usr/src/${SOURCE_PACKAGE}.tar.xz`;
const BUILD_PACKAGES = [SOURCE_PACKAGE, "build-essential", "flex", "bison", "bc", "xz-utils", "patch"];
const CONFIG = join(import.meta.dirname, "kernel.config");
const PATCH = join(import.meta.dirname, "kernel.patch");

/** About how many objects the build makes, for the progress shown; nothing depends on it. */
const OBJECTS_ABOUT = 1_200;
const PROGRESS_EVERY_MS = 20_000;

type Say = (line: string) => void;

/**
 * The kernel's path; builds it when this machine has none yet.
 * @throws when a package is missing and cannot be installed, or the build fails; the message names its log.
 */
export async function labKernel(say: Say): Promise<string> {
  const version = sourceVersion();
  if (version === null) installPackages(BUILD_PACKAGES, say);
  const folder = join(cacheFolder(), kernelName(sourceVersion() ?? "unknown", [CONFIG, PATCH].map(read)));
  const kernel = join(folder, "linux");
  if (existsSync(kernel)) return kernel;
  installPackages(BUILD_PACKAGES, say);
  mkdirSync(folder, { recursive: true });
  const build = mkdtempSync(join(folder, "build-"));
  try {
    await buildIn(build, say);
    // Whole or not there: two builds at once end with the same kernel.
    renameSync(join(build, "out/linux"), kernel);
  } finally {
    rmSync(build, { recursive: true, force: true });
  }
  return kernel;
}

/** One name for each combination of what goes into the kernel. */
export function kernelName(sourceVersion: string, parts: readonly string[]): string {
  const all = JSON.stringify([sourceVersion, ...parts, process.arch]);
  return createHash("sha256").update(all).digest("hex").slice(0, 16);
}

function read(file: string): string {
  return readFileSync(file, "utf8");
}

function cacheFolder(): string {
  return join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "faccine", "lab");
}

/** The source package's version: the installed one, or the one that would be installed; null when apt knows none. */
function sourceVersion(): string | null {
  const { stdout } = spawnSync("apt-cache", ["policy", SOURCE_PACKAGE], { encoding: "utf8" });
  const line = (name: string) => new RegExp(`^ {2}${name}: (\\S+)$`, "m").exec(stdout ?? "")?.[1];
  const installed = line("Installed");
  const found = installed === undefined || installed === "(none)" ? line("Candidate") : installed;
  return found === undefined || found === "(none)" ? null : found;
}

async function buildIn(build: string, say: Say): Promise<void> {
  const startedAtMs = performance.now();
  say(
    `building the lab's kernel, once: some minutes on two cores (${SOURCE_PACKAGE}, kept in ${cacheFolder()})`,
  );
  const log = join(cacheFolder(), "build.log");
  rmSync(log, { force: true });
  const source = join(build, SOURCE_PACKAGE);
  const out = join(build, "out");
  mkdirSync(out);
  await step(["tar", "-C", build, "-xf", TARBALL], log);
  await step(["patch", "-p1", "-d", source, "-i", PATCH], log);
  const make = ["make", "-C", source, "ARCH=um", `O=${out}`];
  await step([...make, "tinyconfig"], log);
  const merge = join(source, "scripts/kconfig/merge_config.sh");
  await step([merge, "-m", "-O", out, join(out, ".config"), CONFIG], log);
  await step([...make, "olddefconfig"], log);
  const dropped = droppedSymbols(read(CONFIG), read(join(out, ".config")));
  if (dropped.length > 0) throw new Error(`the kernel's configuration lost ${dropped.join(", ")}`);
  await step([...make, `-j${navigator.hardwareConcurrency}`, "linux"], log, progress(say));
  await step(["strip", join(out, "linux")], log);
  say(`the kernel is built (${((performance.now() - startedAtMs) / 1_000).toFixed(0)} s)`);
}

/** What the fragment asks for and the configuration has not: Kconfig drops a symbol without a word. */
export function droppedSymbols(fragment: string, config: string): readonly string[] {
  const had = new Set([...config.matchAll(/^(CONFIG_[A-Z0-9_]+)=/gm)].map(([, name]) => name));
  return [...fragment.matchAll(/^(CONFIG_[A-Z0-9_]+)=/gm)].flatMap(([, name = ""]) =>
    had.has(name) ? [] : [name],
  );
}

function progress(say: Say): (line: string) => void {
  let objects = 0;
  let saidAtMs = performance.now();
  return (line) => {
    if (!/^ {2}(CC|AS|AR) /.test(line)) return;
    objects += 1;
    if (performance.now() - saidAtMs < PROGRESS_EVERY_MS) return;
    saidAtMs = performance.now();
    say(`  ${objects} objects of about ${OBJECTS_ABOUT}`);
  };
}

/** Runs one program of the build. @throws when it fails. */
async function step(command: readonly string[], log: string, onLine?: (line: string) => void): Promise<void> {
  const [program = "", ...args] = command;
  const child = spawn(program, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, LC_ALL: "C" },
  });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      appendFileSync(log, `${line}\n`);
      onLine?.(line);
    });
  }
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (status !== 0) throw new Error(`${command.join(" ")} failed (${status}); see ${log}`);
}
