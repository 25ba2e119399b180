/**
 * The world's side of the simulated board: fingers on keys and eyes on lamps, through gpio-sim's files in sysfs.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lineOffset, type PinName } from "#hardware/pins.ts";

const PLATFORM = "/sys/devices/platform";

export type Board = {
  /** Closes a line to ground, or lets it go. */
  readonly ground: (pin: PinName, closed: boolean) => void;
  /** What the firmware puts on an output. */
  readonly isHigh: (pin: PinName) => boolean;
};

/** The simulated chip. @throws when there is none. */
export function openBoard(): Board {
  const folder = chipFolder();
  const line = (pin: PinName, file: "pull" | "value") => join(folder, `sim_gpio${lineOffset(pin)}`, file);
  return {
    ground: (pin, closed) => writeFileSync(line(pin, "pull"), closed ? "pull-down" : "pull-up"),
    isHigh: (pin) => readFileSync(line(pin, "value"), "latin1").startsWith("1"),
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
