/**
 * What the public log has to say of a totem's day so that its commitments, statement less corrections, add up to the day's valid votes.
 * Says it in differences to what was said before: whatever comes late, the sum holds afterwards. Pure.
 */
import type { Face, Reason, Verdict } from "#schemas/code-list.ts";
import { type Asked, CELLS } from "#schemas/commitments.ts";
import type { StatementEntry } from "#schemas/entry.ts";
import type { LocalDay } from "#schemas/local-day.ts";
import { CORRECTION_CAUSES, type CorrectionCause, type LogEntry } from "#schemas/public-log.ts";
import {
  type CountedCells,
  commitToCells,
  committedCells,
  gatheredCells,
  publicStatement,
} from "#schemas/statement.ts";

/** Settled live votes of a kind. */
export type SettledVotes = Asked & {
  /** Of a ticket that proves itself: the totem's statement commits to it. Others are valid by a list of receipts only. */
  readonly isCommitted: boolean;
  readonly face: Face;
  readonly reason: Reason | null;
  readonly verdict: Verdict;
  readonly count: number;
};

/** Everything that is known of a totem's day. */
export type TotemDay = {
  readonly totemId: string;
  readonly day: LocalDay;
  /** As it came, its signature good; null while there is none. */
  readonly statement: StatementEntry | null;
  readonly isStatementPublished: boolean;
  readonly settled: readonly SettledVotes[];
  /** The corrections published so far, added up by cause. */
  readonly published: Readonly<Record<CorrectionCause, readonly CountedCells[]>>;
};

/** A line for the log, with what its commitments hide; null where that lies in the statement. */
export type NewLine = { readonly entry: LogEntry; readonly opened: Opened | null };
export type Opened = { readonly seed: string; readonly cells: readonly CountedCells[] };

/** The lines to add, none when the log says everything already. @param freshSeed 256 random bits in hex, at each call. */
export function linesFor(about: TotemDay, freshSeed: () => string): readonly NewLine[] {
  const { totemId, day, statement, isStatementPublished, published } = about;
  const stated: NewLine[] =
    statement === null || isStatementPublished ? [] : [{ entry: lineOf(totemId, statement), opened: null }];
  const truth = correctionsOf(about);
  const corrections = CORRECTION_CAUSES.flatMap((cause): NewLine[] => {
    const cells = nonZero(summed([truth[cause], negated(published[cause])]));
    if (cells.length === 0) return [];
    const seed = freshSeed();
    const entry = {
      kind: "correction",
      totemId,
      day,
      cause,
      cells: mutable(commitToCells(seed, cells)),
    } as const;
    return [{ entry, opened: { seed, cells } }];
  });
  return [...stated, ...corrections];
}

/** True when what a totem stated of a day is not what was received of it. */
export function isDifferent(about: TotemDay): boolean {
  return about.statement !== null && nonZero(correctionsOf(about).difference).length > 0;
}

/** Cells added up by service and wording. */
export function summed(lists: readonly (readonly CountedCells[])[]): readonly CountedCells[] {
  const sums = new Map<string, CountedCells>();
  for (const one of lists.flat()) {
    const name = `${one.service}/${String(one.wording).padStart(4, "0")}`;
    const before = sums.get(name);
    sums.set(name, {
      ...one,
      counts: CELLS.map((_, at) => (before?.counts[at] ?? 0) + (one.counts[at] ?? 0)),
    });
  }
  return [...sums].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, cells]) => cells);
}

function correctionsOf({ statement, settled }: TotemDay): Record<CorrectionCause, readonly CountedCells[]> {
  const having = (isOurs: boolean, ...verdicts: readonly Verdict[]) =>
    gatheredCells(
      settled.filter(({ verdict, isCommitted }) => isCommitted === isOurs && verdicts.includes(verdict)),
    );
  const [conflict, expired] = [having(true, "conflict"), having(true, "expired-late")];
  const valid = having(true, "accepted", "late");
  const stated = statement === null ? [] : committedCells(statement.counts);
  return {
    conflict,
    "expired-late": expired,
    // Committed to by nobody, and counted since the queue system has listed their receipts.
    listed: negated(having(false, "accepted", "late")),
    // Stated and never received; or received and never stated, while there is no statement.
    difference: summed([stated, negated(valid), negated(conflict), negated(expired)]),
  };
}

function lineOf(totemId: string, statement: StatementEntry): LogEntry {
  const { day, cells, content, checkpoint } = publicStatement(totemId, statement);
  const { signature } = statement;
  return { kind: "statement", totemId, day, cells: mutable(cells), content, checkpoint, signature };
}

function negated(cells: readonly CountedCells[]): readonly CountedCells[] {
  return cells.map((one) => ({ ...one, counts: one.counts.map((count) => -count) }));
}

function nonZero(cells: readonly CountedCells[]): readonly CountedCells[] {
  return cells.filter(({ counts }) => counts.some((count) => count !== 0));
}

/** Shapes are lists that could be changed; ours are not. */
function mutable(
  cells: readonly (Asked & { readonly commitments: readonly string[] })[],
): (Asked & { commitments: string[] })[] {
  return cells.map((one) => ({ ...one, commitments: [...one.commitments] }));
}
