/**
 * Votes in SQLite: stored with their verdict and place in time. Part of the ingest transaction.
 */
import type Database from "better-sqlite3";
import { FACES, PROFILES, REASONS, VERDICTS, VOTE_FLAGS } from "#schemas/code-list.ts";
import type { VoteEntry } from "#schemas/entry.ts";
import type { CountedVote } from "../../rollups/counts.ts";
import { placementOf } from "../../settle/placement.ts";
import { lateIf, verdictOf } from "../../settle/verdict.ts";
import type { SiteRules } from "../store.ts";
import type { Changes } from "./changes.ts";
import type { Clocks } from "./clocks.ts";
import type { EpochRow } from "./epochs.ts";
import type { ListedReceipts } from "./listed-receipts.ts";
import type { Slots } from "./slots.ts";
import type { VoteChanges } from "./vote-changes.ts";

/** What the entries of one batch have in common. */
export type Origin = {
  readonly totemNo: number;
  readonly epoch: EpochRow;
  readonly receivedMs: number;
  readonly site: SiteRules;
};

export class Votes {
  readonly #clocks: Clocks;
  readonly #slots: Slots;
  readonly #changing: VoteChanges;
  readonly #listed: ListedReceipts;
  readonly #sql;

  constructor(
    database: Database.Database,
    about: {
      readonly clocks: Clocks;
      readonly slots: Slots;
      readonly changing: VoteChanges;
      readonly listed: ListedReceipts;
    },
  ) {
    this.#clocks = about.clocks;
    this.#slots = about.slots;
    this.#changing = about.changing;
    this.#listed = about.listed;
    this.#sql = {
      put: database.prepare(
        `INSERT INTO vote (epoch_no, seq, vote_id, place_no, wording, face, reason, profile, flags, mark, minute,
           wall_ms, monotonic_us, boot_no, trusted, uncertain, hour, day, verdict, received_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
    };
  }

  /** Stores a vote, settles it and counts it. */
  put(vote: VoteEntry, seq: number, placeNo: number, origin: Origin, changes: Changes): void {
    const { totemNo, epoch, receivedMs, site } = origin;
    const { time, ticket } = vote;
    const boot = this.#clocks.boot(totemNo, time.bootId);
    const isTold = time.clock === "trusted" || boot.offsetMs !== null;
    const bounds = isTold ? NO_BOUNDS : this.#clocks.bounds(totemNo, epoch, receivedMs);
    const placement = placementOf(time, boot.offsetMs, bounds);
    const slot = this.#slots.of(placement.atMs, site.zone);
    const mark = ticket.mark === null ? null : Buffer.from(ticket.mark, "hex");
    const isListed = ticket.proof === "shape" && mark !== null && this.#listed.holds(mark);
    const inTime = verdictOf(vote, placement, site.ticketRules, isListed);
    const verdict = this.#changing.claimed(lateIf(slot.day <= changes.lastClosed, inTime), mark, slot.day);
    const counted: CountedVote = {
      face: vote.face,
      reason: vote.reason,
      verdict,
      uncertain: placement.uncertain,
      afterHours: vote.flags.includes("afterHours"),
    };
    this.#sql.put.run(
      epoch.no,
      seq,
      Buffer.from(vote.id, "hex"),
      placeNo,
      vote.wording,
      FACES.indexOf(vote.face),
      vote.reason === null ? null : REASONS.indexOf(vote.reason),
      PROFILES.indexOf(ticket.profile),
      vote.flags.reduce((bits, flag) => bits | (1 << VOTE_FLAGS.indexOf(flag)), 0),
      mark,
      ticket.minute,
      time.wallMs,
      time.monotonicUs,
      boot.no,
      time.clock === "trusted" ? 1 : 0,
      placement.uncertain ? 1 : 0,
      slot.hour,
      slot.day,
      VERDICTS.indexOf(verdict),
      receivedMs,
    );
    const key = { place: placeNo, wording: vote.wording, hour: slot.hour, day: slot.day };
    changes.votes.add(totemNo, key, counted);
  }
}

/** For entries whose moment is known anyway. */
const NO_BOUNDS = { afterMs: null, beforeMs: 0 } as const;
