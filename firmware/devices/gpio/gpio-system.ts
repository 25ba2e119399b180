/**
 * The calls that reach the kernel's GPIO chips, as one thing that a test can stand in for below everything that is ours.
 */
import { closeSync, constants, openSync, readdirSync } from "node:fs";
import { ioctl } from "../native/system-calls.ts";
import { readRecords } from "../reading/record-reader.ts";

export type GpioSystem = {
  /** Paths of all chips, in no order that means anything. */
  readonly chipPaths: () => readonly string[];
  readonly open: (path: string) => number;
  readonly close: (fd: number) => void;
  readonly ioctl: typeof ioctl;
  /** Takes over the descriptor and closes it when it ends. */
  readonly readRecords: typeof readRecords;
};

/** The chips of this machine. */
export const GPIO_SYSTEM: GpioSystem = {
  chipPaths: () =>
    readdirSync("/dev")
      .filter((name) => /^gpiochip\d+$/.test(name))
      .map((name) => `/dev/${name}`),
  // Reading is enough to take lines as outputs as well: what counts is who may open the chip.
  open: (path) => openSync(path, constants.O_RDONLY),
  close: closeSync,
  ioctl,
  readRecords,
};

/** Lines that get no reader are let go: still held, they would be refused to the next try, and to every one after it. */
export function readOrLetGo(
  system: GpioSystem,
  reading: Parameters<GpioSystem["readRecords"]>[0],
): ReturnType<GpioSystem["readRecords"]> {
  try {
    return system.readRecords(reading);
  } catch (error) {
    system.close(reading.fd);
    throw error;
  }
}
