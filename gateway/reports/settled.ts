/**
 * Which figures who may not see exact ones is shown at all: whole months that are closed and proved, as they were proved. Pure.
 *
 * Hiding small cells keeps one reading from giving a small group away, not two: who reads a file of the running day, then the same file one
 * vote later, has that vote, its face and its moment by subtraction, however carefully each of the two was suppressed; who reads a month
 * every morning has every day of it. Nothing shown of a part while its month runs can be kept safe afterwards either: what the month
 * publishes less what was shown is the rest, and nobody can say before the end that the rest will be no small group. So
 *
 * - a month is shown once it is proved: until then there are the live figures, which move in steps (promise 8);
 * - from then on its days, hours and weeks stay what they were, and what comes late is in none of them;
 * - the month itself is what was published: a late vote is in it once a revision is, which `proof/revision.ts` makes only when the late
 *   votes are no small group in anything that can be worked out.
 */
import { addDays, type LocalDay, monthSpan } from "#schemas/local-day.ts";
import { COUNT_COLUMNS, type Counts } from "../rollups/counts.ts";
import type { CounterRow } from "./lines.ts";
import { type DaySpan, monthsTouching } from "./periods.ts";

/** A counter row of some slot. */
export type SlotRow = CounterRow & { readonly slot: number };
/** What was counted late in one. */
export type LateRow = Omit<SlotRow, "counts"> & { readonly revision: number; readonly counts: Counts };

/** The months that are proved, with their latest revisions. */
export type ProvedMonths = ReadonlyMap<string, number>;

/** The days of a span up to the last one that is settled; null when none of its days is. */
export function settledSpan(span: DaySpan, proved: ProvedMonths): DaySpan | null {
  const months = monthsTouching(span).map(({ fromDay }) => fromDay.slice(0, 7));
  const last = months.findLast((month) => proved.has(month));
  if (last === undefined) return null;
  const end = monthSpan(last).to;
  return { fromDay: span.fromDay, toDay: end < span.toDay ? end : span.toDay };
}

/** The last settled day; null before there is one. */
export function settledThrough(proved: ProvedMonths): LocalDay | null {
  const last = [...proved.keys()].sort().at(-1);
  return last === undefined ? null : addDays(monthSpan(last).to, -1);
}

/**
 * Whether a late count is left out of a span's figures.
 * @param latest the month's latest revision, for the month as a whole; null for its parts, which stay what they were first.
 */
export function isLeftOut(late: Pick<LateRow, "revision">, latest: number | null): boolean {
  return latest === null || late.revision >= latest;
}

/** Counter rows without what came late. Of the same slot, place and wording there is one row, and any number of late ones. */
export function withoutLate<Row extends SlotRow>(
  rows: readonly Row[],
  late: readonly LateRow[],
): readonly Row[] {
  if (late.length === 0) return rows;
  const sums = new Map<string, Record<string, number>>();
  for (const row of late) {
    const name = nameOf(row);
    const sum = sums.get(name) ?? {};
    sums.set(name, sum);
    for (const [column, count] of Object.entries(row.counts)) sum[column] = (sum[column] ?? 0) + count;
  }
  return rows.flatMap((row) => {
    const sum = sums.get(nameOf(row));
    if (sum === undefined) return [row];
    const left = COUNT_COLUMNS.map((column) => [column, row.counts[column] - (sum[column] ?? 0)] as const);
    // A row that only late votes had made was not there.
    return left.every(([, count]) => count === 0) ? [] : [{ ...row, counts: Object.fromEntries(left) }];
  });
}

function nameOf({ slot, siteId, officeId, serviceId, wording }: Omit<SlotRow, "counts">): string {
  return `${slot} ${siteId} ${officeId} ${serviceId} ${wording}`;
}
