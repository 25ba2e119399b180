/**
 * When a ticket is good and when a site is open: rules that totem and gateway must judge alike. Pure.
 */

import { localClock } from "./local-day.ts";
import type { SiteSettings } from "./messages.ts";
import { MINUTE_MS } from "./time.ts";

/** A span of UTC milliseconds, `untilMs` not included. */
export type Span = { readonly fromMs: number; readonly untilMs: number };

/**
 * When a ticket may be used: from the minute the service ended, for `validMinutes`, with clocks
 * differing by `skewMinutes` either way. The printed minute is cut, not rounded, so its whole length is granted.
 */
export function ticketSpan(minute: number, rules: SiteSettings["ticketRules"]): Span {
  return {
    fromMs: (minute - rules.skewMinutes) * MINUTE_MS,
    untilMs: (minute + 1 + rules.validMinutes + rules.skewMinutes) * MINUTE_MS,
  };
}

/** True when a moment lies within the opening hours; a site without hours is always open. */
export function isOpenAt(ms: number, zone: string, hours: SiteSettings["hours"]): boolean {
  if (hours.length === 0) return true;
  const { weekday, minuteOfDay } = localClock(ms, zone);
  return hours.some((h) => h.weekday === weekday && h.fromMinute <= minuteOfDay && minuteOfDay < h.toMinute);
}
