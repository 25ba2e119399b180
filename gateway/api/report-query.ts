/**
 * What a report is asked for: reads the query of `/reports/...` or says which parameter is wrong, its value and what is
 * expected. Guesses nothing.
 */
import {
  addDays,
  dayNumber,
  isLocalDay,
  localDayOf,
  monthSpan,
  PERIODS,
  type Period,
} from "#schemas/local-day.ts";
import { fail, ok, type Result } from "#schemas/result.ts";
import { keptDays } from "#schemas/retention.ts";
import { DAY_MS } from "#schemas/time.ts";
import { CSV_PROFILES, type CsvProfile } from "../reports/csv.ts";
import type { DaySpan } from "../reports/periods.ts";

/** The forms a file comes in; CSV is the one that its profiles and metadata are for. */
export const FILE_FORMATS = ["csv", "json", "ndjson", "xlsx"] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

export type ReportQuery = {
  readonly kind: "aggregate" | "monthly";
  readonly span: DaySpan;
  readonly by: Period;
  readonly format: FileFormat;
  readonly profile: CsvProfile;
  readonly isExact: boolean;
};

/** Which part of a file is asked for: so many rows, from the beginning or from where an earlier answer said. */
export type PageQuery = { readonly limit: number; readonly cursor: string | null };

/** Rows of a page: some 2 MB, which are held until their number is known. */
export const PAGE_ROWS_MAX = 10_000;
/** Forms whose parts make the whole when one is put after the other; of the others a part would be no file. */
const PAGED_FORMATS: readonly FileFormat[] = ["csv", "ndjson"];
const PAGE_PARAMETERS = ["limit", "cursor"];

/** A query as it came: every value once, as text. */
export type RawQuery = Readonly<Record<string, unknown>>;

/** Ten years: longer than any campaign, so that a mistyped year does not keep the gateway busy. */
const SPAN_DAYS_MAX = 3_660;

/** Longest value repeated in a message. */
const SHOWN_VALUE_MAX = 40;

const AGGREGATE_PARAMETERS = ["from", "to", "month", "by", "profile", "exact"];
const MONTHLY_PARAMETERS = ["month", "profile", "exact"];

/** The query of `aggregate.csv` and its like. */
export function readAggregateQuery(
  raw: RawQuery,
  nowMs: number,
  format: FileFormat,
): Result<ReportQuery, string> {
  const form = readForm(raw, AGGREGATE_PARAMETERS, format);
  if (!form.ok) return form;
  const by = oneOf("by", raw["by"] ?? "day", PERIODS);
  if (!by.ok) return by;
  const span = readSpan(raw);
  if (!span.ok) return span;
  const tooMuch = limitProblem(by.value, span.value, nowMs);
  if (tooMuch !== null) return fail(tooMuch);
  return ok({ kind: "aggregate", span: span.value, by: by.value, ...form.value });
}

/** The query of `monthly.csv` and its like. */
export function readMonthlyQuery(raw: RawQuery, format: FileFormat): Result<ReportQuery, string> {
  const form = readForm(raw, MONTHLY_PARAMETERS, format);
  if (!form.ok) return form;
  const span = readMonth(raw["month"]);
  if (!span.ok) return span;
  return ok({ kind: "monthly", span: span.value, by: "month", ...form.value });
}

/** The file's name: it carries the first and the last day it holds. */
export function fileName(query: ReportQuery, isSample: boolean): string {
  const { kind, by, span, format, profile, isExact } = query;
  const parts = [
    "faccine",
    kind === "monthly" ? "monthly" : `by-${by}`,
    span.fromDay,
    addDays(span.toDay, -1),
    ...(isExact ? ["exact"] : []),
    ...(profile === "open" ? [] : [profile]),
    ...(isSample ? ["dati-di-esempio"] : []),
  ];
  return `${parts.join("_")}.${format}`;
}

/** The query again, in one fixed form: where the file's metadata is, and the file itself seen from there. */
export function queryText({ kind, span, by, profile, isExact }: ReportQuery): string {
  const query = new URLSearchParams(
    kind === "monthly" ? { month: span.fromDay.slice(0, 7) } : { from: span.fromDay, to: span.toDay, by },
  );
  if (profile !== "open") query.set("profile", profile);
  if (isExact) query.set("exact", "1");
  return query.toString();
}

