/**
 * The figures of the report to the ministry, added up from what was published of each month. What a month hides is in no sum: a total less the
 * months shown would tell it. Pure.
 */
import { REASONS, type Reason } from "#schemas/code-list.ts";
import { monthsOf } from "#schemas/local-day.ts";
import type { MinistryReport } from "#schemas/ministry-report.ts";
import type { Publication, PublishedRow } from "#schemas/publication.ts";
import { percentTenths, wilsonTenths } from "../reports/figures.ts";
import { SCORE_MIN } from "../reports/scheme.ts";

/** Rises when a field is added, removed or changes its meaning. */
export const REPORT_VERSION = 1;

type Shown = PublishedRow & {
  readonly valid: number;
  readonly green: number;
  readonly yellow: number;
  readonly red: number;
};

/** @param upHoursOf hours in service that totems stated, by month. @throws without any published month. */
export function reportOf(
  span: { readonly from: string; readonly to: string },
  published: readonly Publication[],
  upHoursOf: (month: string) => number,
): MinistryReport {
  const [first] = published;
  if (first === undefined) throw new Error(`no month from ${span.from} to ${span.to} is published`);
  const { administration, sample } = first;
  const known = new Set(published.map(({ month }) => month));
  const rows = Map.groupBy(
    published.flatMap((one) => one.rows),
    ({ uo, serviceId, wording }) => `${uo} ${serviceId} ${String(wording).padStart(4, "0")}`,
  );
  return {
    ...{ schemaVersion: REPORT_VERSION, administration, sample, from: span.from, to: span.to },
    day: published.map(({ day }) => day).reduce((one, other) => (one > other ? one : other)),
    months: published.map((one) => monthOf(one, upHoursOf(one.month))),
    missing: monthsOf(span).filter((month) => !known.has(month)),
    services: [...rows].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, of]) => serviceOf(of)),
  };
}

function monthOf(
  { month, revision, rows, taken, missingDays }: Publication,
  upHours: number,
): MinistryReport["months"][number] {
  const shown = rows.filter(isShown);
  const counted = shown.filter(({ served }) => served !== null);
  const served = counted.length === 0 ? null : sum(counted, (row) => row.served);
  return {
    ...{ month, revision, ...sumsOf(shown), served },
    participation:
      served === null
        ? null
        : percentTenths(
            sum(counted, (row) => row.valid),
            served,
          ),
    ...{ shown: shown.length, hidden: rows.length - shown.length },
    ...{ conflict: taken.conflict, expiredLate: taken.expiredLate, missingDays, upHours },
  };
}

function serviceOf(rows: readonly PublishedRow[]): MinistryReport["services"][number] {
  const latest = rows.at(-1) as PublishedRow;
  const { uo, serviceId, wording, officeName, serviceName } = latest;
  const shown = rows.filter(isShown);
  const sums = sumsOf(shown);
  return {
    ...{ uo, serviceId, wording, ...sums },
    ...(officeName === undefined ? {} : { officeName }),
    ...(serviceName === undefined ? {} : { serviceName }),
    reasons: reasonsOf(shown, sums.red),
    ...{ monthsShown: shown.length, monthsHidden: rows.length - shown.length },
  };
}

/** What is hidden stands beside what is shown: a sum that says nothing of it would be read as whole. */
function reasonsOf(shown: readonly Shown[], red: number): MinistryReport["services"][number]["reasons"] {
  const known = (reason: Reason) => {
    const counts = shown.map(({ reasons }) => reasons[reason]).filter((count) => count !== null);
    return counts.length === 0 ? null : sum(counts, (count) => count);
  };
  const reasons = {
    ...{ wait: known("wait"), staff: known("staff"), return: known("return") },
    ...{ outcome: known("outcome"), none: known("none") },
  };
  return { ...reasons, hidden: red - sum(REASONS, (reason) => reasons[reason]) };
}

function sumsOf(shown: readonly Shown[]) {
  const green = sum(shown, (row) => row.green);
  const valid = sum(shown, (row) => row.valid);
  const share = percentTenths(green, valid);
  const interval = wilsonTenths(green, valid);
  const score = valid < SCORE_MIN || share === null || interval === null ? null : { share, ...interval };
  return { valid, green, yellow: sum(shown, (row) => row.yellow), red: sum(shown, (row) => row.red), score };
}

function isShown(row: PublishedRow): row is Shown {
  return row.valid !== null && row.green !== null && row.yellow !== null && row.red !== null;
}

function sum<T>(rows: readonly T[], of: (row: T) => number | null): number {
  return rows.reduce((total, row) => total + (of(row) ?? 0), 0);
}

/** What does not add up in a report, in words: looked at before anything is written. */
export function brokenReport({ months, services }: MinistryReport): readonly string[] {
  const broken = [...months, ...services].flatMap((one) => {
    const { valid, green, yellow, red } = one;
    const name = "month" in one ? one.month : `${one.uo}/${one.serviceId}`;
    return valid === green + yellow + red
      ? []
      : [`${name}: ${valid} valid, but ${green + yellow + red} by face`];
  });
  const overfull = services.filter(({ reasons }) => reasons.hidden < 0);
  broken.push(...overfull.map(({ uo, serviceId }) => `${uo}/${serviceId}: more reasons than red votes`));
  const [byMonth, byService] = [sum(months, ({ valid }) => valid), sum(services, ({ valid }) => valid)];
  return byMonth === byService ? broken : [...broken, `${byMonth} votes by month, ${byService} by service`];
}
