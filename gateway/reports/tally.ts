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

/** The cells of a tally; issued tickets are the office's own count and never hidden. */
const CELLS = [...VOTE_CELLS, ...SIDE_CELLS, "issued"] as const;
export type TallyCell = (typeof CELLS)[number];

/** Cells that make a period worth a row: votes of any kind and refused scans. */
const REPORTED = (
  [
    ...FACES,
    "conflict",
    "expired_late",
    "unverified",
    "rejected_used",
    "rejected_expired",
    "rejected_bad_sig",
    "rejected_other",
  ] as const
).map((cell) => CELLS.indexOf(cell));

export type Tally = {
  /** Counts in the order of the vote cells, the side cells and the issued tickets. */
  readonly cells: readonly number[];
  /** People behind the valid votes, where a row stands for several services; else `Infinity`: it does not matter. */
  readonly people: number;
};

/** Where a cell stands in a tally. */
export function cellIndex(cell: TallyCell): number {
  return CELLS.indexOf(cell);
}

/** The tally of one counter row. */
export function tallyOf(row: CountsOfRow): Tally {
  return {
    cells: [
      row.green,
      row.yellow,
      row.red,
      row.reason_wait,
      row.reason_staff,
      row.reason_return,
      row.reason_outcome,
      row.reason_none,
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
      row.issued,
    ],
    people: Number.POSITIVE_INFINITY,
  };
}

/** Nothing happened. */
export const NO_TALLY: Tally = { cells: CELLS.map(() => 0), people: Number.POSITIVE_INFINITY };

/** Two tallies of the same row added up. Of the people it keeps the larger number: they may be the same ones. */
export function addTallies(a: Tally, b: Tally): Tally {
  const [ofA, ofB] = [validOf(a), validOf(b)];
  return {
    cells: a.cells.map((count, cell) => count + (b.cells[cell] as number)),
    people: ofA === 0 ? b.people : ofB === 0 ? a.people : Math.max(a.people, b.people),
  };
}

/** Valid votes: green + yellow + red. */
export function validOf({ cells }: Tally): number {
  return (cells[0] as number) + (cells[1] as number) + (cells[2] as number);
}

/** True when the tally deserves a row: a vote or a refusal. Tests and printed tickets alone do not. */
export function isReported({ cells }: Tally): boolean {
  return REPORTED.some((cell) => (cells[cell] as number) > 0);
}
