/**
 * Local days, weeks and months of a site, in its IANA zone, as spans of UTC time. Days of 23 and 25 hours come out
 * right because every span is computed from the zone's rules, never by adding 24 hours.
 * Zones whose offset is not a whole number of hours are refused: votes are kept by UTC hour.
 */
import { Temporal } from "temporal-polyfill";
import { HOUR_MS } from "./time.ts";

/** A calendar day as `YYYY-MM-DD`. */
export type LocalDay = string;

/** What a report may be divided by. */
export const PERIODS = ["hour", "day", "week", "month"] as const;
export type Period = (typeof PERIODS)[number];

/** A zone's name. Temporal would also take an offset or a whole timestamp, which follow no daylight saving. */
const ZONE_NAME = /^[A-Za-z][A-Za-z0-9_+/-]*$/;

/** True for an IANA zone known to this Node whose offsets are whole hours. */
export function isWholeHourZone(zone: string): boolean {
  if (!ZONE_NAME.test(zone)) return false;
  try {
    // Winter and summer of this century's zones differ by whole hours or by Lord Howe's half hour.
    return ["2026-01-15T12:00Z", "2026-07-15T12:00Z"].every((instant) => {
      const { offsetNanoseconds } = Temporal.Instant.from(instant).toZonedDateTimeISO(zone);
      return offsetNanoseconds % (HOUR_MS * 1_000_000) === 0;
    });
  } catch {
    return false;
  }
}

/** True for an existing calendar day written `YYYY-MM-DD`. */
export function isLocalDay(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  try {
    Temporal.PlainDate.from(value, { overflow: "reject" });
    return true;
  } catch {
    return false;
  }
}

/** The local day a moment falls on. */
export function localDayOf(ms: number, zone: string): LocalDay {
  return zoned(ms, zone).toPlainDate().toString();
}

/** The first moment of a local day, in UTC milliseconds. */
export function dayStartMs(day: LocalDay, zone: string): number {
  return Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds;
}

/**
 * The moment of a local day's minute, in UTC milliseconds. One that the clocks skip is the moment after; of one that comes
 * twice, the first.
 */
export function localMinuteMs(day: LocalDay, minuteOfDay: number, zone: string): number {
  const time = { hour: Math.floor(minuteOfDay / 60), minute: minuteOfDay % 60 };
  return Temporal.PlainDate.from(day).toPlainDateTime(time).toZonedDateTime(zone).epochMilliseconds;
}

/** The local day `days` after this one; negative goes back. */
export function addDays(day: LocalDay, days: number): LocalDay {
  return Temporal.PlainDate.from(day).add({ days }).toString();
}

const DAY_ZERO = Temporal.PlainDate.from("1970-01-01");

/** Days since 1970-01-01 of a calendar day: a compact, sortable key. */
export function dayNumber(day: LocalDay): number {
  return DAY_ZERO.until(day).days;
}

/** The calendar day with this number. */
export function dayFromNumber(number: number): LocalDay {
  return DAY_ZERO.add({ days: number }).toString();
}

/** The first day of the week (Monday) or month that a day belongs to. */
export function periodStartDay(day: LocalDay, period: "day" | "week" | "month"): LocalDay {
  const date = Temporal.PlainDate.from(day);
  if (period === "week") return date.subtract({ days: date.dayOfWeek - 1 }).toString();
  return period === "month" ? date.with({ day: 1 }).toString() : date.toString();
}

/** The ISO week a day belongs to: `2026-W48`. */
export function weekName(day: LocalDay): string {
  const { yearOfWeek, weekOfYear } = Temporal.PlainDate.from(day);
  return `${yearOfWeek}-W${String(weekOfYear).padStart(2, "0")}`;
}

/** First day of a month written `YYYY-MM`, and first day of the next. */
export function monthSpan(month: string): { readonly from: LocalDay; readonly to: LocalDay } {
  const first = Temporal.PlainYearMonth.from(month).toPlainDate({ day: 1 });
  return { from: first.toString(), to: first.add({ months: 1 }).toString() };
}

/** The months from one to another, both with it, written `YYYY-MM`; none when they are the wrong way round. */
export function monthsOf({ from, to }: { readonly from: string; readonly to: string }): readonly string[] {
  const months: string[] = [];
  for (let month = from; month <= to; month = monthSpan(month).to.slice(0, 7)) months.push(month);
  return months;
}

/** A moment in the zone as ISO 8601 with offset and without seconds' fractions: `2026-10-25T02:00:00+01:00`. */
export function isoWithOffset(ms: number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(ms).toString({ smallestUnit: "second", timeZone: zone });
}

/** Day of the week (1 = Monday) and minute of the local day of a moment: what opening hours are compared with. */
export function localClock(
  ms: number,
  zone: string,
): { readonly weekday: number; readonly minuteOfDay: number } {
  const at = zoned(ms, zone);
  return { weekday: at.dayOfWeek, minuteOfDay: at.hour * 60 + at.minute };
}

function zoned(ms: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
}
