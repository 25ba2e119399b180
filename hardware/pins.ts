/**
 * Names of the header's lines, as people who wire them say them.
 */

/** A line of the board's GPIO controller by its Broadcom number: `GPIO17`, not pin 11 of the header. */
export type PinName = `GPIO${number}`;

/** The line's offset on the header's chip; on every Raspberry Pi it is the Broadcom number. */
export function lineOffset(pin: PinName): number {
  return Number(pin.slice("GPIO".length));
}
