/**
 * Which machine a report is about, as the kernel and the board say it. What a board does not say is null, never guessed.
 */
import { readFileSync } from "node:fs";
import { arch, release, type as systemName } from "node:os";
import { join } from "node:path";
import type { ReadinessReport } from "#schemas/self-test.ts";

/** Longest name kept, as the report's shape allows. */
const NAME_MAX = 200;

export function machineOf(
  chipLabel: string | null,
  deviceTree = "/proc/device-tree",
): ReadinessReport["machine"] {
  return {
    model: deviceTreeText(join(deviceTree, "model")),
    serial: deviceTreeText(join(deviceTree, "serial-number")),
    kernel: `${systemName()} ${release()}`.slice(0, NAME_MAX),
    architecture: arch(),
    chipLabel,
  };
}

/** Texts of a device tree end with a zero byte. */
function deviceTreeText(file: string): string | null {
  try {
    const text = readFileSync(file, "utf8").replaceAll("\0", "").trim();
    return text === "" ? null : text.slice(0, NAME_MAX);
  } catch {
    return null;
  }
}
