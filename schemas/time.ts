/**
 * Durations, and the hour and minute a moment falls in. Pure arithmetic: loads nothing, not even the shapes of times,
 * which are in `entry-time.ts`.
 */
export type { EntryTime } from "./entry-time.ts";

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** The UTC hour a moment falls in, as a count of hours since 1970. */
export function hourOf(ms: number): number {
  return Math.floor(ms / HOUR_MS);
}

/** The UTC minute a moment falls in, as a count of minutes since 1970. */
export function minuteOf(ms: number): number {
  return Math.floor(ms / MINUTE_MS);
}
