/**
 * The ingest transaction: entries, votes, counters, watermark and audit leaf together or not at all. A receipt may
 * follow only once it has committed.
 */
import type Database from "better-sqlite3";
import { canonicalText } from "#schemas/canonical.ts";
import { ENTRY_KINDS, type Entry, type LostEntry } from "#schemas/entry.ts";
import { holds, type Range, sizeOf } from "#schemas/ranges.ts";
import { stitch, stitchLost } from "../../ingest/stitch.ts";
import type { JudgedEntry, VerifiedBatch } from "../../ingest/verify.ts";
import type { ListedReceipt } from "../listed-store.ts";
import type { Checkpoint, IngestOutcome, SiteRules } from "../store.ts";
import { AuditLog } from "./audit-log.ts";
import type { Changes } from "./changes.ts";
import { Clocks } from "./clocks.ts";
import { Closing } from "./closing.ts";
import { CountedWork } from "./counted-work.ts";
import type { Counters } from "./counters.ts";
import { Epochs, watermarkOf } from "./epochs.ts";
import { ListedReceipts } from "./listed-receipts.ts";
import { placesOf } from "./places.ts";
import { Refusals } from "./refusals.ts";
import type { Slots } from "./slots.ts";
import { StatedDays } from "./stated-days.ts";
import { UncertainVotes } from "./uncertain-votes.ts";
import { VoteChanges } from "./vote-changes.ts";
import { type Origin, Votes } from "./votes.ts";

type TotemRow = { readonly no: number; readonly site_id: string; readonly serves: string | null };

/** The kind stored for an entry that broke its shape. */
const REJECTED_KIND = -1;

/** What storing a batch needs beside it. */
type Work = {
  readonly batch: VerifiedBatch;
  readonly origin: Origin;
  readonly placeOf: (service: string | null) => number;
  readonly changes: Changes;
};

export class Ingestion {
  readonly closing: Closing;
  readonly #work: CountedWork;
  readonly #listed: ListedReceipts;
  readonly #counters: Counters;
  readonly #clocks: Clocks;
  readonly #epochs: Epochs;
  readonly #votes: Votes;
  readonly #uncertain: UncertainVotes;
  readonly #refusals: Refusals;
  readonly #audit: AuditLog;
  readonly #statements: StatedDays;
  readonly #sql;

