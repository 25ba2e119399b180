/**
 * The journal on SQLite: drafts, spent marks, the chain of entries and what was receipted. Synchronous; every method
 * that changes something is one transaction, on the disk when it returns. It never deletes what was not receipted.
 */
import type Database from "better-sqlite3";
import { canonicalText } from "#schemas/canonical.ts";
import type { Entry, VoteEntry } from "#schemas/entry.ts";
import { HELLO_EPOCHS_MAX } from "#schemas/limits.ts";
import type { LocalDay } from "#schemas/local-day.ts";
import type { Receipt } from "#schemas/messages.ts";
import { contiguousEnd } from "#schemas/ranges.ts";
import { fail, ok, type Result } from "#schemas/result.ts";
import type { SigningKey } from "#schemas/signature.ts";
import type { EntryTime } from "#schemas/time.ts";
import type { PruneTerms, StatementRequest } from "../journal-terms.ts";
import type { EpochProgress, JournalSums, ReceiptOutcome, SignedBatch } from "../ports.ts";
import type { JournalFailure } from "../session/events.ts";
import { reached } from "../steps.ts";
import { readSignedBatch } from "./batches.ts";
import { settleAllDamage } from "./damage.ts";
import { EntryChain } from "./entry-chain.ts";
import { Receipts } from "./receipts.ts";
import { resendEntries } from "./resending.ts";
import { stateNextDay } from "./state-day.ts";
import { prepareStatements, type Statements } from "./statements.ts";
import { failureOf, isDamage } from "./storage-errors.ts";

type Outcome<T> = Result<T, JournalFailure>;

/** Where a damaged file was set aside, until the fault that reports it is in the journal. */
export const KEPT_SET_ASIDE = "set-aside";

export type JournalFileParts = {
  /** Opened, migrated and checked; see `open-journal.ts`. */
  readonly database: Database.Database;
  readonly totemId: string;
  readonly epoch: string;
  readonly key: SigningKey;
  /** SQLite met a damaged page: only a start sets a damaged file aside, so the program has to end. */
  readonly onDamage?: (error: Error) => void;
};

export class JournalFile {
  readonly #parts: JournalFileParts;
  readonly #sql: Statements;
  readonly #receipts: Receipts;
  readonly #chain: EntryChain;

  constructor(parts: JournalFileParts) {
    this.#parts = parts;
    this.#sql = prepareStatements(parts.database);
    this.#receipts = new Receipts(this.#sql);
    this.#chain = new EntryChain(this.#sql, parts.totemId, parts.epoch);
  }

