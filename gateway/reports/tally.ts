/**
 * A tally: the figures of one service in one period, gathered from counter rows into the cells the files show. Pure.
 */
import { FACES, REASONS } from "#schemas/code-list.ts";
import type { CountColumn } from "../rollups/counts.ts";

export type CountsOfRow = Readonly<Record<CountColumn, number>>;

/** Cells about valid votes: faces, then the reasons of red. They add up, so they are hidden together or not at all. */
export const VOTE_CELLS = [...FACES, ...REASONS.map((reason) => `reason_${reason}` as const)] as const;
export type VoteCell = (typeof VOTE_CELLS)[number];

/** Cells beside the valid votes, each alone. */
export const SIDE_CELLS = [
  "late",
  "conflict",
  "expired_late",
  "unverified",
  "time_uncertain",
  "after_hours",
  "rejected_used",
  "rejected_expired",
  "rejected_bad_sig",
  "rejected_other",
] as const;
export type SideCell = (typeof SIDE_CELLS)[number];

/** Side cells that make a period worth a row: votes that do not count, and refused scans. */
const REPORTED_SIDES = SIDE_CELLS.filter(
  (cell) => cell !== "late" && cell !== "time_uncertain" && cell !== "after_hours",
).map((cell) => SIDE_CELLS.indexOf(cell));

export type Tally = {
  /** In the order of `VOTE_CELLS`. */
  readonly votes: readonly number[];
  /** In the order of `SIDE_CELLS`. */
  readonly sides: readonly number[];
  readonly issued: number;
  /** People behind the valid votes, where a row stands for several services; else `Infinity`: it does not matter. */
  readonly people: number;
};

/** Where red stands among the vote cells; the reasons follow it. */
export const RED = VOTE_CELLS.indexOf("red");

/** The tally of one counter row. */
export function tallyOf(row: CountsOfRow): Tally {
  return {
    votes: [
      row.green,
      row.yellow,
      row.red,
      row.reason_wait,
      row.reason_staff,
      row.reason_return,
      row.reason_outcome,
      row.reason_none,
    ],
    sides: [
      row.late,
      row.conflict,
      row.expired_late,
      row.unverified,
      row.time_uncertain,
      row.after_hours,
      row.refused_used + row.refused_used_elsewhere,
      row.refused_expired,
      row.refused_bad_signature,
      row.refused_not_yet +
        row.refused_other_office +
        row.refused_unknown +
        row.refused_malformed +
        row.refused_test_mode +
        row.refused_closed,
    ],
    issued: row.issued,
    people: Number.POSITIVE_INFINITY,
  };
}

/** Nothing happened. */
export const NO_TALLY: Tally = {
  votes: VOTE_CELLS.map(() => 0),
  sides: SIDE_CELLS.map(() => 0),
  issued: 0,
  people: Number.POSITIVE_INFINITY,
};

/** Two tallies of the same row added up. Of the people it keeps the larger number: they may be the same ones. */
export function addTallies(a: Tally, b: Tally): Tally {
  return {
    votes: a.votes.map((count, i) => count + (b.votes[i] as number)),
    sides: a.sides.map((count, i) => count + (b.sides[i] as number)),
    issued: a.issued + b.issued,
    people: validOf(a.votes) === 0 ? b.people : validOf(b.votes) === 0 ? a.people : max(a.people, b.people),
  };
}

/** Valid votes: green + yellow + red. */
export function validOf(votes: readonly number[]): number {
  return (votes[0] as number) + (votes[1] as number) + (votes[2] as number);
}

/** True when the tally deserves a row: a vote or a refusal. Tests and printed tickets alone do not. */
export function isReported(tally: Tally): boolean {
  return validOf(tally.votes) > 0 || REPORTED_SIDES.some((cell) => (tally.sides[cell] as number) > 0);
}

function max(a: number, b: number): number {
  return a > b ? a : b;
}
