/**
 * When a page tries again to reach a totem that went silent, and when it must say that what it shows is old. Pure.
 */

/** A restarted totem is ready within a second: the first look comes soon. */
const FIRST_MS = 400;
/** Somebody watching a totem come back should not wait longer. */
const SLOWEST_MS = 5_000;

/** The totem speaks once a second; three missed times are no accident. */
export const SILENT_MS = 3_500;

/** How long to wait before the attempt after `failures` failed ones; `random` is from 0 up to 1. */
export function retryMs(failures: number, random: number): number {
  const ceiling = Math.min(SLOWEST_MS, FIRST_MS * 2 ** Math.min(failures, 10));
  // Half fixed, half random: several pages do not knock at a starting totem in the same instant.
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}

/** True when a page has heard nothing for too long. */
export function isSilent(lastHeardMs: number, nowMs: number): boolean {
  return nowMs - lastHeardMs > SILENT_MS;
}
