/**
 * How a real switch behaves when pressed and released: contacts bounce for some milliseconds either way. Pure; the
 * randomness is passed in.
 */

/** One raw change of level, `atMs` before or after the moment the level settles. */
export type RawEdge = { readonly active: boolean; readonly offsetMs: number };

/** Longest bounce of the good switches measured by Ganssle is 6.2 ms (hardware reference); a worn one is worse. */
export const BOUNCE_MAX_MS = 9;

/** Most extra pairs of edges in one bounce. */
const PAIRS_MAX = 4;

/**
 * The edges of one change of level, the last one settling it, with offsets from `-bounceMs` to 0: by the time anybody
 * hears of them, they lie in the past, as with a kernel that stamps them.
 */
export function bounce(active: boolean, bounceMs: number, random: () => number): readonly RawEdge[] {
  const pairs = Math.floor(random() * (PAIRS_MAX + 1));
  const offsets = Array.from({ length: pairs * 2 + 1 }, () => -random() * bounceMs).sort((a, b) => a - b);
  return offsets.map((offsetMs, index) => ({ active: index % 2 === 0 ? active : !active, offsetMs }));
}
