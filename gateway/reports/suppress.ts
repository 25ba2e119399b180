/**
 * Keeps small groups hidden in one row of a report (promise 10): a score needs 10 votes, a cell 5, and where one cell
 * of a sum is hidden another one is hidden with it, so that it cannot be had by subtraction. Pure.
 * Does not yet defend against comparing several files of different periods.
 */
import { FACES, REASONS } from "#schemas/code-list.ts";
import type { CountColumn } from "../rollups/counts.ts";

/** Votes below which no percentage is shown. */
export const SCORE_MIN = 10;
/** Votes below which a cell is not shown; nothing at all is shown of fewer. */
export const CELL_MIN = 5;
/** People below which an office or service is shown within its parent only. */
export const STAFF_MIN = 3;

export type ShownCounts = Readonly<Record<CountColumn, number | null>>;
export type Shown = {
  readonly counts: ShownCounts;
  readonly valid: number | null;
  /** Percentages of green may be shown. */
  readonly score: boolean;
  readonly suppressed: boolean;
};

const REASON_COLUMNS = REASONS.map((reason) => `reason_${reason}` as const);

/** Everything as it is: for who holds `reports:exact`. */
export function showAll(counts: Readonly<Record<CountColumn, number>>): Shown {
  return { counts, valid: counts.green + counts.yellow + counts.red, score: true, suppressed: false };
}

/** What may be shown of a row. @param staff people working in the office; null when the office is not known. */
export function suppress(counts: Readonly<Record<CountColumn, number>>, staff: number | null): Shown {
  const valid = counts.green + counts.yellow + counts.red;
  if (staff !== null && staff < STAFF_MIN) return hideAll(counts);
  const hidden = new Set<CountColumn>(valid === 0 ? [] : hiddenOf(counts, FACES, valid));
  if (counts.red > 0) {
    const all = hidden.has("red");
    for (const column of all ? REASON_COLUMNS : hiddenOf(counts, REASON_COLUMNS, counts.red))
      hidden.add(column);
  }
  for (const [column, count] of Object.entries(counts) as [CountColumn, number][]) {
    if (isSmall(count) && !isFaceOrReason(column)) hidden.add(column);
  }
  const shown = Object.fromEntries(
    Object.entries(counts).map(([column, count]) => [
      column,
      hidden.has(column as CountColumn) ? null : count,
    ]),
  ) as ShownCounts;
  const score = valid >= SCORE_MIN && !hidden.has("green");
  return {
    counts: shown,
    valid: isSmall(valid) ? null : valid,
    score,
    suppressed: hidden.size > 0 || isSmall(valid) || (valid > 0 && !score),
  };
}

/** The cells of one sum to hide: the small ones, and the next smallest until what is hidden is no small group itself. */
function hiddenOf(
  counts: Readonly<Record<CountColumn, number>>,
  columns: readonly CountColumn[],
  total: number,
): readonly CountColumn[] {
  if (total < CELL_MIN) return columns;
  const rising = [...columns].sort((a, b) => counts[a] - counts[b]);
  const hidden = rising.filter((column) => isSmall(counts[column]));
  if (hidden.length === 0) return [];
  for (const column of rising.filter((c) => !hidden.includes(c))) {
    const sum = hidden.reduce((all, c) => all + counts[c], 0);
    if (hidden.length >= 2 && sum >= CELL_MIN) break;
    hidden.push(column);
  }
  return hidden;
}

function hideAll(counts: Readonly<Record<CountColumn, number>>): Shown {
  const shown = Object.fromEntries(Object.keys(counts).map((column) => [column, null])) as ShownCounts;
  return { counts: shown, valid: null, score: false, suppressed: true };
}

function isSmall(count: number): boolean {
  return count > 0 && count < CELL_MIN;
}

function isFaceOrReason(column: CountColumn): boolean {
  return FACES.some((face) => face === column) || REASON_COLUMNS.some((reason) => reason === column);
}
