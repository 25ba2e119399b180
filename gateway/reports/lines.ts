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
  readonly place: Place;
  /** Null where nothing was asked: people were served, and nobody voted. */
  readonly wording: number | null;
  readonly tally: Tally;
  /** One bit for each cell that may be seen, as in `scheme.ts`. */
  readonly seen: number;
};

/** The lines of one period by their keys. */
export type Lines = ReadonlyMap<string, Line>;

/** How much each line of a period shows. */
export type Details = ReadonlyMap<string, Detail>;

/** The key of a place. A space comes before every character of an id, so that keys sort as their parts do. */
export function placeKey({ siteId, officeId, serviceId }: Place): string {
  return `${siteId} ${officeId} ${serviceId}`;
}

/** The key of a line. */
export function lineKey(place: Place, wording: number | null): string {
  return `${placeKey(place)} ${wording === null ? "" : String(wording).padStart(4, "0")}`;
}

/** Counter rows of one period as lines. @param places null leaves every service under its own name. */
export function linesOf(rows: readonly CounterRow[], places: PublicPlaces | null): Lines {
  const lines = new Map<string, Line>();
  const voters = new Map<string, { readonly officeId: string; readonly people: number }[]>();
  for (const row of rows) {
    const place = places === null ? row : places.shownAt(row);
    const key = lineKey(place, row.wording);
    const tally = tallyOf(row.counts);
    const before = lines.get(key);
    lines.set(key, {
      place,
      wording: row.wording,
      tally: before === undefined ? tally : addTallies(before.tally, tally),
      seen: ALL_SEEN,
    });
    if (places !== null && place !== row && validOf(tally.votes) > 0) {
      const voter = { officeId: row.officeId, people: places.peopleOf(row) };
      voters.set(key, [...(voters.get(key) ?? []), voter]);
    }
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
  for (const part of others) {
    for (const [key, line] of part) {
      const before = sum.get(key);
      sum.set(
        key,
        before === undefined
          ? line
          : { ...line, tally: addTallies(before.tally, line.tally), seen: before.seen & line.seen },
      );
    }
  }
  return sum;
}

/** How much the lines of a month show. */
export function detailsOfMonth(month: Lines): Details {
  return new Map([...month].map(([key, line]) => [key, detailOfMonth(line.tally)]));
}

/** How much the lines of each part of a period show. */
export function detailsOfLines(parent: Details, parts: readonly Lines[]): readonly Details[] {
  const details = parts.map(() => new Map<string, Detail>());
  for (const key of new Set(parts.flatMap((lines) => [...lines.keys()]))) {
    const tallies = parts.map((lines) => lines.get(key)?.tally ?? NO_TALLY);
    for (const [part, detail] of detailsOfParts(parent.get(key), tallies).entries()) {
      details[part]?.set(key, detail);
    }
  }
  return details;
}

/** Lines that show no more than their details allow. */
export function withDetails(lines: Lines, details: Details): Lines {
  const out = new Map<string, Line>();
  for (const [key, line] of lines) {
    out.set(key, { ...line, seen: seenIn(details.get(key) as Detail, line.tally.votes) });
  }
  return out;
}
