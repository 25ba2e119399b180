/**
 * Report rows: counters joined with the directory, served counts and suppression, in the column order of the files.
 * Pure.
 */
import type { Directory } from "../directory.ts";
import type { CountColumn } from "../rollups/counts.ts";
import { REFUSAL_COLUMNS } from "../rollups/counts.ts";
import type { PeriodCounts, ServedCount } from "../store/store.ts";
import type { Cell, Column } from "./csv.ts";
import { percentTenths, wilsonTenths } from "./figures.ts";
import { type Shown, showAll, suppress } from "./suppress.ts";

/** One row before it is cut into columns. */
export type ReportRow = {
  readonly period: string;
  readonly periodStart: string;
  readonly siteId: string;
  readonly officeId: string;
  readonly serviceId: string;
  readonly wording: number;
  readonly shown: Shown;
  readonly green: number;
  readonly issued: number;
  readonly served: number | null;
};

type ColumnOf = Column & { readonly of: (row: ReportRow, directory: Directory) => Cell };

const text = (name: string, meaning: string, of: ColumnOf["of"]): ColumnOf => ({
  name,
  type: "text",
  meaning,
  of,
});
const count = (name: string, meaning: string, column: CountColumn): ColumnOf => ({
  name,
  type: "integer",
  meaning,
  of: (row) => row.shown.counts[column],
});

/** Refusals that have a column of their own; the others are added up. */
const REFUSED_OTHERWISE = REFUSAL_COLUMNS.filter(
  (column) =>
    !["refused_used", "refused_used_elsewhere", "refused_expired", "refused_bad_signature"].includes(column),
);

/** Who and when: the columns every file begins with. */
export const KEY_COLUMNS: readonly ColumnOf[] = [
  text("period", "the period's name: month, ISO week, day or hour", (row) => row.period),
  {
    name: "period_start",
    type: "moment",
    meaning: "when it begins, local time with offset",
    of: (row) => row.periodStart,
  },
  text("site", "id of the site", (row) => row.siteId),
  text("office_id", "id of the office; empty where a refused scan could not tell", (row) => row.officeId),
  text("service_id", "id of the service; empty where a refused scan could not tell", (row) => row.serviceId),
];

/** The figures, in the order of the programme's monthly report. */
export const FIGURE_COLUMNS: readonly ColumnOf[] = [
  {
    name: "wording_version",
    type: "integer",
    meaning: "version of the wording answered; never pooled",
    of: (row) => row.wording,
  },
  {
    name: "tickets_issued",
    type: "integer",
    meaning: "tickets issued by the gateway; empty when none were",
    of: (row) => row.issued || null,
  },
  {
    name: "served",
    type: "integer",
    meaning: "people served, as the office reported; empty when it did not",
    of: (row) => row.served,
  },
  {
    name: "votes_valid",
    type: "integer",
    meaning: "valid votes: green + yellow + red",
    of: (row) => row.shown.valid,
  },
  count("green", "valid votes green", "green"),
  count("yellow", "valid votes yellow", "yellow"),
  count("red", "valid votes red", "red"),
  count("reason_wait", "red votes for waiting time", "reason_wait"),
  count("reason_staff", "red votes for staff behaviour", "reason_staff"),
  count("reason_return", "red votes for the need to come back", "reason_return"),
  count("reason_outcome", "red votes for a negative outcome", "reason_outcome"),
  count("reason_none", "red votes without a reason", "reason_none"),
  { name: "participation_pct", type: "tenths", meaning: "valid votes per 100 served", of: participation },
  {
    name: "green_pct",
    type: "tenths",
    meaning: "green per 100 valid votes; from 10 votes on",
    of: (row) => score(row)?.share ?? null,
  },
  {
    name: "green_ci_low",
    type: "tenths",
    meaning: "lower end of its 95 % Wilson interval",
    of: (row) => score(row)?.low ?? null,
  },
  {
    name: "green_ci_high",
    type: "tenths",
    meaning: "upper end of its 95 % Wilson interval",
    of: (row) => score(row)?.high ?? null,
  },
  {
    name: "rejected_used",
    type: "integer",
    meaning: "scans refused because the ticket was used",
    of: (row) => sumOf(row, ["refused_used", "refused_used_elsewhere"]),
  },
  count("rejected_expired", "scans refused because the ticket had expired", "refused_expired"),
  count("rejected_bad_sig", "scans refused because the signature was not good", "refused_bad_signature"),
  {
    name: "rejected_other",
    type: "integer",
    meaning: "scans refused for any other reason",
    of: (row) => sumOf(row, REFUSED_OTHERWISE),
  },
  count("unverified_votes", "votes without proof of a service; counted apart", "unverified"),
  count("conflict_votes", "votes with a ticket already counted; not counted", "conflict"),
  count(
    "expired_late_votes",
    "votes found to be cast after their ticket's time; not counted",
    "expired_late",
  ),
  count("time_uncertain_votes", "valid votes whose time is a guess", "time_uncertain"),
  count("after_hours_votes", "valid votes cast outside opening hours", "after_hours"),
  {
    name: "suppressed",
    type: "integer",
    meaning: "1 when small figures of the row are hidden",
    of: (row) => (row.shown.suppressed ? 1 : 0),
  },
];

/** Names, for people who read the file in a spreadsheet. */
export const NAME_COLUMNS: readonly ColumnOf[] = [
  text(
    "office_name",
    "name of the office",
    (row, directory) => directory.office(row.officeId)?.office.name ?? null,
  ),
  text(
    "service_name",
    "name of the service",
    (row, directory) => directory.service(row.serviceId)?.service.name ?? null,
  ),
];

/** The cells of a row. */
export function cellsOf(columns: readonly ColumnOf[], row: ReportRow, directory: Directory): readonly Cell[] {
  return columns.map((column) => column.of(row, directory));
}

/** True when a row says something about its period: tests and printed tickets alone do not. */
export function isReported(counts: Readonly<Record<CountColumn, number>>): boolean {
  const { green, yellow, red, conflict, expired_late, unverified } = counts;
  return (
    green + yellow + red + conflict + expired_late + unverified > 0 ||
    REFUSAL_COLUMNS.some((c) => counts[c] > 0)
  );
}

/** What of a counter row may be shown. */
export function shownOf(row: PeriodCounts, directory: Directory, exact: boolean): Shown {
  if (exact) return showAll(row.counts);
  return suppress(row.counts, directory.office(row.officeId)?.office.staff ?? null);
}

/** Served counts by office and service, added up. */
export function servedSums(counts: readonly ServedCount[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { officeId, serviceId, served } of counts) {
    const name = `${officeId}/${serviceId}`;
    sums.set(name, (sums.get(name) ?? 0) + served);
  }
  return sums;
}

function participation(row: ReportRow): Cell {
  const { valid } = row.shown;
  return valid === null || row.served === null ? null : percentTenths(valid, row.served);
}

function score(row: ReportRow) {
  const { valid, score: mayShow } = row.shown;
  if (!mayShow || valid === null) return null;
  const share = percentTenths(row.green, valid);
  const interval = wilsonTenths(row.green, valid);
  return share === null || interval === null ? null : { share, ...interval };
}

/** A sum is shown only when all its parts are: hidden parts must not come back by subtraction. */
function sumOf(row: ReportRow, columns: readonly CountColumn[]): Cell {
  let sum = 0;
  for (const column of columns) {
    const part = row.shown.counts[column];
    if (part === null) return null;
    sum += part;
  }
  return sum;
}
