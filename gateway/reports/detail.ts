/**
 * How much of each figure is shown in months, weeks, days and hours, so that no file of one kind, subtracted from a file
 * of another, gives a small group away (promise 10). Pure.
 *
 * A month is cut into the parts of weeks inside it, these into days, these into hours. What is hidden in one part is
 * hidden in at least one more, and all of them together are no small group; a part never shows more than the whole.
 * So everything that can be had by adding and subtracting published figures is a sum that might have been published.
 * A period that is no such part, a week across two months or a month cut by the dates asked for, shows what all its
 * parts show. Two readings of one file at different times are not compared here: who may read only now and then sees
 * what came between as one sum, who reads after every vote sees that vote.
 */
import { isSafe, isShowable, NOTHING, type Scheme, SIDE_SHIFT, schemeOf, seenOn, VOTES } from "./scheme.ts";
import { SIDE_CELLS, type Tally, VOTE_CELLS, validOf } from "./tally.ts";

/** People below which an office or service is shown within its parent only. */
export const PEOPLE_MIN = 3;

export type Detail = {
  readonly scheme: Scheme;
  readonly rung: number;
  /** One bit for each side cell that is hidden. */
  readonly hiddenSides: number;
};

const ALL_SIDES = (1 << SIDE_CELLS.length) - 1;
const HIDDEN: Detail = {
  scheme: { rungs: [], faces: [], reasons: [] },
  rung: NOTHING,
  hiddenSides: ALL_SIDES,
};

/** How much a whole month shows. */
export function detailOfMonth(month: Tally): Detail {
  const scheme = schemeOf(month);
  const isSmall = !isShowable(validOf(month.votes)) || !areManyPeople(month);
  return {
    scheme,
    rung: isSmall ? NOTHING : (scheme.rungs.at(-1) as number),
    hiddenSides: month.sides.reduce((bits, count, cell) => bits | (isShowable(count) ? 0 : 1 << cell), 0),
  };
}

/** How much each part of a period shows. @param parent undefined for a period that was not there a moment ago. */
export function detailsOfParts(parent: Detail = HIDDEN, parts: readonly Tally[]): readonly Detail[] {
  const rungs = rungsOfParts(parent, parts);
  const hiddenSides = sidesOfParts(parent, parts);
  return parts.map((_, part) => ({
    scheme: parent.scheme,
    rung: rungs[part] as number,
    hiddenSides: hiddenSides[part] as number,
  }));
}

/** One bit for each cell that may be seen, as in `scheme.ts`. */
export function seenIn({ rung, scheme, hiddenSides }: Detail, votes: readonly number[]): number {
  return seenOn(rung, scheme, votes) | ((ALL_SIDES & ~hiddenSides) << SIDE_SHIFT);
}

function rungsOfParts({ scheme, rung: top }: Detail, parts: readonly Tally[]): readonly number[] {
  const rungs = parts.map(() => NOTHING);
  const weights = parts.map((part) => validOf(part.votes));
  let below = NOTHING;
  for (const rung of scheme.rungs) {
    if (rung > top) break;
    const hidden = hiddenParts(
      weights,
      (part) => rungs[part] === below && isPartSafe(rung, scheme, parts[part] as Tally),
      (several) => isPartSafe(rung, scheme, together(parts, several)),
    );
    for (let part = 0; part < parts.length; part++) if (!hidden.has(part)) rungs[part] = rung;
    below = rung;
  }
  return rungs;
}

function sidesOfParts(parent: Detail, parts: readonly Tally[]): readonly number[] {
  const bits = parts.map(() => parent.hiddenSides);
  for (let cell = 0; cell < SIDE_CELLS.length; cell++) {
    if ((parent.hiddenSides & (1 << cell)) !== 0) continue;
    const counts = parts.map((part) => part.sides[cell] as number);
    const hidden = hiddenParts(
      counts,
      (part) => isShowable(counts[part] as number),
      (several) => isShowable([...several].reduce((sum, part) => sum + (counts[part] as number), 0)),
    );
    for (const part of hidden) (bits[part] as number) |= 1 << cell;
  }
  return bits;
}

/**
 * The parts to hide: those that may not be shown, and from the last part backwards others with them, until they are
 * two at least and no small group together. The order is fixed for the same reason as in `scheme.ts`.
 */
function hiddenParts(
  weights: readonly number[],
  mayShow: (part: number) => boolean,
  areSafe: (several: ReadonlySet<number>) => boolean,
): ReadonlySet<number> {
  const hidden = new Set<number>();
  for (let part = 0; part < weights.length; part++) {
    if ((weights[part] as number) > 0 && !mayShow(part)) hidden.add(part);
  }
  let isLast = true;
  for (let part = weights.length - 1; part >= 0 && hidden.size > 0; part--) {
    if ((weights[part] as number) === 0) continue;
    if (!isLast && hidden.size > 1 && areSafe(hidden)) break;
    hidden.add(part);
    isLast = false;
  }
  return hidden;
}

function isPartSafe(rung: number, scheme: Scheme, part: Tally): boolean {
  return isSafe(rung, scheme, part.votes) && (rung > VOTES || areManyPeople(part));
}

function areManyPeople({ votes, people }: Tally): boolean {
  return people >= PEOPLE_MIN || validOf(votes) === 0;
}

/** The votes of several parts, with the largest number of people of one of them: they may be the same people. */
function together(parts: readonly Tally[], several: ReadonlySet<number>): Tally {
  const votes = VOTE_CELLS.map(() => 0);
  let people = 0;
  for (const part of several) {
    const tally = parts[part] as Tally;
    for (let cell = 0; cell < votes.length; cell++) (votes[cell] as number) += tally.votes[cell] as number;
    if (tally.people > people) people = tally.people;
  }
  return { votes, people, sides: [], issued: 0 };
}
