/**
 * When something happened, as a totem knows it: wall clock, monotonic clock and whether the wall clock can be
 * believed. A Raspberry Pi before model 5 has no clock of its own, so wall time alone proves nothing.
 */
import { CLOCK_STATES } from "./code-list.ts";
import { TIME_MAX_MS } from "./limits.ts";
import { id, integer, oneOf, record, type Static } from "./shape.ts";

/** UTC milliseconds. */
export const utcMs = () => integer(0, TIME_MAX_MS);

/** The four facts stored with every entry. `monotonicUs` counts from the start of `bootId`'s boot. */
export const ENTRY_TIME = record({
  wallMs: utcMs(),
  monotonicUs: integer(0, Number.MAX_SAFE_INTEGER),
  bootId: id(),
  clock: oneOf(CLOCK_STATES),
});
export type EntryTime = Static<typeof ENTRY_TIME>;

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