/** The page a query asks for; null for the whole file. */
export function readPageQuery(raw: RawQuery, format: FileFormat): Result<PageQuery | null, string> {
  const { limit, cursor } = raw;
  if (limit === undefined && cursor === undefined) return ok(null);
  if (!PAGED_FORMATS.includes(format))
    return fail(`limit, cursor: only ${PAGED_FORMATS.join(" and ")} come in pages, ${format} comes whole`);
  if (limit === undefined)
    return fail("limit: is missing; with cursor say how many rows, as for the first page");
  const rows = /^[1-9]\d{0,5}$/.test(String(limit)) ? Number(limit) : 0;
  if (rows === 0 || rows > PAGE_ROWS_MAX)
    return fail(`limit = ${shown(limit)}: must be a whole number from 1 to ${PAGE_ROWS_MAX}`);
  return ok({ limit: rows, cursor: cursor === undefined ? null : String(cursor) });
}

function readForm(
  raw: RawQuery,
  all: readonly string[],
  format: FileFormat,
): Result<Pick<ReportQuery, "format" | "profile" | "isExact">, string> {
  // Commas and decimal marks are a matter of CSV alone.
  const known = [...all, ...PAGE_PARAMETERS].filter((name) => format === "csv" || name !== "profile");
  for (const [name, value] of Object.entries(raw)) {
    if (!known.includes(name)) return fail(`${shown(name)}: is no parameter; there are ${known.join(", ")}`);
    if (typeof value !== "string") return fail(`${name}: must be given once`);
  }
  const profile = oneOf("profile", raw["profile"] ?? "open", CSV_PROFILES);
  if (!profile.ok) return profile;
  const exact = oneOf("exact", raw["exact"] ?? "0", ["0", "1"] as const);
  return exact.ok ? ok({ format, profile: profile.value, isExact: exact.value === "1" }) : exact;
}

function readSpan(raw: RawQuery): Result<DaySpan, string> {
  const { from, to, month } = raw;
  if (month !== undefined) {
    if (from === undefined && to === undefined) return readMonth(month);
    return fail("month: must be given alone, without from and to");
  }
  for (const [name, value] of Object.entries({ from, to })) {
    if (value === undefined)
      return fail(`${name}: is missing; give from and to (a day each, to not included) or month`);
    if (!isLocalDay(String(value))) return fail(`${name} = ${shown(value)}: must be a day, YYYY-MM-DD`);
  }
  const span = { fromDay: String(from), toDay: String(to) };
  if (span.fromDay < span.toDay) return ok(span);
  return fail(`to = ${span.toDay}: must be after from = ${span.fromDay}, because the day to is not included`);
}

function readMonth(month: unknown): Result<DaySpan, string> {
  if (month === undefined) return fail("month: is missing; give YYYY-MM");
  if (!isLocalDay(`${month}-01`)) return fail(`month = ${shown(month)}: must be a month, YYYY-MM`);
  const { from, to } = monthSpan(String(month));
  return ok({ fromDay: from, toDay: to });
}

function limitProblem(by: Period, { fromDay, toDay }: DaySpan, nowMs: number): string | null {
  const days = dayNumber(toDay) - dayNumber(fromDay);
  if (days > SPAN_DAYS_MAX) {
    return `to = ${toDay}: must be at most ${SPAN_DAYS_MAX} days (ten years) after from = ${fromDay}`;
  }
  if (by !== "hour") return null;
  const kept = keptDays("gateway-hour-counts");
  const oldest = localDayOf(nowMs - (kept - 1) * DAY_MS, "UTC");
  if (fromDay < oldest) {
    return `from = ${fromDay}: must not be before ${oldest} with by = hour, because hours are kept for ${kept} days; ask by = day`;
  }
  return days > kept
    ? `to = ${toDay}: must be at most ${kept} days after from = ${fromDay} with by = hour`
    : null;
}

function oneOf<const T extends readonly string[]>(
  name: string,
  value: unknown,
  values: T,
): Result<T[number], string> {
  const found = values.find((known) => known === value);
  if (found !== undefined) return ok(found);
  return fail(`${name} = ${shown(value)}: must be one of ${values.join(", ")}`);
}

function shown(value: unknown): string {
  const text = String(value);
  return text.length > SHOWN_VALUE_MAX ? `${text.slice(0, SHOWN_VALUE_MAX)}…` : text;
}
