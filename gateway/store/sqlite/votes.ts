/**
 * Votes in SQLite: stored with their verdict and place in time, and placed anew once their boot's clock is known.
 * Part of the ingest transaction.
 */
import type Database from "better-sqlite3";
import {
  FACES,
  type Face,
  PROFILES,
  REASONS,
  type Reason,
  VERDICTS,
  type Verdict,
  VOTE_FLAGS,
} from "#schemas/code-list.ts";
import type { VoteEntry } from "#schemas/entry.ts";
import { dayNumber, localDayOf } from "#schemas/local-day.ts";
import { hourOf } from "#schemas/time.ts";
import {
  type CountDeltas,
  type CountedVote,
  countsOfVote,
  type SumDeltas,
  sumsOfVote,
} from "../../rollups/counts.ts";
import { bootOffsetMs, type Placement, placementOf } from "../../settle/placement.ts";
import { claimsTicket, isOutsideValidity, verdictOf } from "../../settle/verdict.ts";
import type { SiteRules } from "../store.ts";

type VoteRow = {
  readonly no: number;
  readonly place_no: number;
  readonly wording: number;
  readonly face: number;
  readonly reason: number | null;
  readonly flags: number;
  readonly minute: number | null;
  readonly monotonic_us: number;
  readonly hour: number;
  readonly day: number;
  readonly verdict: number;
};

/** One bit per flag, in the order of the code list. */
const AFTER_HOURS_BIT = 1 << VOTE_FLAGS.indexOf("afterHours");

/** The counters a transaction changes. */
export type Changes = { readonly counts: CountDeltas; readonly sums: SumDeltas };

export class Votes {
  readonly #sql;
  readonly #dayOfHour = new Map<string, number>();

