/**
 * What the kernel says of a running process: memory and processor time, read from /proc.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const NS_PER_MS = 1_000_000;

/** A million bytes, as disks and data sheets count. */
const MB = 1_000_000;

/** Resident memory now, in MB. */
export function residentMb(pid: number): number {
  return statusMb(pid, "VmRSS");
}

/** The largest resident memory since the process began or since `forgetPeak`, in MB. */
export function peakResidentMb(pid: number): number {
  return statusMb(pid, "VmHWM");
}

/** Lets the peak begin anew at what is resident now (proc(5): 5 into clear_refs). */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
}

/**
 * Processor time of the threads that live now. Counted in nanoseconds by the scheduler: the hundredths of a second in
 * /proc/pid/stat miss a program that wakes for a moment only.
 */
export function processorMs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const ns = threads.map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]),
  );
  return ns.reduce((sum, each) => sum + each, 0) / NS_PER_MS;
}

function statusMb(pid: number, field: string): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const match = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status);
  if (match === null) throw new Error(`/proc/${pid}/status tells no ${field}`);
  return (Number(match[1]) * 1_024) / MB;
}
