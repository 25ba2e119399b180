/**
 * What the page of trends shows, from the rows of the files and from nothing else: what a file hides is in no sum here either, so that page and
 * file agree, and the page tells nothing that the files do not. Pure.
 */
import { REASONS, type Reason } from "#schemas/code-list.ts";
import { addDays, monthSpan } from "#schemas/local-day.ts";
import { percentTenths, type Tenths, wilsonTenths } from "../reports/figures.ts";
import type { DaySpan } from "../reports/periods.ts";
import type { Place } from "../reports/places.ts";
import type { ReportRow } from "../reports/rows.ts";
import { isSeen, SCORE_MIN } from "../reports/scheme.ts";
import { cellIndex, type TallyCell } from "../reports/tally.ts";

/** A count of a row, null where it is hidden. */
export function countOf({ line }: ReportRow, cell: TallyCell): number | null {
  const index = cellIndex(cell);
  return isSeen(line.seen, index) ? (line.tally.cells[index] as number) : null;
}

export type ServiceRows = {
  readonly key: string;
  readonly place: Place;
  readonly rows: readonly ReportRow[];
};

/** Rows by service and wording, in the order of the files. Scans that tell no office are no service's. */
export function byService(rows: readonly ReportRow[]): readonly ServiceRows[] {
  const asked = rows.filter(({ line }) => line.wording !== null);
  return [...Map.groupBy(asked, ({ line }) => line.key)]
    .map(([key, own]) => ({ key, place: (own[0] as ReportRow).line.place, rows: own }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

/** Rows of one office or service; null for all. */
export function ofSelection(
  rows: readonly ReportRow[],
  { officeId, serviceId }: { readonly officeId: string | null; readonly serviceId: string | null },
): readonly ReportRow[] {
  return rows.filter(
    ({ line: { place } }) =>
      (officeId === null || place.officeId === officeId) &&
      (serviceId === null || place.serviceId === serviceId),
  );
}

export type Score = { readonly votes: number; readonly green: number } & NonNullable<ReportRow["score"]>;

/** The score of several rows together, of those that show their green votes; null where these are too few. */
export function scoreOf(rows: readonly ReportRow[], isExact: boolean): Score | null {
  let [votes, green] = [0, 0];
  for (const row of rows) {
    const own = countOf(row, "green");
    if (row.valid === null || own === null) continue;
    votes += row.valid;
    green += own;
  }
  const [share, interval] = [percentTenths(green, votes), wilsonTenths(green, votes)];
  if (share === null || interval === null || (votes < SCORE_MIN && !isExact)) return null;
  return { votes, green, share, ...interval };
}

export type ReasonSum = { readonly reason: Reason; readonly count: number };
export type ReasonSums = {
  readonly reasons: readonly ReasonSum[];
  /** Red votes whose reasons are shown. */
  readonly red: number;
  /** Rows whose reasons are hidden, in part or all. */
  readonly hiddenRows: number;
};

/** Why votes were red, over the rows that show each of their reasons. */
export function reasonSums(rows: readonly ReportRow[]): ReasonSums {
  const sums = new Map<Reason, number>(REASONS.map((reason) => [reason, 0]));
  let [red, hiddenRows] = [0, 0];
  for (const row of rows) {
    const counts = REASONS.map((reason) => countOf(row, `reason_${reason}`));
    if (counts.some((count) => count === null)) {
      hiddenRows += 1;
      continue;
    }
    for (const [at, reason] of REASONS.entries()) {
      sums.set(reason, (sums.get(reason) ?? 0) + (counts[at] as number));
      red += counts[at] as number;
    }
  }
  return { reasons: [...sums].map(([reason, count]) => ({ reason, count })), red, hiddenRows };
}

export type PeriodParticipation = {
  readonly period: string;
  readonly votes: number;
  readonly served: number;
  readonly participation: Tenths;
};

/** Valid votes per hundred people served, by period, over the services whose two numbers are both known. */
export function participationOf(rows: readonly ReportRow[]): readonly PeriodParticipation[] {
  const known = rows.filter(({ participation }) => participation !== null);
  return [...Map.groupBy(known, ({ name }) => name.period)].flatMap(([period, own]) => {
    const [votes, served] = own.reduce(
      ([v, s], row) => [v + (row.valid ?? 0), s + (row.served ?? 0)] as const,
      [0, 0] as readonly [number, number],
    );
    const participation = percentTenths(votes, served);
    return participation === null ? [] : [{ period, votes, served, participation }];
  });
}

export type HeatCell = {
  readonly weekday: number;
  readonly hour: number;
  readonly votes: number;
  readonly score: Score | null;
};
export type HeatMap = { readonly cells: readonly HeatCell[]; readonly hidden: number };

/** @param clockOf weekday (1 is Monday) and hour on the site's clock, of a period's beginning. */
export function heatMapOf(
  rows: readonly ReportRow[],
  clockOf: (row: ReportRow) => { readonly weekday: number; readonly hour: number },
  isExact: boolean,
): HeatMap {
  const shown = rows.filter(({ valid }) => valid !== null && valid > 0);
  const hidden = rows.filter(({ valid }) => valid === null).length;
  const cells = [
    ...Map.groupBy(shown, (row) => {
      const { weekday, hour } = clockOf(row);
      return weekday * 24 + hour;
    }),
  ].map(([slot, own]) => ({
    ...{ weekday: Math.floor(slot / 24), hour: slot % 24, score: scoreOf(own, isExact) },
    votes: own.reduce((sum, { valid }) => sum + (valid ?? 0), 0),
  }));
  return { cells: cells.toSorted((a, b) => a.weekday - b.weekday || a.hour - b.hour), hidden };
}

/** The last whole month of a span, and the same one a year earlier; null where the span holds none. */
export function comparedMonths({
  fromDay,
  toDay,
}: DaySpan): { readonly now: string; readonly before: string } | null {
  const month = addDays(monthSpan(toDay.slice(0, 7)).from, -1).slice(0, 7);
  if (monthSpan(month).from < fromDay) return null;
  return { now: month, before: `${Number(month.slice(0, 4)) - 1}${month.slice(4)}` };
}

/** Whether two shares differ by more than chance: their intervals do not touch. */
export function differenceOf(now: Interval, then: Interval): "higher" | "lower" | "unclear" {
  if (now.low > then.high) return "higher";
  return now.high < then.low ? "lower" : "unclear";
}

type Interval = { readonly low: Tenths; readonly high: Tenths };
