/**
 * A Raspberry Pi's own watch over its supply, as the kernel shows it (driver raspberrypi-hwmon, device "rpi_volt").
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Whether the supply is too low now; null on a board without that watch. @param sys another folder only in tests. */
export function underVoltage(sys = "/sys"): boolean | null {
  const hwmon = join(sys, "class/hwmon");
  const watch = namesIn(hwmon)
    .map((name) => join(hwmon, name))
    .find((path) => textOf(join(path, "name")) === "rpi_volt");
  const alarm = watch === undefined ? null : textOf(join(watch, "in0_lcrit_alarm"));
  return alarm === null ? null : alarm !== "0";
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return null;
  }
}
