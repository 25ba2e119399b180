/**
 * Why lines could not be had or were lost, in words for the technician's log: which line, on which chip, and who has it.
 */
import { lineInfo, type OpenChip } from "./find-chip.ts";
import type { GpioSystem } from "./gpio-system.ts";
import { LINE_FLAGS } from "./line-layouts.ts";
import { LineError } from "./lines.ts";

export function refused(
  system: GpioSystem,
  chip: OpenChip,
  offsets: readonly number[],
  error: unknown,
): LineError {
  const { code } = error as NodeJS.ErrnoException;
  const where = `on ${chip.path} ("${chip.label}")`;
  if (code === "EBUSY") {
    const holders = holdersOf(system, chip, offsets);
    return new LineError("line-taken", `${holders} ${where}: stop that program or overlay`, error);
  }
  return new LineError("failed", `${named(offsets)} ${where} could not be taken: ${code ?? error}`, error);
}

/** Who holds which line, as `gpioinfo` would show it. */
function holdersOf(system: GpioSystem, chip: OpenChip, offsets: readonly number[]): string {
  const holders = offsets.flatMap((offset) => {
    try {
      const { flags, consumer } = lineInfo(system, chip.fd, offset);
      if ((flags & LINE_FLAGS.used) === 0n) return [];
      return [`GPIO${offset} is in use by ${consumer === "" ? "a program without a name" : `'${consumer}'`}`];
    } catch {
      return [];
    }
  });
  // Let go in between: the next try will get them.
  return holders.length === 0 ? `one of ${named(offsets)} was in use` : holders.join(", ");
}

export function noLine(chip: OpenChip, offset: number): LineError {
  return new LineError(
    "no-line",
    `GPIO${offset} is not on ${chip.path} ("${chip.label}"), which has ${chip.lines} lines: is this the header's chip?`,
  );
}

export function lost(offsets: readonly number[], error: unknown): LineError {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return new LineError("lost", `${named(offsets)}: the lines are gone${code ? ` (${code})` : ""}`, error);
}

export function named(offsets: readonly number[]): string {
  return offsets.map((offset) => `GPIO${offset}`).join(", ");
}
