/**
 * Report rows: the lines of one period with the people served, in the order of the files. Pure.
 */
import { percentTenths, type Tenths, wilsonTenths } from "./figures.ts";
import { emptyLine, type Line, type Lines, placeKeyOf } from "./lines.ts";
import type { Place } from "./places.ts";
import { ALL_SEEN, isSeen, isValidSeen, SCORE_MIN } from "./scheme.ts";
import { cellIndex, isReported, validOf } from "./tally.ts";

/** How a period is called and when it begins, in a zone. */
export type PeriodName = {
  readonly period: string;
  readonly periodStart: string;
  readonly zone: string;
};

/** One row before it is cut into columns. */
export type ReportRow = {
  readonly name: PeriodName;
  readonly line: Line;
  /** Null where it is hidden. */
  readonly valid: number | null;
  readonly served: number | null;
  readonly participation: Tenths | null;
  readonly score: { readonly share: Tenths; readonly low: Tenths; readonly high: Tenths } | null;
  readonly isSuppressed: boolean;
};

/** People served, by place key. */
export type Served = ReadonlyMap<string, { readonly place: Place; readonly served: number }>;

const GREEN_CELL = cellIndex("green");

/** Adds up served counts by place. */
export function servedSums(counts: Iterable<{ readonly place: Place; readonly served: number }>): Served {
  const sums = new Map<string, { place: Place; served: number }>();
  for (const { place, served } of counts) {
    const key = placeKeyOf(place);
    sums.set(key, { place, served: served + (sums.get(key)?.served ?? 0) });
  }
  return sums;
}

/** The rows of one period, sorted by key. Only lines that hold a vote, a refusal or a served count make one. */
export function rowsOf(
  lines: Lines,
  served: Served,
  about: {
    readonly nameAt: (siteId: string) => PeriodName;
    /** The reader may see small groups: a score is then shown of any number of votes. */
    readonly isExact: boolean;
  },
): readonly ReportRow[] {
  const sorted = [...lines.values(), ...servedAlone(lines, served)].sort(byKey);
  const rows: ReportRow[] = [];
  for (const [index, line] of sorted.entries()) {
    const isNewest = sorted[index + 1]?.placeKey !== line.placeKey;
    // People are served, not wordings: where a period has several, the newest one's row has the number.
    const count = isNewest && served.size > 0 ? (served.get(line.placeKey)?.served ?? null) : null;
    if (count === null && !isReported(line.tally)) continue;
    const isOnly = isNewest && sorted[index - 1]?.placeKey !== line.placeKey;
    const name = about.nameAt(line.place.siteId);
    rows.push(rowOf(line, { name, served: count, isOnly, isExact: about.isExact }));
  }
  return rows;
}

function rowOf(
  line: Line,
  about: {
    readonly name: PeriodName;
    readonly served: number | null;
    readonly isOnly: boolean;
    readonly isExact: boolean;
  },
): ReportRow {
  const { name, served, isOnly, isExact } = about;
  const sum = validOf(line.tally);
  const valid = isValidSeen(line.seen) ? sum : null;
  const hasScore =
    sum > 0 && valid !== null && isSeen(line.seen, GREEN_CELL) && (sum >= SCORE_MIN || isExact);
  return {
    name,
    line,
    valid,
    served,
    participation: valid === null || served === null || !isOnly ? null : percentTenths(valid, served),
    score: hasScore ? scoreOf(line.tally.cells[GREEN_CELL] as number, sum) : null,
    isSuppressed: line.seen !== ALL_SEEN || (sum > 0 && !hasScore),
  };
}

function scoreOf(green: number, valid: number): ReportRow["score"] {
  const share = percentTenths(green, valid);
  const interval = wilsonTenths(green, valid);
  return share === null || interval === null ? null : { share, ...interval };
}

/** A line for each place where people were served and nobody voted. */
function servedAlone(lines: Lines, served: Served): readonly Line[] {
  if (served.size === 0) return [];
  const places = new Set([...lines.values()].map((line) => line.placeKey));
  return [...served].flatMap(([key, { place }]) => (places.has(key) ? [] : [emptyLine(place)]));
}

function byKey(a: Line, b: Line): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}
