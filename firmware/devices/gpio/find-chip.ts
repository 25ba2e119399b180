/**
 * Finds the chip that the header hangs on: by its label, else by the names of its lines. Never by its number, which
 * changes with the kernel: the header of the Pi 5 was gpiochip4, became gpiochip0 in 6.6.45 and moved again in 2026
 * (raspberrypi/linux pull requests 6144 and 7341).
 */
import type { GpioSystem } from "./gpio-system.ts";
import {
  chipInfoBuffer,
  decodeChipInfo,
  decodeLineInfo,
  GPIO_REQUESTS,
  lineInfoBuffer,
} from "./line-layouts.ts";
import { LineError } from "./lines.ts";

export type ChipChoice = {
  /** Any of these will do; the kernel's labels, as `gpiodetect` shows them. */
  readonly labels: readonly string[];
  /** The label was set by somebody: then nothing else will do, not even lines with the right names. */
  readonly isSettled: boolean;
};

export type OpenChip = {
  readonly fd: number;
  readonly path: string;
  readonly label: string;
  readonly lines: number;
};

/** A board has a handful of chips; a machine with more is no board, and looking at each costs calls. */
const CHIPS_MAX = 64;

/**
 * Opens the chip; whoever asked closes it.
 * @param offsets the lines that are wanted: a chip without the label must name them all GPIO<offset>.
 * @throws LineError "no-chip" with the labels seen, or "not-allowed".
 */
export function openChip(system: GpioSystem, choice: ChipChoice, offsets: readonly number[]): OpenChip {
  const seen: string[] = [];
  const refused: string[] = [];
  let named: OpenChip | null = null;
  for (const path of system.chipPaths().slice(0, CHIPS_MAX)) {
    const chip = tryOpen(system, path, refused);
    if (chip === null) continue;
    if (choice.labels.includes(chip.label)) {
      if (named !== null) system.close(named.fd);
      return chip;
    }
    seen.push(`"${chip.label}"`);
    if (named === null && !choice.isSettled && areNamed(system, chip, offsets)) named = chip;
    else system.close(chip.fd);
  }
  if (named !== null) return named;
  throw noChip(choice, seen, refused);
}

/** What is known of one line. @throws when the chip has no such line, or is gone. */
export function lineInfo(system: GpioSystem, fd: number, offset: number) {
  const bytes = lineInfoBuffer(offset);
  system.ioctl(fd, GPIO_REQUESTS.lineInfo, bytes);
  return decodeLineInfo(bytes);
}

/** @returns null for a chip that may not be opened, is gone since, or answers nothing. */
function tryOpen(system: GpioSystem, path: string, refused: string[]): OpenChip | null {
  let fd: number;
  try {
    fd = system.open(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EACCES" || code === "EPERM") refused.push(path);
    return null;
  }
  try {
    const bytes = chipInfoBuffer();
    system.ioctl(fd, GPIO_REQUESTS.chipInfo, bytes);
    const { label, lines } = decodeChipInfo(bytes);
    return { fd, path, label, lines };
  } catch {
    system.close(fd);
    return null;
  }
}

function areNamed(system: GpioSystem, chip: OpenChip, offsets: readonly number[]): boolean {
  try {
    return offsets.every(
      (offset) => offset < chip.lines && lineInfo(system, chip.fd, offset).name === `GPIO${offset}`,
    );
  } catch {
    return false;
  }
}

function noChip(choice: ChipChoice, seen: readonly string[], refused: readonly string[]): LineError {
  if (refused.length > 0) {
    return new LineError(
      "not-allowed",
      `not allowed to open ${refused.join(", ")}: the service's user must be in the group gpio`,
    );
  }
  const wanted = choice.labels.map((label) => `"${label}"`).join(" or ");
  if (seen.length === 0) {
    return new LineError("no-chip", `no GPIO chip below /dev, looked for ${wanted}: is this a board?`);
  }
  const advice = choice.isSettled
    ? "correct board.chipLabel in the settings, or leave it out"
    : "name the header's chip as board.chipLabel in the settings";
  return new LineError("no-chip", `no GPIO chip labelled ${wanted}, only ${seen.join(", ")}: ${advice}`);
}
