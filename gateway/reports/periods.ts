/**
 * The periods of a report: which days they hold and what they are called. Pure.
 */
import {
  addDays,
  dayStartMs,
  isoWithOffset,
  type LocalDay,
  monthSpan,
  periodStartDay,
  weekName,
} from "#schemas/local-day.ts";

/** Local days from `fromDay` on, `toDay` not included. */
export type DaySpan = { readonly fromDay: LocalDay; readonly toDay: LocalDay };

/** The whole months that a span touches. */
export function monthsTouching(span: DaySpan): readonly DaySpan[] {
  const months: DaySpan[] = [];
  for (let day = span.fromDay; day < span.toDay; ) {
    const { from, to } = monthSpan(day.slice(0, 7));
    months.push({ fromDay: from, toDay: to });
    day = to;
  }
  return months;
}

/** A span cut where weeks begin, on Mondays. */
export function weekParts(span: DaySpan): readonly DaySpan[] {
  const parts: DaySpan[] = [];
  for (let fromDay = span.fromDay; fromDay < span.toDay; ) {
    const monday = addDays(periodStartDay(fromDay, "week"), 7);
    const toDay = monday < span.toDay ? monday : span.toDay;
    parts.push({ fromDay, toDay });
    fromDay = toDay;
  }
  return parts;
}

/** The days of a span, each as a span of its own. */
export function daysOf(span: DaySpan): readonly DaySpan[] {
  const days: DaySpan[] = [];
  for (let fromDay = span.fromDay; fromDay < span.toDay; ) {
    const toDay = addDays(fromDay, 1);
    days.push({ fromDay, toDay });
    fromDay = toDay;
  }
  return days;
}

/** True when the two spans share a day. */
export function doOverlap(a: DaySpan, b: DaySpan): boolean {
  return a.fromDay < b.toDay && b.fromDay < a.toDay;
}

/** True when a span holds every day of another. */
export function covers(whole: DaySpan, part: DaySpan): boolean {
  return whole.fromDay <= part.fromDay && part.toDay <= whole.toDay;
}

/** What a period is called: `2026-11`, `2026-W48` or `2026-11-24`. */
export function periodName(by: "day" | "week" | "month", day: LocalDay): string {
  if (by === "day") return day;
  return by === "month" ? day.slice(0, 7) : weekName(day);
}

/** The moment a local day begins, with the zone's offset. */
export function dayStart(day: LocalDay, zone: string): string {
  return isoWithOffset(dayStartMs(day, zone), zone);
}

/** What an hour is called, `2026-11-24T10:00+01:00`, from the moment it begins: autumn's two hours have two names. */
export function hourName(start: string): string {
  return `${start.slice(0, 16)}${start.slice(19)}`;
}
