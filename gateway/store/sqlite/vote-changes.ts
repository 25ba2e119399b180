/**
 * Changes what became of stored votes in SQLite: their verdict, their place in time, and the counters and claims that follow. Part of a
 * transaction.
 */
import type Database from "better-sqlite3";
import {
  FACES,
  type Face,
  REASONS,
  type Reason,
  VERDICTS,
  type Verdict,
  VOTE_FLAGS,
} from "#schemas/code-list.ts";
import { type CountedVote, countsOfVote, sumsOfVote } from "../../rollups/counts.ts";
import { claimsTicket } from "../../settle/verdict.ts";
import type { Changes } from "./changes.ts";
import type { Slot } from "./slots.ts";

export type VoteRow = {
  readonly no: number;
  readonly totem_no: number;
  readonly epoch_no: number;
  readonly ordinal: number | null;
  readonly place_no: number;
  readonly wording: number;
  readonly face: number;
  readonly reason: number | null;
  readonly flags: number;
  readonly mark: Buffer | null;
  readonly minute: number | null;
  readonly monotonic_us: number;
  /** Of its boot, once known. */
  readonly offset_ms: number | null;
  readonly trusted: 0 | 1;
  readonly uncertain: 0 | 1;
  readonly hour: number;
  readonly day: number;
  readonly verdict: number;
};

/** One bit per flag, in the order of the code list. */
export const AFTER_HOURS_BIT = 1 << VOTE_FLAGS.indexOf("afterHours");

const CONFLICT = VERDICTS.indexOf("conflict");

export class VoteChanges {
  readonly #sql;

  constructor(database: Database.Database) {
    this.#sql = {
      one: database.prepare<[number], VoteRow>(
        `SELECT vote.*, epoch.totem_no, ordinal, offset_ms FROM vote JOIN epoch ON epoch.no = epoch_no JOIN boot ON boot.no = boot_no
         WHERE vote.no = ?`,
      ),
      conflict: database.prepare<[Buffer], { no: number }>(
        `SELECT no FROM vote WHERE mark = ? AND verdict = ${CONFLICT} ORDER BY no LIMIT 1`,
      ),
      place: database.prepare<[number, number, number, number, number]>(
        "UPDATE vote SET hour = ?, day = ?, verdict = ?, uncertain = ? WHERE no = ?",
      ),
      claim: database.prepare<[Buffer, number]>("INSERT INTO mark VALUES (?, ?) ON CONFLICT DO NOTHING"),
      free: database.prepare<[Buffer]>("DELETE FROM mark WHERE mark = ?"),
      passOn: database.prepare<[number, Buffer]>("UPDATE mark SET day = ? WHERE mark = ?"),
    };
  }

  /** The row as it is now: changing the one before it may have changed it. */
  row(no: number): VoteRow {
    const row = this.#sql.one.get(no);
    if (row === undefined) throw new Error(`vote ${no} has vanished`);
    return row;
  }

  /** The verdict when the ticket of a mark is claimed: one that others claimed before is a conflict. */
  claimed(verdict: Verdict, mark: Buffer | null, day: number): Verdict {
    if (mark === null || !claimsTicket(verdict)) return verdict;
    return this.#sql.claim.run(mark, day).changes === 1 ? verdict : "conflict";
  }

  /** Gives a vote another verdict or place; a ticket it claims no more passes to the first conflict it had caused, or to nobody. */
  change(
    row: VoteRow,
    to: { readonly slot: Slot; readonly verdict: Verdict; readonly uncertain: boolean },
    changes: Changes,
  ): void {
    const before: CountedVote = {
      face: FACES[row.face] as Face,
      reason: row.reason === null ? null : (REASONS[row.reason] as Reason),
      verdict: VERDICTS[row.verdict] as Verdict,
      uncertain: row.uncertain === 1,
      afterHours: (row.flags & AFTER_HOURS_BIT) !== 0,
    };
    const after: CountedVote = { ...before, verdict: to.verdict, uncertain: to.uncertain };
    const key = { place: row.place_no, wording: row.wording };
    changes.counts.add({ ...key, hour: row.hour, day: row.day }, countsOfVote(before), -1);
    changes.counts.add({ ...key, ...to.slot }, countsOfVote(after));
    changes.sums.add(row.totem_no, sumsOfVote(before), -1);
    changes.sums.add(row.totem_no, sumsOfVote(after));
    const { hour, day } = to.slot;
    this.#sql.place.run(hour, day, VERDICTS.indexOf(to.verdict), to.uncertain ? 1 : 0, row.no);
    const isFree = claimsTicket(before.verdict) && !claimsTicket(to.verdict);
    if (row.mark !== null && isFree) this.#passOn(row.mark, changes);
  }

  #passOn(mark: Buffer, changes: Changes): void {
    const next = this.#sql.conflict.get(mark);
    if (next === undefined) {
      this.#sql.free.run(mark);
      return;
    }
    const row = this.row(next.no);
    const slot = { hour: row.hour, day: row.day };
    this.change(row, { slot, verdict: "accepted", uncertain: row.uncertain === 1 }, changes);
    this.#sql.passOn.run(row.day, mark);
  }
}
