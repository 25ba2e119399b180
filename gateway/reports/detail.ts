/**
 * How much of each figure is shown in months, weeks, days and hours, so that no file of one kind, subtracted from a file
 * of another, gives a small group away (promise 10). Pure.
 *
 * A month is cut into the parts of weeks inside it, these into days, these into hours. What is hidden in one part is
 * hidden in at least one more, and all of them together are no small group; a part never shows more than the whole.
 * So everything that can be had by adding and subtracting published figures is a sum that might have been published.
 * A period that is no such part, a week across two months or a month cut by the dates asked for, shows what all its
 * parts show. Two readings of one file at different times are not compared here: who reads after every vote sees that
 * vote, as far as its period shows faces at all.
 */
import { isSafe, isShowable, NOTHING, type Scheme, schemeOf, seenOn, VOTES } from "./scheme.ts";
import { addTallies, SIDE_CELLS, type Tally, VOTE_CELLS, validOf } from "./tally.ts";

/** People below which an office or service is shown within its parent only. */
export const PEOPLE_MIN = 3;

export type Detail = {
  readonly scheme: Scheme;
  readonly rung: number;
  /** The bits of the side cells that may be seen. */
  readonly sides: number;
};

const SIDES = SIDE_CELLS.map((_, index) => VOTE_CELLS.length + index);
const HIDDEN: Detail = { scheme: { rungs: [], faces: [], reasons: [] }, rung: NOTHING, sides: 0 };

/** How much a whole month shows. */
export function detailOfMonth(month: Tally): Detail {
  const scheme = schemeOf(month);
  const isHidden = !isShowable(validOf(month)) || !areManyPeople(month);
  const showable = SIDES.filter((cell) => isShowable(month.cells[cell] as number));
  return {
    scheme,
    rung: isHidden ? NOTHING : (scheme.rungs.at(-1) as number),
    sides: showable.reduce((bits, cell) => bits | (1 << cell), 0),
  };
}

/** How much each part of a period shows. @param parent undefined for a period that was not there a moment ago. */
export function detailsOfParts(parent: Detail = HIDDEN, parts: readonly Tally[]): readonly Detail[] {
  const rungs = rungsOfParts(parent, parts);
  const sides = sidesOfParts(parent, parts);
  return parts.map((_, part) => ({
    scheme: parent.scheme,
    rung: rungs[part] as number,
    sides: sides[part] as number,
  }));
}

/** What of a tally may be seen, in the bits of `scheme.ts`. */
export function seenIn({ rung, scheme, sides }: Detail, tally: Tally): number {
  return seenOn(rung, scheme, tally) | sides;
}

function rungsOfParts({ scheme, rung: top }: Detail, parts: readonly Tally[]): readonly number[] {
  const rungs = parts.map(() => NOTHING);
  let below = NOTHING;
  for (const rung of scheme.rungs) {
    if (rung > top) break;
    const hidden = hiddenParts(parts, {
      weightOf: validOf,
      mayStand: (tally, part) => (part === null || rungs[part] === below) && isPartSafe(rung, scheme, tally),
      add: addTallies,
    });
    for (let part = 0; part < parts.length; part++) if (!hidden.has(part)) rungs[part] = rung;
    below = rung;
  }
  return rungs;
}

function sidesOfParts({ sides }: Detail, parts: readonly Tally[]): readonly number[] {
  const bits = parts.map(() => sides);
  for (const cell of SIDES) {
    if ((sides & (1 << cell)) === 0) continue;
    const counts = parts.map((part) => part.cells[cell] as number);
    for (const part of hiddenParts(counts, SINGLE_COUNTS)) (bits[part] as number) &= ~(1 << cell);
  }
  return bits;
}

type Weighing<Value> = {
  readonly weightOf: (value: Value) => number;
  /** @param part null for several parts added up. */
  readonly mayStand: (value: Value, part: number | null) => boolean;
  readonly add: (a: Value, b: Value) => Value;
};

const SINGLE_COUNTS: Weighing<number> = {
  weightOf: (count) => count,
  mayStand: isShowable,
  add: (a, b) => a + b,
};

const NONE: ReadonlySet<number> = new Set();

/**
 * The parts to hide: those that may not stand alone, the last one with them, and from there backwards others until all
 * of them together may stand. They are then two at least, since one that may stand alone is not hidden. The order is
 * fixed for the same reason as in `scheme.ts`.
 */
function hiddenParts<Value>(
  parts: readonly Value[],
  { weightOf, mayStand, add }: Weighing<Value>,
): ReadonlySet<number> {
  if (parts.every((value, part) => weightOf(value) === 0 || mayStand(value, part))) return NONE;
  const backwards = [...parts.keys()].filter((part) => weightOf(parts[part] as Value) > 0).reverse();
  const [last, ...others] = backwards as [number, ...number[]];
  const hidden = new Set([last]);
  let sum = parts[last] as Value;
  const hide = (part: number) => {
    if (hidden.has(part)) return;
    hidden.add(part);
    sum = add(sum, parts[part] as Value);
  };
  for (const part of others) if (!mayStand(parts[part] as Value, part)) hide(part);
  for (const part of others) {
    if (mayStand(sum, null)) break;
    hide(part);
  }
  return hidden;
}

function isPartSafe(rung: number, scheme: Scheme, part: Tally): boolean {
  return isSafe(rung, scheme, part) && (rung > VOTES || areManyPeople(part));
}

function areManyPeople(tally: Tally): boolean {
  return tally.people >= PEOPLE_MIN || validOf(tally) === 0;
}
