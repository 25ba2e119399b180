/**
 * What the page of today shows of each service, and when it moves (promises 8 and 10). Pure.
 *
 * Somebody who stands at the totem and looks at the page after every press must not learn what was pressed. Rounding each face down to a
 * step is not enough: the press at which red goes from 0 to 5 was red. So a service's figures move together, all at once, and only when
 * `step` or more votes have come since they last moved. In whatever order these came, every look at the page shows the same: of a
 * group of votes one learns how many there were and, in whole steps, of which faces; never which of them was which. The number of votes is
 * rounded down like the faces, so that what the faces leave out cannot be worked out from it.
 *
 * After a start nobody knows what was shown before it: a service's figures are held back until a whole group has come since. On the
 * page below the exact figures, a day is treated as a month is in the files (`reports/detail.ts`): small groups stay hidden, and few
 * people's services stand within their parent. Sums of steps of five leave every count between two values five apart, so that days
 * hidden in a file cannot be worked out from what was once live.
 */
import { type Line, type Lines, shownMonth } from "../reports/lines.ts";
import type { Place } from "../reports/places.ts";
import { isSeen, isValidSeen } from "../reports/scheme.ts";
import { cellIndex, validOf } from "../reports/tally.ts";

/** Figures of one service; null where they are hidden. */
export type LiveFigures = {
  readonly valid: number | null;
  readonly green: number | null;
  readonly yellow: number | null;
  readonly red: number | null;
};

type HeldPlace = {
  readonly place: Place;
  /** Valid votes when the figures last moved. */
  readonly atVotes: number;
  /** Null until the first whole group of votes. */
  readonly shown: LiveFigures | null;
};

/** What is shown, and what it was made from. */
export type Held = { readonly day: string; readonly places: ReadonlyMap<string, HeldPlace> };

export type LiveRules = {
  readonly step: number;
  /** Two wordings are never pooled: the day's figures are of this one. */
  readonly wording: number;
  /** Small groups are shown to who may read exact figures. */
  readonly isExact: boolean;
};

const [GREEN, YELLOW, RED] = [cellIndex("green"), cellIndex("yellow"), cellIndex("red")] as const;

/** @param held what was shown until now; null after a start. @param lines what is counted of the day by now. */
export function nextHeld(held: Held | null, day: string, lines: Lines, rules: LiveRules): Held {
  const places = new Map(held?.day === day ? held.places : []);
  const seen = rules.isExact ? lines : shownMonth(lines);
  for (const line of seen.values()) {
    if (line.wording !== rules.wording) continue;
    const before = places.get(line.placeKey) ?? firstOf(line, held, rules);
    places.set(line.placeKey, nextPlace(before, line, rules));
  }
  return { day, places };
}

/** Of a day that has begun under our eyes all votes are new. With steps of one there is nothing to hold back. */
function firstOf(line: Line, held: Held | null, { step }: LiveRules): HeldPlace {
  const isKnown = held !== null || step === 1;
  return { place: line.place, atVotes: isKnown ? 0 : validOf(line.tally), shown: null };
}

function nextPlace(before: HeldPlace, line: Line, rules: LiveRules): HeldPlace {
  const votes = validOf(line.tally);
  // Fewer than before: a correction. What is shown stays until there are enough again.
  if (votes - before.atVotes < rules.step) return before;
  return { place: before.place, atVotes: votes, shown: figuresOf(line, rules) };
}

function figuresOf({ tally, seen }: Line, { step }: LiveRules): LiveFigures {
  const inSteps = (count: number) => Math.floor(count / step) * step;
  const face = (cell: number) => (isSeen(seen, cell) ? inSteps(tally.cells[cell] as number) : null);
  return {
    valid: isValidSeen(seen) ? inSteps(validOf(tally)) : null,
    ...{ green: face(GREEN), yellow: face(YELLOW), red: face(RED) },
  };
}
