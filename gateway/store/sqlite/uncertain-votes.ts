/**
 * Votes whose time was a guess, placed anew in SQLite once more is known: exactly by their boot's offset, or closer by
 * the moment time returned to their totem. What that changes in verdicts follows the rule of `settle/verdict.ts`. Part
 * of the ingest transaction.
 */
import type Database from "better-sqlite3";
import { VERDICTS, type Verdict } from "#schemas/code-list.ts";
import { type Placement, placementOf } from "../../settle/placement.ts";
import { lateIf, verdictAnew } from "../../settle/verdict.ts";
import type { SiteRules } from "../store.ts";
import type { Changes } from "./changes.ts";
import type { Boot, Clocks } from "./clocks.ts";
import type { EpochRow } from "./epochs.ts";
import type { Slots } from "./slots.ts";
import type { VoteChanges, VoteRow } from "./vote-changes.ts";

export class UncertainVotes {
  readonly #clocks: Clocks;
  readonly #slots: Slots;
  readonly #changing: VoteChanges;
  readonly #sql;

  constructor(database: Database.Database, clocks: Clocks, slots: Slots, changing: VoteChanges) {
    this.#clocks = clocks;
    this.#slots = slots;
    this.#changing = changing;
    this.#sql = {
      ofBoot: database.prepare<[number], { no: number }>(
        "SELECT no FROM vote WHERE boot_no = ? AND uncertain = 1 ORDER BY no",
      ),
      before: database.prepare<[number, number, number, number], { no: number }>(
        `SELECT vote.no FROM boot JOIN vote ON boot_no = boot.no AND uncertain = 1 JOIN epoch ON epoch.no = epoch_no
         WHERE boot.totem_no = ? AND offset_ms IS NULL AND ordinal < ? AND epoch.no < ? AND hour > ?
         ORDER BY vote.no`,
      ),
    };
  }

  /** A boot's offset has become known: its votes have an exact moment. */
  placeBoot(boot: Boot, site: SiteRules, changes: Changes): void {
    for (const { no } of this.#sql.ofBoot.all(boot.no)) {
      const row = this.#changing.row(no);
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
      const row = this.#changing.row(no);
      const itsEpoch = { no: row.epoch_no, ordinal: row.ordinal };
      const bounds = this.#clocks.bounds(totemNo, itsEpoch, returnedMs);
      const time = { wallMs: 0, monotonicUs: row.monotonic_us, clock: "untrusted" } as const;
      this.#placeAnew(row, placementOf(time, null, bounds), site, changes);
    }
  }

  #placeAnew(row: VoteRow, placement: Placement, site: SiteRules, changes: Changes): void {
    const verdict = VERDICTS[row.verdict] as Verdict;
    const slot = this.#slots.of(placement.atMs, site.zone);
    const judged = verdictAnew(verdict, row.minute, placement, site.ticketRules);
    const anew = lateIf(slot.day <= changes.lastClosed, judged);
    this.#changing.change(row, { slot, verdict: anew, uncertain: placement.uncertain }, changes);
  }
}
