/**
 * What is kept of how a day's votes came, for the statistics that look for gaming: a few counts by service, taken when the day
 * closes and its votes become counts by the hour. Pure. Nothing here tells a moment, a ticket or a single vote, and nothing goes
 * below a service of an office.
 */
import type { Face } from "#schemas/code-list.ts";
import { MINUTE_MS } from "#schemas/time.ts";

/** A counted vote as it is looked at, of one service, by a clock that could be trusted. */
export type WatchedVote = {
  readonly atMs: number;
  readonly face: Face;
  /** The minute the service ended, from its ticket; null for one that does not tell. */
  readonly minute: number | null;
  readonly afterHours: boolean;
};

export const DAY_FIGURES = [
  // Counted votes whose moment is known.
  "votes",
  "green",
  // The most votes within one slot of `SLOT_MINUTES`.
  "slotVotes",
  // Votes that followed another one of the day within `SHORT_GAP_MS`.
  "quick",
  // The most votes in a row of the same face, each within `SHORT_GAP_MS` of the one before.
  "row",
  // Votes whose ticket tells when the service ended, and those of them cast more than `DELAYED_MINUTES` later.
  "timed",
  "delayed",
  "delayedGreen",
  // Votes outside opening hours.
  "afterHours",
  "afterHoursGreen",
] as const;
export type DayFigure = (typeof DAY_FIGURES)[number];
export type DayFigures = Readonly<Record<DayFigure, number>>;

/** A burst: as long as somebody needs to use up a handful of kept receipts. */
const SLOT_MINUTES = 10;
/** Scanning and pressing takes some ten seconds: two people who leave together are within a minute, three are not often. */
const SHORT_GAP_MS = MINUTE_MS;
/** Whoever walks from the desk to the totem is there sooner; whoever keeps receipts is not. */
const DELAYED_MINUTES = 15;

/** The figures of one service and day. @param votes in the order of time. */
export function dayFigures(votes: readonly WatchedVote[]): DayFigures {
  const figures = Object.fromEntries(DAY_FIGURES.map((name) => [name, 0])) as Record<DayFigure, number>;
  const slots = new Map<number, number>();
  let before: WatchedVote | null = null;
  let row = 0;
  for (const vote of votes) {
    const isGreen = vote.face === "green" ? 1 : 0;
    figures.votes += 1;
    figures.green += isGreen;
    const slot = Math.floor(vote.atMs / (SLOT_MINUTES * MINUTE_MS));
    slots.set(slot, (slots.get(slot) ?? 0) + 1);
    const isQuick: boolean = before !== null && vote.atMs - before.atMs <= SHORT_GAP_MS;
    figures.quick += isQuick ? 1 : 0;
    row = isQuick && before?.face === vote.face ? row + 1 : 1;
    figures.row = Math.max(figures.row, row);
    addDelay(figures, vote, isGreen);
    figures.afterHours += vote.afterHours ? 1 : 0;
    figures.afterHoursGreen += vote.afterHours ? isGreen : 0;
    before = vote;
  }
  figures.slotVotes = Math.max(0, ...slots.values());
  return figures;
}

function addDelay(figures: Record<DayFigure, number>, { atMs, minute }: WatchedVote, isGreen: number): void {
  if (minute === null) return;
  figures.timed += 1;
  if (atMs < (minute + DELAYED_MINUTES) * MINUTE_MS) return;
  figures.delayed += 1;
  figures.delayedGreen += isGreen;
}
