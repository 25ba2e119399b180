/**
 * Which cells of a row may stand alone (promise 10): a cell needs 5 votes, a score 10, and where one cell of a sum is
 * hidden others are hidden with it, so that it cannot be had by subtraction. Pure.
 *
 * A row is shown on a ladder of rungs, each of which tells more than the one below. The scheme is made once, from the
 * figures of the whole month; `detail.ts` then gives every week, day and hour below it a rung and never more than its
 * parent has.
 */
import { FACES, REASONS } from "#schemas/code-list.ts";
import { cellIndex, SIDE_CELLS, type Tally, VOTE_CELLS, validOf } from "./tally.ts";

/** Votes below which no percentage is shown. */
export const SCORE_MIN = 10;
/** Votes below which a cell is not shown. */
const CELL_MIN = 5;

/** The rungs: nothing; how many votes; green against the others; the faces; the reasons. */
export const NOTHING = 0;
export const VOTES = 1;
const GREEN = 2;
const FACES_SHOWN = 3;
const REASONS_SHOWN = 4;

export type Scheme = {
  /** The rungs this month has, rising. */
  readonly rungs: readonly number[];
  /** Cells that stand alone from the third rung on; the other faces are known only together. */
  readonly faces: readonly number[];
  /** Cells that stand alone on the fourth; the other reasons are known only together. */
  readonly reasons: readonly number[];
};

const GREEN_CELL = cellIndex("green");
const RED_CELL = cellIndex("red");
const FACE_CELLS = FACES.map(cellIndex);
const REASON_CELLS = REASONS.map((reason) => cellIndex(`reason_${reason}`));

/**
 * What is hidden together with a small cell, in this order. A fixed order: were it the smallest cell instead, who knows
 * the rule could tell from the figures shown what the hidden ones are.
 */
const FACES_HIDDEN_WITH = (["yellow", "red", "green"] as const).map(cellIndex);
const REASONS_HIDDEN_WITH = [...REASON_CELLS].reverse();

/** The scheme of a month. */
export function schemeOf(month: Tally): Scheme {
  const faces = without(FACE_CELLS, hiddenCells(month, FACE_CELLS, FACES_HIDDEN_WITH));
  const reasons = faces.includes(RED_CELL)
    ? without(REASON_CELLS, hiddenCells(month, REASON_CELLS, REASONS_HIDDEN_WITH))
    : [];
  return {
    rungs: [
      VOTES,
      ...(faces.includes(GREEN_CELL) ? [GREEN] : []),
      ...(faces.length > 0 ? [FACES_SHOWN] : []),
      ...(reasons.length > 0 ? [REASONS_SHOWN] : []),
    ],
    faces,
    reasons,
  };
}

/** True when everything that a rung tells of these votes is no small group. */
export function isSafe(rung: number, scheme: Scheme, tally: Tally): boolean {
  switch (rung) {
    case VOTES:
      return isShowable(validOf(tally));
    case GREEN:
      return areShowable([GREEN_CELL], tally, validOf(tally));
    case FACES_SHOWN:
      return areShowable(scheme.faces, tally, validOf(tally));
    default:
      return areShowable(scheme.reasons, tally, tally.cells[RED_CELL] as number);
  }
}

/** True for a count that may be shown: none, or no small group. */
export function isShowable(count: number): boolean {
  return count === 0 || count >= CELL_MIN;
}

/** What of a row may be seen is one bit for each vote cell and side cell, and one for the number of valid votes. */
const VALID_BIT = 1 << (VOTE_CELLS.length + SIDE_CELLS.length);
const VOTE_BITS = (1 << VOTE_CELLS.length) - 1;
const SIDE_BITS = ((1 << SIDE_CELLS.length) - 1) << VOTE_CELLS.length;
export const ALL_SEEN = VALID_BIT | VOTE_BITS | SIDE_BITS;

/** The bits a rung shows. The parts of a sum that is seen to be nothing are nothing, and are seen too. */
export function seenOn(rung: number, scheme: Scheme, tally: Tally): number {
  let seen = 0;
  if (rung >= VOTES) seen |= validOf(tally) === 0 ? VALID_BIT | VOTE_BITS : VALID_BIT;
  if (rung === GREEN) seen |= 1 << GREEN_CELL;
  if (rung >= FACES_SHOWN) for (const cell of scheme.faces) seen |= 1 << cell;
  if (rung >= REASONS_SHOWN) for (const cell of scheme.reasons) seen |= 1 << cell;
  if (isSeen(seen, RED_CELL) && tally.cells[RED_CELL] === 0) {
    for (const cell of REASON_CELLS) seen |= 1 << cell;
  }
  return seen;
}

/** True when a cell may be seen. */
export function isSeen(seen: number, cell: number): boolean {
  return (seen & (1 << cell)) !== 0;
}

/** True when the number of valid votes may be seen. */
export function isValidSeen(seen: number): boolean {
  return (seen & VALID_BIT) !== 0;
}

/** Each cell by itself, and what is left of the total without them. */
function areShowable(cells: readonly number[], tally: Tally, total: number): boolean {
  let rest = total;
  for (const cell of cells) {
    const count = tally.cells[cell] as number;
    if (!isShowable(count)) return false;
    rest -= count;
  }
  return isShowable(rest);
}

/** The small cells of a sum, and others with them until what is hidden is no small group itself. */
function hiddenCells(tally: Tally, cells: readonly number[], order: readonly number[]): ReadonlySet<number> {
  const countOf = (cell: number) => tally.cells[cell] as number;
  const hidden = new Set(cells.filter((cell) => !isShowable(countOf(cell))));
  if (hidden.size === 0) return hidden;
  const sum = () => [...hidden].reduce((all, cell) => all + countOf(cell), 0);
  for (const [index, cell] of order.entries()) {
    // The first of the order always goes along, so that two hidden cells are never known to be small both.
    if (index > 0 && hidden.size > 1 && sum() >= CELL_MIN) break;
    hidden.add(cell);
  }
  return hidden;
}

function without(cells: readonly number[], hidden: ReadonlySet<number>): readonly number[] {
  return cells.filter((cell) => !hidden.has(cell));
}
