/**
 * How long to wait before lines are asked for again. Pure.
 */

/** Another program that holds a line, or a driver bound anew, lets go within a moment. */
export const FIRST_RETRY_MS = 500;

/** A technician who puts a plug back sees the lamps within half a minute; asking costs a few system calls. */
export const SLOWEST_RETRY_MS = 30_000;

/** Lines held for so long are taken as safe: the next loss starts with the quick retry again. A loose contact does not. */
export const STEADY_MS = 10_000;

/** The wait after so many failures in a row, from 1: it doubles up to the slowest. */
export function retryMs(failures: number): number {
  // 2 ** 30 and more would still be cut to the slowest; a year of failures must not reach infinity.
  return Math.min(FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 30), SLOWEST_RETRY_MS);
}
