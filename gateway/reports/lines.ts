/**
 * Lines: the tallies of one period, one for each service and wording, each with what of it may be seen. Two wordings
 * are never pooled. Pure.
 */
import { type Detail, detailOfMonth, detailsOfParts, seenIn } from "./detail.ts";
import { type Place, type PublicPlaces, peopleTogether } from "./places.ts";
import { ALL_SEEN } from "./scheme.ts";
import { addTallies, type CountsOfRow, NO_TALLY, type Tally, tallyOf, validOf } from "./tally.ts";

/** A counter row as the store gives it. */
export type CounterRow = Place & { readonly wording: number; readonly counts: CountsOfRow };

export type Line = {
  readonly key: string;
  readonly placeKey: string;
  readonly place: Place;
  /** Null where nothing was asked: people were served, and nobody voted. */
  readonly wording: number | null;
  readonly tally: Tally;
  /** What of the tally may be seen, in the bits of `scheme.ts`. */
  readonly seen: number;
  /** What the parts of the period may show at most; null where nothing is hidden, or the period is no part itself. */
  readonly detail: Detail | null;
};

/** The lines of one period by their keys. */
export type Lines = ReadonlyMap<string, Line>;

/** The key of a place. A space comes before every character of an id, so that keys sort as their parts do. */
export function placeKeyOf({ siteId, officeId, serviceId }: Place): string {
  return `${siteId} ${officeId} ${serviceId}`;
}

/** The line of a place where nobody voted. */
export function emptyLine(place: Place): Line {
  const placeKey = placeKeyOf(place);
  return { key: placeKey, placeKey, place, wording: null, tally: NO_TALLY, seen: ALL_SEEN, detail: null };
}

/** Counter rows of one period as lines. @param places null leaves every service under its own name. */
export function linesOf(rows: readonly CounterRow[], places: PublicPlaces | null): Lines {
  const lines = new Map<string, Line>();
  const voters = new Map<string, { readonly officeId: string; readonly people: number }[]>();
  for (const row of rows) {
    const { place, gatheredPeople } = places === null ? { place: row, gatheredPeople: null } : places(row);
    const line = lineOf(row, place);
    const before = lines.get(line.key);
    lines.set(
      line.key,
      before === undefined ? line : { ...line, tally: addTallies(before.tally, line.tally) },
    );
    if (gatheredPeople === null || validOf(line.tally) === 0) continue;
    const voter = { officeId: row.officeId, people: gatheredPeople };
    voters.set(line.key, [...(voters.get(line.key) ?? []), voter]);
  }
  for (const [key, units] of voters) {
    const line = lines.get(key) as Line;
    lines.set(key, { ...line, tally: { ...line.tally, people: peopleTogether(units) } });
  }
  return lines;
}

/** Lines of several periods added up. A line shows what it shows in each of them. */
export function sumOfLines(parts: readonly Lines[]): Lines {
  const [first = new Map<string, Line>(), ...others] = parts;
  if (others.length === 0) return first;
  const sum = new Map(first);
  for (const line of others.flatMap((lines) => [...lines.values()])) {
    const before = sum.get(line.key);
    const both = before && {
      ...line,
      tally: addTallies(before.tally, line.tally),
      seen: before.seen & line.seen,
      detail: null,
    };
    sum.set(line.key, both ?? line);
  }
  return sum;
}

/** The lines of a month, showing no more than they may. */
export function shownMonth(month: Lines): Lines {
  return new Map([...month].map(([key, line]) => [key, shown(line, detailOfMonth(line.tally))]));
}

/** The lines of each part of a period, showing no more than they and the whole may. */
export function shownParts(whole: Lines, parts: readonly Lines[]): readonly Lines[] {
  const out = parts.map(() => new Map<string, Line>());
  for (const key of new Set(parts.flatMap((lines) => [...lines.keys()]))) {
    const lines = parts.map((part) => part.get(key));
    const details = detailsOfParts(
      whole.get(key)?.detail ?? undefined,
      lines.map((line) => line?.tally ?? NO_TALLY),
    );
    for (const [part, line] of lines.entries()) {
      if (line !== undefined) out[part]?.set(key, shown(line, details[part] as Detail));
    }
  }
  return out;
}

function shown(line: Line, detail: Detail): Line {
  return { ...line, detail, seen: seenIn(detail, line.tally) };
}

function lineOf(row: CounterRow, place: Place): Line {
  const placeKey = placeKeyOf(place);
  return {
    // Four digits hold every wording there may be, and sort.
    key: `${placeKey} ${String(row.wording).padStart(4, "0")}`,
    placeKey,
    place,
    wording: row.wording,
    tally: tallyOf(row.counts),
    seen: ALL_SEEN,
    detail: null,
  };
}
