/**
 * How long to wait before a device that is away is asked for again, the same for every device: the wait doubles up to the
 * slowest, and begins anew once the device was there for a while. Pure.
 */

export type BackOff = { readonly firstMs: number; readonly slowestMs: number };

/**
 * Lines of the header: another program that holds one, or a driver bound anew, lets go within a moment. A technician who
 * puts a plug back sees it within half a minute; asking costs a few system calls.
 */
export const LINES_BACK_OFF: BackOff = { firstMs: 500, slowestMs: 30_000 };

/**
 * What is plugged in: a hub that resets, or a hand that moves a plug, is done in a quarter of a second. Whoever puts it back
 * must not wonder whether it works; looking costs a folder or two read.
 */
export const PLUG_BACK_OFF: BackOff = { firstMs: 250, slowestMs: 5_000 };

/** What was there for so long was really there: its next loss begins with the quick retry. A loose contact's does not. */
export const STEADY_MS = 10_000;

/** Doublings after which every slowest is reached; years of further ones would reach infinity. */
const DOUBLINGS_MAX = 16;

/** The wait after so many failures in a row, from 1. */
export function retryMs({ firstMs, slowestMs }: BackOff, failures: number): number {
  return Math.min(slowestMs, firstMs * 2 ** Math.min(failures - 1, DOUBLINGS_MAX));
}

/** Failures in a row, counting the loss of a device that was there for so long. */
export function failuresAfterLoss(failures: number, heldForMs: number): number {
  return heldForMs >= STEADY_MS ? 1 : failures + 1;
}
