/**
 * The ingest transaction: entries, votes, counters, watermark and audit leaf together or not at all. A receipt may
 * follow only once it has committed.
 */
import { createHash } from "node:crypto";
import type Database from "better-sqlite3";
import { canonicalText } from "#schemas/canonical.ts";
import { EMPTY_AUDIT_HEAD, nextAuditHead } from "#schemas/chain.ts";
import { ENTRY_KINDS, type Entry, type RefusalsEntry } from "#schemas/entry.ts";
import { holds } from "#schemas/ranges.ts";
import { type Run, stitch, stitchLost } from "../../ingest/stitch.ts";
import type { JudgedEntry, VerifiedBatch } from "../../ingest/verify.ts";
import { CountDeltas, refusalColumn, SUM_COLUMNS, SumDeltas } from "../../rollups/counts.ts";
import { placementOf } from "../../settle/placement.ts";
import type { Checkpoint, IngestOutcome, Place, SiteRules } from "../store.ts";
import type { Counters } from "./counters.ts";
import { type EpochRow, Epochs } from "./epochs.ts";
import { type Changes, Votes } from "./votes.ts";

type TotemRow = { readonly no: number; readonly site_id: string; readonly serves: string | null };

/** The kind stored for an entry that broke its shape. */
const REJECTED_KIND = -1;

export class Ingestion {
  readonly #database: Database.Database;
  readonly #counters: Counters;
  readonly #epochs: Epochs;
  readonly #votes: Votes;
  readonly #sql;

  constructor(database: Database.Database, counters: Counters) {
    this.#database = database;
    this.#counters = counters;
    this.#epochs = new Epochs(database);
    this.#votes = new Votes(database);
    this.#sql = {
      totem: database.prepare<[string], TotemRow>("SELECT no, site_id, serves FROM totem WHERE totem_id = ?"),
      putEntry: database.prepare<[number, number, number, Buffer]>("INSERT INTO entry VALUES (?, ?, ?, ?)"),
      putRejected: database.prepare<[number, number, string, string]>(
        "INSERT INTO rejected VALUES (?, ?, ?, ?)",
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
      sums: database.prepare(
        `INSERT INTO totem_count (totem_no, ${SUM_COLUMNS.join(", ")})
         VALUES (@totemNo, ${SUM_COLUMNS.map((c) => `@${c}`).join(", ")})
         ON CONFLICT DO UPDATE SET ${SUM_COLUMNS.map((c) => `${c} = ${c} + excluded.${c}`).join(", ")}`,
      ),
      lastLeaf: database.prepare<[], { no: number; head: Buffer }>(
        "SELECT no, head FROM audit ORDER BY no DESC LIMIT 1",
      ),
      putLeaf: database.prepare<[number, number, string, Buffer]>("INSERT INTO audit VALUES (?, ?, ?, ?)"),
    };
  }

  /** Stores batches in one transaction. One that contradicts what is held is left out and told apart. */
  ingest(batches: readonly VerifiedBatch[], sites: readonly SiteRules[]): readonly IngestOutcome[] {
    try {
      return this.#database.transaction(() => batches.map((batch) => this.#store(batch, sites))).immediate();
    } catch (error) {
      this.#counters.forget();
      throw error;
    }
  }

  get epochs(): Epochs {
    return this.#epochs;
  }