  constructor(database: Database.Database, counters: Counters, slots: Slots) {
    this.#counters = counters;
    this.closing = new Closing(database);
    this.#audit = new AuditLog(database);
    this.#statements = new StatedDays(database);
    this.#clocks = new Clocks(database);
    this.#epochs = new Epochs(database);
    this.#work = new CountedWork(database, counters, this.#clocks, this.closing);
    const changing = new VoteChanges(database);
    this.#listed = new ListedReceipts(database, this.#clocks, changing);
    this.#votes = new Votes(database, { clocks: this.#clocks, slots, changing, listed: this.#listed });
    this.#uncertain = new UncertainVotes(database, this.#clocks, slots, changing);
    this.#refusals = new Refusals(database, this.#clocks, slots);
    this.#sql = {
      totem: database.prepare<[string], TotemRow>("SELECT no, site_id, serves FROM totem WHERE totem_id = ?"),
      putEntry: database.prepare<[number, number, number, Buffer]>("INSERT INTO entry VALUES (?, ?, ?, ?)"),
      hashes: database.prepare<[number, number, number], { seq: number; hash: Buffer }>(
        "SELECT seq, hash FROM entry WHERE epoch_no = ? AND seq BETWEEN ? AND ?",
      ),
      putRejected: database.prepare<[number, number, string, number, string]>(
        "INSERT INTO rejected VALUES (?, ?, ?, ?, ?)",
      ),
      rejected: database.prepare<[number, number, number], { seq: number; reason: string }>(
        "SELECT seq, reason FROM rejected WHERE epoch_no = ? AND seq BETWEEN ? AND ? ORDER BY seq",
      ),
      putBatch: database.prepare<[number, number, number, number, Buffer]>(
        "INSERT INTO batch (epoch_no, first, last, received_ms, payload) VALUES (?, ?, ?, ?, ?)",
      ),
      putEvent: database.prepare<[number, number, number, number, string]>(
        "INSERT INTO totem_event (totem_no, kind, wall_ms, received_ms, body) VALUES (?, ?, ?, ?, ?)",
      ),
    };
  }

  /** Stores batches in one transaction. One that contradicts what is held is left out and told apart. */
  ingest(batches: readonly VerifiedBatch[], sites: readonly SiteRules[]): readonly IngestOutcome[] {
    return this.#work.run((changes) => batches.map((batch) => this.#store(batch, sites, changes)));
  }

  /** Keeps marks of receipts that were given out, in one transaction. @returns how many were news. */
  listReceipts(receipts: readonly ListedReceipt[], rules: SiteRules["ticketRules"], nowMs: number): number {
    return this.#work.run(
      (changes) => receipts.filter((receipt) => this.#listed.list(receipt, rules, nowMs, changes)).length,
    );
  }

  /** Boots were deleted: their numbers mean nothing any more. */
  forgetBoots(): void {
    this.#clocks.forget();
  }

  get epochs(): Epochs {
    return this.#epochs;
  }

  checkpoint(): Checkpoint {
    return this.#audit.checkpoint();
  }

  #store(batch: VerifiedBatch, sites: readonly SiteRules[], changes: Changes): IngestOutcome {
    const totem = this.#sql.totem.get(batch.totemId);
    const site = sites.find((s) => s.siteId === totem?.site_id);
    if (totem === undefined || site === undefined) {
      throw new Error(`no totem ${batch.totemId} or no site of it`);
    }
    const epoch = this.#epochs.ensure(totem.no, batch.epoch);
    const before = this.#epochs.held(epoch);
    const stitched = stitch(before, batch, batch.startHead);
    if (!stitched.ok) return { kind: stitched.problem };
    const { fresh, held } = stitched.value;
    if (sizeOf(fresh) < batch.entries.length && !this.#isRepetition(epoch.no, batch)) return { kind: "fork" };
    if (fresh.length > 0) {
      this.#epochs.save(epoch, before, held);
      const origin: Origin = { totemNo: totem.no, epoch, receivedMs: batch.receivedMs, site };
      const placeOf = placesOf(site, totem.serves, this.#counters);
      this.#storeFresh(fresh, { batch, origin, placeOf, changes });
    }
    // Read anew: a declared loss among the entries may have moved the watermark of their own epoch.
    const after = fresh.length > 0 ? this.#epochs.held(this.#epochs.ensure(totem.no, batch.epoch)) : held;
    return {
      kind: "stored",
      fresh: sizeOf(fresh),
      watermark: watermarkOf(batch.epoch, after),
      rejected: this.#sql.rejected.all(epoch.no, batch.first, batch.last),
      checkpoint: this.checkpoint(),
      closedThrough: this.closing.closedThrough(),
    };
  }

  /** True when the entries that are held already are the same ones: a totem never writes a number twice. */
  #isRepetition(epochNo: number, { first, last, entries }: VerifiedBatch): boolean {
    return this.#sql.hashes
      .all(epochNo, first, last)
      .every(({ seq, hash }) => entries[seq - first]?.hash.equals(hash) === true);
  }

  #storeFresh(fresh: readonly Range[], work: Work): void {
    const { batch, changes, origin } = work;
    const isWhole = sizeOf(fresh) === batch.entries.length;
    const entries = isWhole ? batch.entries : batch.entries.filter(({ seq }) => holds(fresh, seq));
    const opened = entries[0]?.entry;
    const epoch = opened?.kind === "opened" ? this.#epochs.noteOpened(origin.epoch, opened) : origin.epoch;
    const informed: Work = { ...work, origin: { ...origin, epoch } };
    this.#learnTime(entries, informed);
    for (const judged of entries) this.#storeEntry(judged, informed);
    changes.sums.add(origin.totemNo, { entries: entries.length });
    this.#sql.putBatch.run(epoch.no, batch.first, batch.last, batch.receivedMs, batch.payload);
    this.#audit.append(batch);
  }

  /** Clocks first: a trusted moment anywhere in the batch places what came before it. */
  #learnTime(entries: readonly JudgedEntry[], { origin, changes }: Work): void {
    const { totemNo, epoch, site } = origin;
    let [firstMs, lastMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const { entry } of entries) {
      if (entry?.time.clock !== "trusted") continue;
      firstMs = Math.min(firstMs, entry.time.wallMs);
      lastMs = Math.max(lastMs, entry.time.wallMs);
      const boot = this.#clocks.learn(totemNo, entry.time);
      if (boot === null) continue;
      this.#uncertain.placeBoot(boot, site, changes);
      this.#refusals.placeBoot(boot, site.zone, changes);
    }
    if (lastMs < firstMs) return;
    const isNews = this.#clocks.noteTrusted(epoch.no, firstMs, lastMs);
    if (isNews) this.#uncertain.placeBefore(totemNo, epoch, firstMs, site, changes);
  }

  #storeEntry(judged: JudgedEntry, work: Work): void {
    const { seq, hash, entry } = judged;
    const { batch, origin, placeOf, changes } = work;
    const { totemNo, epoch } = origin;
    const kind = entry === null ? REJECTED_KIND : ENTRY_KINDS.indexOf(entry.kind);
    this.#sql.putEntry.run(epoch.no, seq, kind, hash);
    if (entry === null) {
      this.#sql.putRejected.run(epoch.no, seq, judged.reason, batch.receivedMs, judged.text);
      if (judged.isVote) changes.sums.add(totemNo, { quarantined: 1, received: 1 });
      return;
    }
    switch (entry.kind) {
      case "opened":
        break;
      case "vote":
        this.#votes.put(entry, seq, placeOf(entry.service), origin, changes);
        break;
      case "refusals":
        this.#refusals.count(entry, placeOf, origin, changes);
        break;
      case "lost":
        this.#declareLost(entry, totemNo, changes);
        this.#noteEvent(entry, work);
        break;
      case "statement":
        this.#statements.put(entry, totemNo);
        break;
      case "fault":
      case "mode":
      case "keys":
        this.#noteEvent(entry, work);
        break;
    }
  }

  /** Rows the totem no longer has: the watermark passes over them, and they are counted as lost. */
  #declareLost({ epoch, first, last }: LostEntry, totemNo: number, changes: Changes): void {
    const row = this.#epochs.ensure(totemNo, epoch);
    const before = this.#epochs.held(row);
    const { held, fresh } = stitchLost(before, { first, last });
    this.#epochs.save(row, before, held);
    changes.sums.add(totemNo, { lost: sizeOf(fresh) });
  }

  #noteEvent(entry: Entry, { batch, origin }: Work): void {
    const kind = ENTRY_KINDS.indexOf(entry.kind);
    this.#sql.putEvent.run(origin.totemNo, kind, entry.time.wallMs, batch.receivedMs, canonicalText(entry));
  }
}
