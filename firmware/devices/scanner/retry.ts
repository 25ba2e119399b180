/**
 * How long to wait before a scanner's port is tried again. Pure.
 */

/** A hub that resets, or a hand that moves a plug, is done in a moment. */
const FIRST_MS = 250;

/** Whoever puts the plug back waits no longer than this for the scanner; trying costs a look at a folder. */
const SLOWEST_MS = 5_000;

/** Doublings after which the slowest is reached; further ones would only overflow. */
const DOUBLINGS_MAX = 5;

/** A port that stayed open for so long was really there: its next loss begins with the quick retry. A loose plug's does not. */
const LASTING_MS = 10_000;

/** The wait after so many failures in a row, from 1. */
export function retryMs(failures: number): number {
  return Math.min(SLOWEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, DOUBLINGS_MAX));
}

/** Failures in a row, counting the loss of a port that was open for so long. */
export function failuresAfterLoss(failures: number, openForMs: number): number {
  return openForMs >= LASTING_MS ? 1 : failures + 1;
}