  /** Stores the vote as it stands and spends its ticket; seals another vote's draft first, so that none is lost. */
  commitDraft(vote: VoteEntry): Outcome<null> {
    return this.#write(() => {
      const before = this.#sql.draft.get();
      if (before !== undefined && before.vote_id !== vote.id) this.#seal(before.body, vote.time);
      const isNew = before?.vote_id !== vote.id;
      // A second vote for a spent mark breaks the primary key here: the last guard of "one ticket, one vote".
      if (isNew && vote.ticket.mark !== null) {
        const spentMs = vote.time.clock === "trusted" ? vote.time.wallMs : null;
        this.#sql.spend.run(Buffer.from(vote.ticket.mark, "hex"), spentMs);
      }
      this.#sql.putDraft.run(vote.id, canonicalText(vote));
      reached("draft:before-commit");
      return null;
    }, "draft:after-commit");
  }

  /** Moves the draft into the chain. */
  sealDraft(time: EntryTime): Outcome<null> {
    return this.#write(() => {
      const draft = this.#sql.draft.get();
      if (draft !== undefined) this.#seal(draft.body, time);
      reached("seal:before-commit");
      return null;
    }, "seal:after-commit");
  }

  append(entry: Entry): Outcome<null> {
    return this.#write(() => {
      this.#chain.append(canonicalText(entry), entry.time);
      if (entry.kind === "fault" && entry.code === "journal-damaged") this.#sql.forget.run(KEPT_SET_ASIDE);
      return null;
    });
  }

  /** A real commit that changes nothing of value: do commits work? */
  probe(): Outcome<null> {
    return this.#write(() => {
      this.#sql.probe.run();
      return null;
    });
  }

  isSpent(mark: string): boolean {
    return this.#sql.isSpent.get(Buffer.from(mark, "hex")) !== undefined;
  }

  sums(): JournalSums {
    const total = this.#sql.total.get() ?? { captured: 0, acknowledged: 0, pending_bytes: 0 };
    return {
      captured: total.captured,
      acknowledged: total.acknowledged,
      pending: total.captured - total.acknowledged,
      // A damaged body may have had another length.
      pendingBytes: Math.max(0, total.pending_bytes),
      oldestPendingMs: this.#oldestPendingMs(),
      openEpochs: this.#sql.openCount.get()?.count ?? 0,
    };
  }

  /** The oldest epochs that are not closed, and the newest one: what a hello names and what is sent next. */
  openEpochs(): readonly EpochProgress[] {
    const rows = this.#sql.openEpochs.all(HELLO_EPOCHS_MAX);
    const newest = this.#sql.newestOpen.get();
    if (newest !== undefined && newest.ordinal !== rows.at(-1)?.ordinal) rows.push(newest);
    return rows.map((row) => {
      const received = this.#receipts.rangesOf(row);
      return {
        epoch: row.epoch,
        ordinal: row.ordinal,
        oldestUnreceipted: contiguousEnd(received) + 1,
        last: row.last,
        head: row.head.toString("hex"),
        received,
      };
    });
  }

  /** A signed batch of entries `from`..`to` as far as the limits allow, or null when `from` is not held. */
  readBatch(epoch: string, from: number, to: number): SignedBatch | null {
    const row = this.#sql.epoch.get(epoch);
    if (row === undefined) return null;
    const previousHead = this.#chain.headBefore(row, from);
    return readSignedBatch(this.#sql, row, { first: from, last: to }, { previousHead, key: this.#parts.key });
  }

  applyReceipt(receipt: Receipt): Outcome<ReceiptOutcome> {
    return this.#write(() => {
      const outcome = this.#receipts.apply(receipt);
      reached("receipt:before-commit");
      return outcome;
    }, "receipt:after-commit");
  }

  /** Entries from `from` on are to be sent again; those no longer held are declared lost in new entries. */
  resendFrom(epoch: string, from: number, time: EntryTime): Outcome<"resending" | "unknown-epoch"> {
    return this.#write(() => {
      const row = this.#sql.epoch.get(epoch);
      if (row === undefined) return "unknown-epoch";
      const parts = { sql: this.#sql, receipts: this.#receipts, chain: this.#chain };
      resendEntries(parts, row, from, time);
      return "resending";
    });
  }

  /** Deletes entries and marks whose term is over, a bounded number at once; returns how many entries. */
  prune(terms: PruneTerms): Outcome<number> {
    const pruned = this.#write(() => {
      const deleted = this.#receipts.prune(terms);
      reached("prune:before-commit");
      return deleted;
    }, "prune:after-commit");
    // What was deleted also lies in the log, until it is cut. A reader of another process only puts that off.
    if (pruned.ok && pruned.value > 0) this.#parts.database.pragma("wal_checkpoint(TRUNCATE)");
    return pruned;
  }

  /** Writes the statement of the first day that has none; gives the day, or null when none is due. */
  stateNextDay(request: StatementRequest): Outcome<LocalDay | null> {
    const { totemId, key } = this.#parts;
    return this.#write(() => stateNextDay({ sql: this.#sql, chain: this.#chain, totemId, key }, request));
  }

  /** Gives up what was damaged while nobody looked, to be declared lost; returns how many entries. */
  checkEntries(atMs: number): Outcome<number> {
    return this.#write(() => settleAllDamage(this.#sql, this.#receipts, this.#chain, atMs));
  }

  keep(name: string, value: string): Outcome<null> {
    return this.#write(() => {
      this.#sql.keep.run(name, value);
      return null;
    });
  }

  kept(name: string): string | null {
    return this.#sql.kept.get(name)?.value ?? null;
  }

  close(): void {
    this.#parts.database.close();
  }

  #write<T>(work: () => T, done?: Parameters<typeof reached>[0]): Outcome<T> {
    const tip = this.#chain.tip();
    try {
      const value = this.#parts.database.transaction(work).immediate();
      if (done !== undefined) reached(done);
      return ok(value);
    } catch (error) {
      this.#chain.rewind(tip);
      if (isDamage(error)) this.#parts.onDamage?.(error as Error);
      const failure = failureOf(error);
      if (failure === null) throw error;
      return fail(failure);
    }
  }

  #seal(body: string, time: EntryTime): void {
    this.#chain.append(body, time);
    this.#sql.dropDraft.run();
  }

  #oldestPendingMs(): number | null {
    for (const row of this.#sql.openEpochs.all(HELLO_EPOCHS_MAX)) {
      const next = contiguousEnd(this.#receipts.rangesOf(row)) + 1;
      const entry = this.#sql.wallAt.get(row.ordinal, next);
      if (entry !== undefined) return entry.wall_ms;
    }
    return null;
  }
}
