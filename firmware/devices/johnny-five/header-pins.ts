/**
 * The lines of the 40-pin header under the names johnny-five's users write: 17, "GPIO17" and "P1-11" are the same line.
 * Refuses every other name, power and ground included. Pure.
 */

/** The header brings out lines 0 to 27, on every Raspberry Pi with 40 pins (pinout: raspberrypi.com/documentation). */
export const HEADER_LINES = 28;

/** The Broadcom number at each place of the header; null is power or ground. Place 1 is the first. */
const LINE_AT: readonly (number | null)[] = [
  ...[null, null, 2, null, 3, null, 4, 14, null, 15],
  ...[17, 18, 27, null, 22, 23, null, 24, 10, null],
  ...[9, 25, 11, 8, null, 7, 0, 1, 5, null],
  ...[6, 12, 13, null, 19, 16, 26, 20, null, 21],
];

/** The line's offset. Throws a RangeError that names what was asked for. */
export function headerLine(pin: number | string): number {
  const line = typeof pin === "number" ? pin : lineCalled(pin);
  if (line === null || !Number.isInteger(line) || line < 0 || line >= HEADER_LINES) {
    throw new RangeError(
      `"${pin}" is no line of the header: say GPIO0 to GPIO27, or its place as P1-1 to P1-40 (not power, not ground)`,
    );
  }
  return line;
}

/** Where the line stands on the header, from 1 to 40. */
export function headerPlace(line: number): number {
  return LINE_AT.indexOf(line) + 1;
}

function lineCalled(name: string): number | null {
  const broadcom = /^(?:GPIO)?(\d{1,2})$/i.exec(name)?.[1];
  if (broadcom !== undefined) return Number(broadcom);
  const place = /^P1-(\d{1,2})$/i.exec(name)?.[1];
  return place === undefined ? null : (LINE_AT[Number(place) - 1] ?? null);
}
