/**
 * What the page of trends is asked for: reads its address or says which parameter is wrong, its value and what is expected. It ends before today:
 * whoever reads it after every vote learns nothing from it (promise 8). Pure.
 */
import { addDays, dayNumber, isLocalDay, periodStartDay } from "#schemas/local-day.ts";
import { fail, ok, type Result } from "#schemas/result.ts";
import type { DaySpan } from "../reports/periods.ts";
import type { ShownService } from "./shown-services.ts";

export const TREND_PERIODS = ["day", "week", "month"] as const;
export type TrendPeriod = (typeof TREND_PERIODS)[number];

export type TrendsQuery = {
  readonly span: DaySpan;
  readonly by: TrendPeriod;
  /** Null for all offices the reader may see. */
  readonly officeId: string | null;
  readonly serviceId: string | null;
  readonly isExact: boolean;
};

/** Periods on one page: more than a chart can show apart. The files hold as many as one likes. */
const PERIODS_MAX: Readonly<Record<TrendPeriod, number>> = { day: 93, week: 106, month: 36 };
const DAYS_OF: Readonly<Record<TrendPeriod, number>> = { day: 1, week: 7, month: 28 };
/** A year, with the month that runs. */
const DEFAULT_MONTHS = 12;
/** Days or weeks: what a chart shows well. */
const DEFAULT_PERIODS = 28;
const SHOWN_VALUE_MAX = 40;

/** @param today not included: the day that runs is on the page of today. */
export function readTrendsQuery(
  raw: Readonly<Record<string, unknown>>,
  today: string,
  services: readonly ShownService[],
): Result<TrendsQuery, string> {
  const by = TREND_PERIODS.find((one) => one === (raw["by"] ?? "month"));
  if (by === undefined) return wrong("by", raw["by"], `must be one of ${TREND_PERIODS.join(", ")}`);
  const span = { fromDay: text(raw["from"]) || firstDay(today, by), toDay: text(raw["to"]) || today };
  if (!isLocalDay(span.fromDay)) return wrong("from", raw["from"], "must be a day, YYYY-MM-DD");
  if (!isLocalDay(span.toDay)) return wrong("to", raw["to"], "must be a day, YYYY-MM-DD");
  if (span.toDay > today) return wrong("to", span.toDay, `must be at most ${today}: today is not over`);
  if (span.fromDay >= span.toDay) return wrong("from", span.fromDay, `must be before to = ${span.toDay}`);
  const daysMax = PERIODS_MAX[by] * DAYS_OF[by];
  if (dayNumber(span.toDay) - dayNumber(span.fromDay) > daysMax)
    return wrong(
      "from",
      span.fromDay,
      `must be at most ${daysMax} days before to with by = ${by}; the files hold more`,
    );
  const officeId = text(raw["office"]) || null;
  if (officeId !== null && !services.some(({ place }) => place.officeId === officeId))
    return wrong("office", officeId, "must be an office that you may see");
  const serviceId = text(raw["service"]) || null;
  const own = services.filter(({ place }) => officeId === null || place.officeId === officeId);
  if (serviceId !== null && !own.some(({ place }) => place.serviceId === serviceId))
    return wrong("service", serviceId, "must be a service of the office, and one that you may see");
  return ok({ span, by, officeId, serviceId, isExact: raw["exact"] === "1" });
}

function firstDay(today: string, by: TrendPeriod): string {
  if (by !== "month") return addDays(today, -DEFAULT_PERIODS * DAYS_OF[by]);
  let first = periodStartDay(addDays(today, -1), "month");
  for (let n = 1; n < DEFAULT_MONTHS; n++) first = periodStartDay(addDays(first, -1), "month");
  return first;
}

function wrong(name: string, value: unknown, expected: string): Result<never, string> {
  const said = String(value);
  return fail(
    `${name} = ${said.length > SHOWN_VALUE_MAX ? `${said.slice(0, SHOWN_VALUE_MAX)}…` : said}: ${expected}`,
  );
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
