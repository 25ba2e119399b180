/**
 * Votes whose time was a guess, placed anew in SQLite once more is known: exactly by their boot's offset, or closer by
 * the moment time returned to their totem. What that changes in verdicts follows the rule of `settle/verdict.ts`. Part
 * of the ingest transaction.
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
import { type Placement, placementOf } from "../../settle/placement.ts";
import { claimsTicket, lateIf, verdictAnew } from "../../settle/verdict.ts";
import type { SiteRules } from "../store.ts";
import type { Boot, Clocks } from "./clocks.ts";
import type { EpochRow } from "./epochs.ts";
import type { Slot, Slots } from "./slots.ts";
import type { Changes } from "./votes.ts";

type VoteRow = {
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
  readonly uncertain: 0 | 1;
  readonly hour: number;
  readonly day: number;
  readonly verdict: number;
};

/** One bit per flag, in the order of the code list. */
export const AFTER_HOURS_BIT = 1 << VOTE_FLAGS.indexOf("afterHours");

const CONFLICT = VERDICTS.indexOf("conflict");

export class UncertainVotes {
  readonly #clocks: Clocks;
  readonly #slots: Slots;
  readonly #sql;

  constructor(database: Database.Database, clocks: Clocks, slots: Slots) {
    this.#clocks = clocks;
    this.#slots = slots;
    this.#sql = {
      one: database.prepare<[number], VoteRow>(
        "SELECT vote.*, totem_no, ordinal FROM vote JOIN epoch ON epoch.no = epoch_no WHERE vote.no = ?",
      ),
      ofBoot: database.prepare<[number], { no: number }>(
        "SELECT no FROM vote WHERE boot_no = ? AND uncertain = 1 ORDER BY no",
      ),
      before: database.prepare<[number, number, number, number], { no: number }>(
        `SELECT vote.no FROM boot JOIN vote ON boot_no = boot.no AND uncertain = 1 JOIN epoch ON epoch.no = epoch_no
         WHERE boot.totem_no = ? AND offset_ms IS NULL AND ordinal < ? AND epoch.no < ? AND hour > ?
         ORDER BY vote.no`,
      ),
      conflict: database.prepare<[Buffer], { no: number }>(
        `SELECT no FROM vote WHERE mark = ? AND verdict = ${CONFLICT} ORDER BY no LIMIT 1`,
      ),
      place: database.prepare<[number, number, number, number, number]>(
        "UPDATE vote SET hour = ?, day = ?, verdict = ?, uncertain = ? WHERE no = ?",
      ),
      free: database.prepare<[Buffer]>("DELETE FROM mark WHERE mark = ?"),
      claim: database.prepare<[number, Buffer]>("UPDATE mark SET day = ? WHERE mark = ?"),
    };
  }

  /** A boot's offset has become known: its votes have an exact moment. */
  placeBoot(boot: Boot, site: SiteRules, changes: Changes): void {
    for (const { no } of this.#sql.ofBoot.all(boot.no)) {
      const row = this.#row(no);
      const time = { wallMs: 0, monotonicUs: row.monotonic_us, clock: "untrusted" } as const;
      const bounds = { afterMs: null, beforeMs: 0 };
      this.#placeAnew(row, placementOf(time, boot.offsetMs, bounds), site, changes);
    }
  }

  /** Time has returned to a totem: what it wrote in earlier epochs without any was written before that moment. */
  placeBefore(totemNo: number, epoch: EpochRow, returnedMs: number, site: SiteRules, changes: Changes): void {
    if (epoch.ordinal === null) return;
    const { hour } = this.#slots.of(returnedMs, site.zone);
    for (const { no } of this.#sql.before.all(totemNo, epoch.ordinal, epoch.no, hour)) {
      const row = this.#row(no);
      const itsEpoch = { no: row.epoch_no, ordinal: row.ordinal };
      const bounds = this.#clocks.bounds(totemNo, itsEpoch, returnedMs);
      const time = { wallMs: 0, monotonicUs: row.monotonic_us, clock: "untrusted" } as const;
      this.#placeAnew(row, placementOf(time, null, bounds), site, changes);
    }
  }

  /** The row as it is now: placing the one before it may have changed it. */
  #row(no: number): VoteRow {
    const row = this.#sql.one.get(no);
    if (row === undefined) throw new Error(`vote ${no} has vanished`);
    return row;
  }

  #placeAnew(row: VoteRow, placement: Placement, site: SiteRules, changes: Changes): void {
    const verdict = VERDICTS[row.verdict] as Verdict;
    const slot = this.#slots.of(placement.atMs, site.zone);
    const judged = verdictAnew(verdict, row.minute, placement, site.ticketRules);
    const anew = lateIf(slot.day <= changes.lastClosed, judged);
    this.#change(row, { slot, verdict: anew, uncertain: placement.uncertain }, changes);
    if (row.mark !== null && claimsTicket(verdict) && !claimsTicket(anew)) this.#passOn(row.mark, changes);
  }

  /** The ticket of a mark is free again: the first conflict it had caused counts instead, or nobody does. */
  #passOn(mark: Buffer, changes: Changes): void {
    const next = this.#sql.conflict.get(mark);
    if (next === undefined) {
      this.#sql.free.run(mark);
      return;
    }
    const row = this.#row(next.no);
    const slot = { hour: row.hour, day: row.day };
    this.#change(row, { slot, verdict: "accepted", uncertain: row.uncertain === 1 }, changes);
    this.#sql.claim.run(row.day, mark);
  }

  #change(
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
  }
}
