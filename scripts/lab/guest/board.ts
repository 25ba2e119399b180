/**
 * The world's side of the simulated board: fingers on keys and eyes on lamps, through gpio-sim's files in sysfs.
 */
import { openSync, readdirSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import { lineOffset, type PinName } from "#hardware/pins.ts";

const PLATFORM = "/sys/devices/platform";
const HIGH = "1".charCodeAt(0);

export type Board = {
  /** Closes a line to ground, or lets it go. */
  readonly ground: (pin: PinName, closed: boolean) => void;
  /** What the firmware puts on an output. */
  readonly isHigh: (pin: PinName) => boolean;
};

/** The simulated chip. Its files stay open: each look or move is one call of the kernel. @throws when there is none. */
export function openBoard(): Board {
  const folder = chipFolder();
  const opened = new Map<string, number>();
  const fileOf = (pin: PinName, name: "pull" | "value") => {
    const path = join(folder, `sim_gpio${lineOffset(pin)}`, name);
    const descriptor = opened.get(path) ?? openSync(path, name === "pull" ? "r+" : "r");
    opened.set(path, descriptor);
    return descriptor;
  };
  const level = Buffer.alloc(1);
  return {
    ground: (pin, closed) => writeSync(fileOf(pin, "pull"), closed ? "pull-down" : "pull-up", 0),
    isHigh: (pin) => {
      readSync(fileOf(pin, "value"), level, 0, 1, 0);
      return level[0] === HIGH;
    },
  };
}

function chipFolder(): string {
  for (const device of readdirSync(PLATFORM)) {
    if (!device.startsWith("gpio-sim")) continue;
    const chip = readdirSync(join(PLATFORM, device)).find((name) => /^gpiochip\d+$/.test(name));
    if (chip !== undefined) return join(PLATFORM, device, chip);
  }
  throw new Error(`${PLATFORM} has no simulated chip`);
}