  constructor(database: Database.Database) {
    this.#sql = {
      put: database.prepare(
        `INSERT INTO vote (epoch_no, seq, vote_id, place_no, wording, face, reason, profile, flags, mark, minute,
           wall_ms, monotonic_us, boot_no, trusted, uncertain, hour, day, verdict, received_ms)
         VALUES (@epochNo, @seq, @voteId, @placeNo, @wording, @face, @reason, @profile, @flags, @mark, @minute,
           @wallMs, @monotonicUs, @bootNo, @trusted, @uncertain, @hour, @day, @verdict, @receivedMs)`,
      ),
      claim: database.prepare<[Buffer, number]>("INSERT INTO mark VALUES (?, ?) ON CONFLICT DO NOTHING"),
      boot: database.prepare<[number, string], { no: number; offset_ms: number | null }>(
        "SELECT no, offset_ms FROM boot WHERE totem_no = ? AND boot_id = ?",
      ),
      putBoot: database.prepare<[number, string]>("INSERT INTO boot (totem_no, boot_id) VALUES (?, ?)"),
      setOffset: database.prepare<[number, number]>("UPDATE boot SET offset_ms = ? WHERE no = ?"),
      uncertain: database.prepare<[number], VoteRow>(
        "SELECT * FROM vote WHERE boot_no = ? AND uncertain = 1",
      ),
      replace: database.prepare<[number, number, number, number]>(
        "UPDATE vote SET hour = ?, day = ?, verdict = ?, uncertain = 0 WHERE no = ?",
      ),
    };
  }

  /** The number of a boot, with its offset when known. */
  boot(totemNo: number, bootId: string): { no: number; offsetMs: number | null } {
    const found = this.#sql.boot.get(totemNo, bootId);
    if (found !== undefined) return { no: found.no, offsetMs: found.offset_ms };
    return { no: Number(this.#sql.putBoot.run(totemNo, bootId).lastInsertRowid), offsetMs: null };
  }

  /** Learns a boot's offset from a trusted moment, and places the votes that waited for it. */
  learn(totemNo: number, time: VoteEntry["time"], site: SiteRules, changes: Changes): void {
    const offsetMs = bootOffsetMs(time);
    if (offsetMs === null) return;
    const boot = this.boot(totemNo, time.bootId);
    if (boot.offsetMs !== null) return;
    this.#sql.setOffset.run(offsetMs, boot.no);
    for (const row of this.#sql.uncertain.all(boot.no)) this.#placeAnew(row, offsetMs, site, changes);
  }

  /** Stores a vote. */
  put(
    vote: VoteEntry,
    at: {
      readonly epochNo: number;
      readonly seq: number;
      readonly totemNo: number;
      readonly receivedMs: number;
    },
    site: SiteRules,
    placeNo: number,
    changes: Changes,
  ): void {
    const boot = this.boot(at.totemNo, vote.time.bootId);
    const placement = placementOf(vote.time, boot.offsetMs, at.receivedMs);
    const slot = this.slotOf(placement.atMs, site.zone);
    const verdict = this.#settle(vote, placement, site, slot.day);
    const afterHours = vote.flags.includes("afterHours");
    const counted: CountedVote = {
      face: vote.face,
      reason: vote.reason,
      verdict,
      uncertain: placement.uncertain,
      afterHours,
    };
    this.#sql.put.run({
      epochNo: at.epochNo,
      seq: at.seq,
      voteId: Buffer.from(vote.id, "hex"),
      placeNo,
      wording: vote.wording,
      face: FACES.indexOf(vote.face),
      reason: vote.reason === null ? null : REASONS.indexOf(vote.reason),
      profile: PROFILES.indexOf(vote.ticket.profile),
      flags: vote.flags.reduce((bits, flag) => bits | (1 << VOTE_FLAGS.indexOf(flag)), 0),
      mark: vote.ticket.mark === null ? null : Buffer.from(vote.ticket.mark, "hex"),
      minute: vote.ticket.minute,
      wallMs: vote.time.wallMs,
      monotonicUs: vote.time.monotonicUs,
      bootNo: boot.no,
      trusted: vote.time.clock === "trusted" ? 1 : 0,
      uncertain: placement.uncertain ? 1 : 0,
      ...slot,
      verdict: VERDICTS.indexOf(verdict),
      receivedMs: at.receivedMs,
    });
    changes.counts.add({ place: placeNo, wording: vote.wording, ...slot }, countsOfVote(counted));
    changes.sums.add(sumsOfVote(counted));
  }

  /** The UTC hour and local day of a moment. */
  slotOf(atMs: number, zone: string): { hour: number; day: number } {
    const hour = hourOf(atMs);
    const name = `${zone}/${hour}`;
    let day = this.#dayOfHour.get(name);
    if (day === undefined) {
      day = dayNumber(localDayOf(atMs, zone));
      // A backlog of weeks touches hundreds of hours; ten years of them would be 90 thousand.
      if (this.#dayOfHour.size > 10_000) this.#dayOfHour.clear();
      this.#dayOfHour.set(name, day);
    }
    return { hour, day };
  }

  #settle(vote: VoteEntry, placement: Placement, site: SiteRules, day: number): Verdict {
    const verdict = verdictOf(vote, placement, site.ticketRules);
    if (!claimsTicket(verdict) || vote.ticket.mark === null) return verdict;
    const claimed = this.#sql.claim.run(Buffer.from(vote.ticket.mark, "hex"), day);
    return claimed.changes === 1 ? verdict : "conflict";
  }

  #placeAnew(row: VoteRow, offsetMs: number, site: SiteRules, changes: Changes): void {
    const atMs = offsetMs + Math.floor(row.monotonic_us / 1_000);
    const slot = this.slotOf(atMs, site.zone);
    const placement: Placement = { atMs, earliestMs: atMs, latestMs: atMs, uncertain: false };
    const before: CountedVote = {
      face: FACES[row.face] as Face,
      reason: row.reason === null ? null : (REASONS[row.reason] as Reason),
      verdict: VERDICTS[row.verdict] as Verdict,
      uncertain: true,
      afterHours: (row.flags & AFTER_HOURS_BIT) !== 0,
    };
    const expired =
      before.verdict === "accepted" && isOutsideValidity(row.minute, placement, site.ticketRules);
    const after: CountedVote = {
      ...before,
      uncertain: false,
      verdict: expired ? "expired-late" : before.verdict,
    };
    const key = { place: row.place_no, wording: row.wording };
    changes.counts.add({ ...key, hour: row.hour, day: row.day }, countsOfVote(before), -1);
    changes.counts.add({ ...key, ...slot }, countsOfVote(after));
    changes.sums.add(sumsOfVote(before), -1);
    changes.sums.add(sumsOfVote(after));
    this.#sql.replace.run(slot.hour, slot.day, VERDICTS.indexOf(after.verdict), row.no);
  }
}
