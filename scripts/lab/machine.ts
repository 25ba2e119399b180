/**
 * Boots the lab's kernel with this computer's own file tree as a read-only root, and runs one program in it. Its power can
 * be cut at any instant: the whole machine dies with everything it had not written to its disk. Starts and ends only its own
 * processes.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { serviceCommand, serviceEnvironment } from "../service-node.ts";

const HERE = import.meta.dirname;
const ROOT = join(HERE, "../..");
/** What a guest's line begins with when it is meant for us; the rest is JSON. */
const MARK = "@@";
const MEMORY_MIB = 768;
/** The last lines of a machine that failed, for whoever must find out why. */
const LAST_WORDS = 40;

/** Something a guest program reported: see guest/report.ts. */
export type Report = Readonly<Record<string, unknown>>;

export type MachineOptions = {
  readonly kernel: string;
  /** A program of `guest/`, or another of this project's by its path from the root. */
  readonly program: string;
  /** Programs of `guest/` that Node loads before it. */
  readonly preload?: readonly string[];
  /** What the program is told; JSON. */
  readonly job: object;
  /** The compiled device tree of its board. */
  readonly deviceTree: string;
  /** An image for its disk (see `newDisk`), or none. */
  readonly disk?: string;
  /** A folder whose files lie on `/run/data` in memory, where there is no disk. */
  readonly folder?: string;
  /** More of the kernel's arguments: the network's, virtual time's. */
  readonly kernelArgs?: readonly string[];
  readonly onReport?: (report: Report) => void;
  /** After this long it is taken for hung and its power is cut. */
  readonly limitMs: number;
};

export type Machine = {
  /** Cuts the power; resolves when nothing of it is left. */
  readonly cutPower: () => Promise<void>;
  /** How the program ended; null after a power cut, whoever caused it. */
  readonly ended: Promise<{ readonly status: number | null; readonly isLate: boolean }>;
  readonly lastWords: () => string;
};

/** Starts a machine. */
export function boot(options: MachineOptions): Machine {
  // What this process has compiled, the machine need not: it takes minutes there.
  flushCompileCache();
  const folder = mkdtempSync(join(tmpdir(), "faccine-lab-"));
  const job = join(folder, "job.json");
  writeFileSync(job, JSON.stringify(options.job));
  const child = spawn(...commandOf(options, folder, job));
  const bootedAtMs = performance.now();
  const words: string[] = [];
  let status: number | null = null;
  const hear = (text: string) => {
    const line = text.replace(/\r$/, "");
    words.push(line);
    if (words.length > LAST_WORDS) words.shift();
    if (process.env["LAB_VERBOSE"] === "1")
      process.stderr.write(`${((performance.now() - bootedAtMs) / 1_000).toFixed(1).padStart(7)} ${line}\n`);
    const at = line.indexOf(MARK);
    if (at === -1) return;
    const said = line.slice(at + MARK.length);
    const end = /^ended (\d+)/.exec(said)?.[1];
    if (end !== undefined) status = Number(end);
    else if (said.startsWith("{")) options.onReport?.(JSON.parse(said) as Report);
  };
  const streams = [child.stdout, child.stderr].flatMap((stream) =>
    stream === null ? [] : [createInterface({ input: stream }).on("line", hear)],
  );
  const closed = Promise.all([once(child, "exit"), ...streams.map((stream) => once(stream, "close"))]);
  let isLate = false;
  const limit = setTimeout(() => {
    isLate = true;
    killGroup(child);
  }, options.limitMs);
  const ended = closed.then(() => {
    clearTimeout(limit);
    rmSync(folder, { recursive: true, force: true });
    return { status, isLate };
  });
  return {
    cutPower: async () => {
      killGroup(child);
      await ended;
    },
    ended,
    lastWords: () => words.join("\n"),
  };
}

/**
 * An ext4 disk image, empty or with a folder's files on it.
 * @throws without mkfs.ext4 (Debian's e2fsprogs).
 */
export function newDisk(path: string, bytes: number, folder?: string): void {
  writeFileSync(path, "");
  truncateSync(path, bytes);
  const made = spawnSync("mkfs.ext4", ["-q", "-F", ...(folder === undefined ? [] : ["-d", folder]), path], {
    encoding: "utf8",
    env: { ...process.env, PATH: `${process.env["PATH"]}:/usr/sbin:/sbin` },
  });
  if (made.status !== 0) throw new Error(`mkfs.ext4: ${made.error?.message ?? made.stderr}`);
}

function commandOf(options: MachineOptions, folder: string, job: string) {
  const kernel = [
    options.kernel,
    `mem=${MEMORY_MIB}M`,
    "umid=lab",
    `uml_dir=${folder}/`,
    ...["rootfstype=hostfs", "rootflags=/", "ro", `init=${join(HERE, "init.sh")}`],
    ...["con=null", "con0=null,fd:1", "quiet"],
    `dtb=${options.deviceTree}`,
    ...(options.disk === undefined ? [] : [`ubd0=${options.disk}`]),
    ...(options.folder === undefined ? [] : [`LAB_FOLDER=${options.folder}`]),
    ...(options.kernelArgs ?? []),
    `LAB_NODE=${process.execPath}`,
    `NODE_COMPILE_CACHE=${serviceEnvironment({})["NODE_COMPILE_CACHE"] ?? ""}`,
    // A service's own flags: what was compiled under others is compiled anew.
    ...serviceFlags(options.program).map((flag) => `LAB_FLAG=${flag}`),
    `LAB_PROGRAM=${programPath(options.program)}`,
    ...(options.preload ?? []).map((name, index) => `LAB_PRELOAD_${index}=${programPath(name)}`),
    `LAB_JOB=${job}`,
  ];
  // As root, a process namespace of its own takes the kernel's helpers down with it, whatever happens. The shell is its
  // process 1: User-Mode Linux must not be, for a panic there would be ignored. Others have the process group.
  const namespace = [
    "--pid",
    "--fork",
    "--kill-child=KILL",
    "--mount-proc",
    "sh",
    "-c",
    '"$@"; exit $?',
    "sh",
  ];
  const pinned = ["taskset", "--cpu-list", nextProcessor(), ...kernel];
  const [command = "", ...args] = process.getuid?.() === 0 ? ["unshare", ...namespace, ...pinned] : pinned;
  const env = { PATH: process.env["PATH"] ?? "", HOME: folder, TMPDIR: "/dev/shm" };
  return [
    command,
    args,
    { env, stdio: ["ignore", "pipe", "pipe"], detached: true },
  ] as const satisfies Parameters<typeof spawn>;
}

/**
 * The processor a machine is held on, in turns. User-Mode Linux goes back and forth between two processes at every fault and
 * call; on one processor that was measured to be five times as quick as across two.
 */
function nextProcessor(): string {
  booted += 1;
  return String(booted % availableParallelism());
}

let booted = 0;

function serviceFlags(program: string): readonly string[] {
  return serviceCommand(program).slice(0, -1);
}

function programPath(program: string): string {
  return program.includes("/") ? join(ROOT, program) : join(HERE, "guest", program);
}

/** Ends the machine and its helpers: they are one process group, of our own making. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It was gone already.
  }
}
