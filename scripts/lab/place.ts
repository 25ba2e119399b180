/**
 * What every scenario of the lab starts from: the kernel, the board, a disk with a provisioned totem on it; and one guest
 * program run to its end. Made once, when the first scenario asks.
 */
import { mkdirSync, mkdtempSync, renameSync } from "node:fs";
import { join } from "node:path";
import type { Place } from "../bench/measurement.ts";
import { compileBoard } from "./device-tree.ts";
import { labKernel } from "./kernel.ts";
import { boot, newDisk, type Report } from "./machine.ts";
import { installPackages } from "./packages.ts";
import { LAB_TOTEM, type LabTotem, makeLabTotem } from "./totem-folder.ts";

/** What the lab runs beside the kernel: the device tree's compiler, the guest's network, its disk and its clock. */
const PACKAGES = ["device-tree-compiler", "e2fsprogs", "iproute2", "mount", "slirp4netns", "util-linux"];
/** Room for weeks of votes and SQLite's own files; sparse, so that it costs what is written. */
export const DISK_BYTES = 256 * 1024 * 1024;

export type Bench = {
  readonly kernel: string;
  readonly deviceTree: string;
  /** A totem that knows its site, on a disk of its own. */
  readonly totemOnDisk: (tickets: number) => Promise<{ readonly totem: LabTotem; readonly disk: string }>;
  /**
   * The same in a folder, for a machine in virtual time: it has no disk, because a disk answers in real time, and such a machine
   * was once seen to wait for an answer for ever.
   */
  readonly totemInMemory: (tickets: number) => Promise<{ readonly totem: LabTotem; readonly folder: string }>;
};

/** The lab's bench in a scenario's own folder. */
export async function setUp({ dir, say }: Place, overlays: readonly string[] = []): Promise<Bench> {
  installPackages(PACKAGES, say);
  const kernel = await labKernel(say);
  const deviceTree = compileBoard(dir, overlays);
  return {
    kernel,
    deviceTree,
    totemOnDisk: async (tickets) => {
      const { totem, folder } = await madeTotem(dir, tickets);
      const disk = join(mkdtempSync(join(dir, "disk-")), "disk.ext4");
      newDisk(disk, DISK_BYTES, folder);
      return { totem, disk };
    },
    totemInMemory: (tickets) => madeTotem(dir, tickets),
  };
}

async function madeTotem(dir: string, tickets: number) {
  const made = mkdtempSync(join(dir, "made-"));
  const totem = await makeLabTotem(made, tickets);
  const folder = join(made, "root");
  mkdirSync(folder);
  renameSync(totem.folder, join(folder, LAB_TOTEM));
  return { totem, folder };
}

/**
 * Boots a machine, runs one guest program to its end and returns what it reported under `name`.
 * @throws with the machine's last words when the program fails, hangs or does not report.
 */
export async function runGuest<T>(
  options: Omit<Parameters<typeof boot>[0], "onReport"> & {
    readonly name: string;
    readonly onReport?: (report: Report) => void;
  },
): Promise<T> {
  let found: { readonly value: unknown } | null = null;
  const machine = boot({
    ...options,
    onReport: (report) => {
      if (options.name in report) found = { value: report[options.name] };
      options.onReport?.(report);
    },
  });
  const { status, isLate } = await machine.ended;
  if (status === 0 && found !== null) return (found as { value: unknown }).value as T;
  const how = isLate ? `was not done after ${options.limitMs / 1_000} s` : `ended with ${status}`;
  throw new Error(`${options.program} ${how}:\n${machine.lastWords()}`);
}

/** Kernel arguments for virtual time that begins at this moment: waiting costs nothing, and computing no time. */
export function virtualTimeFrom(ms: number): readonly string[] {
  return ["time-travel=inf-cpu", `time-travel-start=${BigInt(ms) * 1_000_000n}`];
}