  #store(batch: VerifiedBatch, sites: readonly SiteRules[]): IngestOutcome {
    const totem = this.#sql.totem.get(batch.totemId);
    const site = sites.find((s) => s.siteId === totem?.site_id);
    if (totem === undefined || site === undefined)
      throw new Error(`no totem ${batch.totemId} or no site of it`);
    const row = this.#epochs.ensure(totem.no, batch.epoch);
    const held = this.#epochs.held(row);
    const run: Run = { ...batch, heads: batch.heads };
    const stitched = stitch(held, run, batch.startHead);
    if (!stitched.ok) return { kind: "fork" };
    const { fresh } = stitched.value;
    const freshEntries = batch.entries.filter(({ seq }) => holds(fresh, seq));
    this.#epochs.save(row, held, stitched.value.held);
    if (freshEntries.length > 0) this.#storeFresh(batch, freshEntries, { totem, site, row });
    const after = this.#epochs.ensure(totem.no, batch.epoch);
    return {
      kind: "stored",
      fresh: freshEntries.length,
      watermark: this.#epochs.watermark(after),
      rejected: this.#sql.rejected.all(row.no, batch.first, batch.last),
      checkpoint: this.checkpoint(),
    };
  }

  checkpoint(): Checkpoint {
    const last = this.#sql.lastLeaf.get();
    return { size: last?.no ?? 0, hash: (last?.head ?? EMPTY_AUDIT_HEAD).toString("hex") };
  }

  #storeFresh(
    batch: VerifiedBatch,
    entries: readonly JudgedEntry[],
    at: { readonly totem: TotemRow; readonly site: SiteRules; readonly row: EpochRow },
  ): void {
    const { totem, site, row } = at;
    const changes: Changes = { counts: new CountDeltas(), sums: new SumDeltas() };
    changes.sums.add({ entries: entries.length });
    // Clocks first: a trusted moment anywhere in the batch places the votes before it.
    for (const { entry } of entries) {
      if (entry?.time.clock === "trusted") this.#votes.learn(totem.no, entry.time, site, changes);
    }
    for (const judged of entries) this.#storeEntry(judged, batch, at, changes);
    this.#counters.apply(changes.counts);
    this.#sql.sums.run({ totemNo: totem.no, ...changes.sums.counts });
    this.#sql.putBatch.run(row.no, batch.first, batch.last, batch.receivedMs, batch.payload);
    this.#appendLeaf(batch);
  }

  #storeEntry(
    judged: JudgedEntry,
    batch: VerifiedBatch,
    at: { readonly totem: TotemRow; readonly site: SiteRules; readonly row: EpochRow },
    changes: Changes,
  ): void {
    const { seq, hash, entry, text } = judged;
    const { totem, site, row } = at;
    this.#sql.putEntry.run(
      row.no,
      seq,
      entry === null ? REJECTED_KIND : ENTRY_KINDS.indexOf(entry.kind),
      hash,
    );
    if (entry === null) {
      this.#sql.putRejected.run(row.no, seq, judged.reason, text);
      changes.sums.add({ quarantined: 1, received: 1 });
      return;
    }
    switch (entry.kind) {
      case "opened":
        this.#epochs.noteOpened(row, entry);
        break;
      case "vote": {
        const place = this.#counters.place(placeOf(entry.service, site, totem));
        const where = { epochNo: row.no, seq, totemNo: totem.no, receivedMs: batch.receivedMs };
        changes.sums.add({ received: 1 });
        this.#votes.put(entry, where, site, place, changes);
        break;
      }
      case "refusals":
        this.#countRefusals(entry, batch, at, changes);
        break;
      case "lost":
        this.#declareLost(entry, totem, changes);
        this.#noteEvent(entry, text, batch, totem);
        break;
      case "fault":
      case "mode":
      case "keys":
      case "statement":
        this.#noteEvent(entry, text, batch, totem);
        break;
    }
  }

  #countRefusals(
    entry: RefusalsEntry,
    batch: VerifiedBatch,
    at: { readonly totem: TotemRow; readonly site: SiteRules },
    changes: Changes,
  ): void {
    const { totem, site } = at;
    const boot = this.#votes.boot(totem.no, entry.time.bootId);
    const { atMs } = placementOf(entry.time, boot.offsetMs, batch.receivedMs);
    const slot = this.#votes.slotOf(atMs, site.zone);
    for (const { reason, service, count } of entry.counts) {
      const place = this.#counters.place(placeOf(service, site, totem));
      changes.counts.add({ place, wording: site.wording, ...slot }, { [refusalColumn(reason)]: count });
    }
  }

  /** Rows the totem no longer has: the watermark passes over them, and they are counted as lost. */
  #declareLost(entry: Extract<Entry, { kind: "lost" }>, totem: TotemRow, changes: Changes): void {
    const row = this.#epochs.ensure(totem.no, entry.epoch);
    const held = this.#epochs.held(row);
    const stitched = stitchLost(held, { first: entry.first, last: entry.last });
    this.#epochs.save(row, held, stitched.held);
    changes.sums.add({ lost: stitched.fresh.reduce((sum, { first, last }) => sum + last - first + 1, 0) });
  }

  #noteEvent(entry: Entry, text: string, batch: VerifiedBatch, totem: TotemRow): void {
    const kind = ENTRY_KINDS.indexOf(entry.kind);
    this.#sql.putEvent.run(totem.no, kind, entry.time.wallMs, batch.receivedMs, text);
  }

  #appendLeaf(batch: VerifiedBatch): void {
    const last = this.#sql.lastLeaf.get();
    const leaf = {
      totem: batch.totemId,
      epoch: batch.epoch,
      first: batch.first,
      last: batch.last,
      head: batch.heads.at(-1) as string,
      sha256: createHash("sha256").update(batch.payload).digest("hex"),
    };
    const head = nextAuditHead(last?.head ?? EMPTY_AUDIT_HEAD, leaf);
    this.#sql.putLeaf.run((last?.no ?? 0) + 1, batch.receivedMs, canonicalText(leaf), head);
  }
}

/** Where a count belongs: the service's office, else the one office the totem serves, else none. */
function placeOf(service: string | null, site: SiteRules, totem: TotemRow): Place {
  const serves =
    totem.serves === null ? [...new Set(Object.values(site.officeOf))] : JSON.parse(totem.serves);
  const only: string = serves.length === 1 ? serves[0] : "";
  const officeId = (service === null ? only : site.officeOf[service]) ?? only;
  return { siteId: site.siteId, officeId, serviceId: service ?? "" };
}
