/**
 * Report rows: the lines of one period with the people served, in the order of the files. Pure.
 */
import { percentTenths, type Tenths, wilsonTenths } from "./figures.ts";
import { type Line, type Lines, lineKey, placeKey } from "./lines.ts";
import type { Place } from "./places.ts";
import { ALL_SEEN, SCORE_MIN, VALID_BIT } from "./scheme.ts";
import { isReported, NO_TALLY, validOf } from "./tally.ts";

/** One row before it is cut into columns. */
export type ReportRow = Line & {
  readonly period: string;
  readonly periodStart: string;
  readonly zone: string;
  /** Null where it is hidden. */
  readonly valid: number | null;
  readonly served: number | null;
  readonly participation: Tenths | null;
  readonly score: { readonly share: Tenths; readonly low: Tenths; readonly high: Tenths } | null;
  readonly isSuppressed: boolean;
};

/** How a period is called and when it begins in a zone. */
export type PeriodNames = (zone: string) => { readonly period: string; readonly periodStart: string };

/** People served, by place key. */
export type Served = ReadonlyMap<string, { readonly place: Place; readonly served: number }>;

/** Adds up served counts by place. */
export function servedSums(counts: Iterable<{ readonly place: Place; readonly served: number }>): Served {
  const sums = new Map<string, { place: Place; served: number }>();
  for (const { place, served } of counts) {
    const key = placeKey(place);
    sums.set(key, { place, served: served + (sums.get(key)?.served ?? 0) });
  }
  return sums;
}

/** The rows of one period, sorted by key. Only lines that hold a vote, a refusal or a served count make one. */
export function rowsOf(
  lines: Lines,
  served: Served,
  about: {
    readonly names: PeriodNames;
    readonly zoneOf: (siteId: string) => string;
    /** The reader may see small groups: a score is then shown of any number of votes. */
    readonly isExact: boolean;
  },
): readonly ReportRow[] {
  const rows: ReportRow[] = [];
  const sorted = [...withServedAlone(lines, served)].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  for (const [index, [, line]] of sorted.entries()) {
    const key = placeKey(line.place);
    const hasPlace = (other: (typeof sorted)[number] | undefined) =>
      other !== undefined && placeKey(other[1].place) === key;
    // People are served, not wordings: where a period has several, the newest one's row has the number.
    const count = hasPlace(sorted[index + 1]) ? null : (served.get(key)?.served ?? null);
    if (count === null && !isReported(line.tally)) continue;
    const isOnly = !hasPlace(sorted[index - 1]);
    const zone = about.zoneOf(line.place.siteId);
    rows.push({ ...about.names(zone), zone, ...rowOf(line, count, isOnly, about.isExact) });
  }
  return rows;
}

function rowOf(line: Line, served: number | null, isOnly: boolean, isExact: boolean) {
  const { votes } = line.tally;
  const sum = validOf(votes);
  const valid = (line.seen & VALID_BIT) === 0 ? null : sum;
  const isGreenSeen = (line.seen & 1) !== 0;
  const hasScore = sum > 0 && valid !== null && isGreenSeen && (sum >= SCORE_MIN || isExact);
  return {
    ...line,
    valid,
    served,
    participation: valid === null || served === null || !isOnly ? null : percentTenths(valid, served),
    score: hasScore ? scoreOf(votes[0] as number, sum) : null,
    isSuppressed: line.seen !== ALL_SEEN || (sum > 0 && !hasScore),
  };
}

function scoreOf(green: number, valid: number): ReportRow["score"] {
  const share = percentTenths(green, valid);
  const interval = wilsonTenths(green, valid);
  return share === null || interval === null ? null : { share, ...interval };
}

/** The lines, and one for each place where people were served and nobody voted. */
function withServedAlone(lines: Lines, served: Served): Lines {
  const places = new Set([...lines.values()].map(({ place }) => placeKey(place)));
  const alone = [...served].filter(([key]) => !places.has(key));
  if (alone.length === 0) return lines;
  return new Map([
    ...lines,
    ...alone.map(([, { place }]) => {
      const line: Line = { place, wording: null, tally: NO_TALLY, seen: ALL_SEEN };
      return [lineKey(place, null), line] as const;
    }),
  ]);
}
