/**
 * When something happened, as a totem knows it: wall clock, monotonic clock and whether the wall clock can be
 * believed. A Raspberry Pi before model 5 has no clock of its own, so wall time alone proves nothing.
 * Apart from `time.ts`, because whoever only reckons with times need not load the validator: in the journal's thread it
 * would be a third of the memory.
 */
import { CLOCK_STATES } from "./code-list.ts";
import { TIME_MAX_MS } from "./limits.ts";
import { id, integer, oneOf, pattern, record, type Static } from "./shape.ts";

/** UTC milliseconds. */
export const utcMs = () => integer(0, TIME_MAX_MS);

/** A calendar day. That it exists in the calendar is checked by `isLocalDay`, which a pattern cannot do. */
export const calendarDay = () =>
  pattern("^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$", 10, "a day, YYYY-MM-DD");

/** A calendar month. */
export const calendarMonth = () => pattern("^\\d{4}-(0[1-9]|1[0-2])$", 7, "a month, YYYY-MM");

/** The four facts stored with every entry. `monotonicUs` counts from the start of `bootId`'s boot. */
export const ENTRY_TIME = record({
  wallMs: utcMs(),
  monotonicUs: integer(0, Number.MAX_SAFE_INTEGER),
  bootId: id(),
  clock: oneOf(CLOCK_STATES),
});
export type EntryTime = Static<typeof ENTRY_TIME>;
