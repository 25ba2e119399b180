/**
 * Whether a clock has gone evenly for long enough to do with it what cannot be undone. A clock that is set a year ahead, by a slip
 * or by somebody who can, and set right within the hour, must have destroyed nothing. Pure.
 */
import { HOUR_MS, MINUTE_MS } from "./time.ts";

/** A clock beside the one that nobody can set. */
export type Reading = { readonly wallMs: number; readonly monotonicMs: number };

/** What is remembered: how the two stood to each other, and since when. */
export type Steadiness = { readonly offsetMs: number; readonly sinceMs: number };

/** Corrections of NTP and the drift of a crystal stay far below this; every slip of a day or a year is above it. */
const SAME_MS = 5 * MINUTE_MS;

/** Long enough for whoever set a clock wrong to see it; short enough to have passed before the office closes. */
export const STEADY_MS = HOUR_MS;

/** What to remember after a reading. */
export function steadinessAfter(before: Steadiness | null, { wallMs, monotonicMs }: Reading): Steadiness {
  const offsetMs = wallMs - monotonicMs;
  // Measured from where it began, so that many small steps are a large one.
  if (before !== null && Math.abs(offsetMs - before.offsetMs) <= SAME_MS) return before;
  return { offsetMs, sinceMs: monotonicMs };
}

/** True once the clock has gone evenly for an hour. */
export function isSteady({ sinceMs }: Steadiness, { monotonicMs }: Reading): boolean {
  return monotonicMs - sinceMs >= STEADY_MS;
}

/** Watches a clock: each call hands it a reading, or null while the clock is not to be believed, and says whether it is steady. */
export function watchSteadiness(): (reading: Reading | null) => boolean {
  let steadiness: Steadiness | null = null;
  return (reading) => {
    steadiness = reading === null ? null : steadinessAfter(steadiness, reading);
    return reading !== null && steadiness !== null && isSteady(steadiness, reading);
  };
}
