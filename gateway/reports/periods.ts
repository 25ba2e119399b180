/**
 * The periods of a report: which days they hold and what they are called. Pure.
 */
import {
  addDays,
  dayStartMs,
  isoWithOffset,
  type LocalDay,
  periodStartDay,
  weekName,
} from "#schemas/local-day.ts";
import type { DaySpan } from "../store/store.ts";

/** Spans of days that a report by week or month adds up, cut to the days asked for. */
export function spansOf(by: "week" | "month", span: DaySpan): readonly DaySpan[] {
  const spans: DaySpan[] = [];
  for (let from = span.fromDay; from < span.toDay; ) {
    const next = nextPeriodDay(from, by);
    const toDay = next < span.toDay ? next : span.toDay;
    spans.push({ fromDay: from, toDay });
    from = toDay;
  }
  return spans;
}

/** What a period is called: `2026-11`, `2026-W48`, `2026-11-24` or `2026-11-24T10:00+01:00`. */
export function dayPeriodName(by: "day" | "week" | "month", fromDay: LocalDay): string {
  if (by === "day") return fromDay;
  return by === "month" ? fromDay.slice(0, 7) : weekName(fromDay);
}

/** An hour's name and start in a zone. */
export function hourPeriod(hourMs: number, zone: string): { readonly name: string; readonly start: string } {
  const start = isoWithOffset(hourMs, zone);
  return { name: `${start.slice(0, 16)}${start.slice(19)}`, start };
}

/** The moment a local day begins, with the zone's offset. */
export function dayStart(day: LocalDay, zone: string): string {
  return isoWithOffset(dayStartMs(day, zone), zone);
}

function nextPeriodDay(day: LocalDay, by: "week" | "month"): LocalDay {
  const start = periodStartDay(day, by);
  // The 28th is in every month, and four days later is always the next one.
  return by === "week" ? addDays(start, 7) : periodStartDay(addDays(`${start.slice(0, 8)}28`, 4), "month");
}
