/**
 * The journal on SQLite: drafts, spent marks, the chain of entries and what was receipted. Synchronous; every method
 * that changes something is one transaction, on the disk when it returns. It never deletes what was not receipted.
 */
import type Database from "better-sqlite3";
import { canonicalText } from "#schemas/canonical.ts";
import { firstHead, nextHead, textHash } from "#schemas/chain.ts";
import type { Entry, OpenedEntry, VoteEntry } from "#schemas/entry.ts";
import { BATCH_BYTES_MAX, BATCH_ENTRIES_MAX } from "#schemas/limits.ts";
import type { Receipt } from "#schemas/messages.ts";
import { contiguousEnd } from "#schemas/ranges.ts";
import { fail, ok, type Result } from "#schemas/result.ts";
import { type SigningKey, signText } from "#schemas/signature.ts";
import type { EntryTime } from "#schemas/time.ts";
import type { EpochProgress, JournalSums, ReceiptOutcome, SignedBatch } from "../ports.ts";
import type { JournalFailure } from "../session/events.ts";
import { reached } from "../steps.ts";
import { Receipts } from "./receipts.ts";
import { type EpochRow, prepareStatements, type Statements } from "./statements.ts";

type Outcome<T> = Result<T, JournalFailure>;

/** Everything around `entries` in the largest batch: ids, numbers, two heads and the signature. */
const ENVELOPE_BYTES = 600;

export class JournalFile {
  readonly #database: Database.Database;
  readonly #sql: Statements;
  readonly #receipts: Receipts;
  readonly #totemId: string;
  /** This start's epoch; begins to exist with its first entry. */
  readonly #epoch: string;
  readonly #key: SigningKey;
  #current: { ordinal: number; last: number; head: Buffer } | null = null;

  /** @param open an opened, migrated and checked database; see `open-journal.ts`. */
  constructor(open: {
    readonly database: Database.Database;
    readonly totemId: string;
    readonly epoch: string;
    readonly key: SigningKey;
  }) {
    this.#database = open.database;
    this.#totemId = open.totemId;
    this.#epoch = open.epoch;
    this.#key = open.key;
    this.#sql = prepareStatements(open.database);
    this.#receipts = new Receipts(this.#sql);
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
      this.#append(canonicalText(entry), entry.time);
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
    const total = rowOrThrow(this.#sql.total.get());
    return {
      captured: total.captured,
      acknowledged: total.acknowledged,
      pending: total.captured - total.acknowledged,
      pendingBytes: total.pending_bytes,
      oldestPendingMs: this.#oldestPendingMs(),
    };
  }

  /** Epochs that are not closed, oldest first. */
  openEpochs(): readonly EpochProgress[] {
    return this.#sql.openEpochs.all().map((row) => {
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
    const entries = this.#sql.entries.all(row.ordinal, from, Math.min(to, from + BATCH_ENTRIES_MAX - 1));
    if (entries[0]?.seq !== from) return null;
    let bytes = ENVELOPE_BYTES;
    const taken = entries.filter((entry, index) => {
      bytes += Buffer.byteLength(entry.body) + 1;
      return index === 0 || bytes <= BATCH_BYTES_MAX;
    });
    const last = taken.at(-1);
    if (last === undefined) return null;
    // Keys in canonical order; bodies are canonical already, so this text is what both sides sign and check.
    const unsigned = `{"entries":[${taken.map((e) => e.body).join(",")}],"epoch":"${epoch}","first":${from},"head":"${last.head.toString("hex")}","last":${last.seq},"previousHead":"${this.#headBefore(row, from).toString("hex")}"}`;
    const signature = signText("entries", unsigned, this.#key);
    return {
      epoch,
      first: from,
      last: last.seq,
      text: `${unsigned.slice(0, -1)},"signature":"${signature}"}`,
    };
  }

  applyReceipt(receipt: Receipt): Outcome<ReceiptOutcome> {
    return this.#write(() => {
      const outcome = this.#receipts.apply(receipt);
      reached("receipt:before-commit");
      return outcome;
    }, "receipt:after-commit");
  }

  /** Entries from `from` on are to be sent again; those no longer held are declared lost in a new entry. */
  resendFrom(epoch: string, from: number, time: EntryTime): Outcome<"resending" | "unknown-epoch"> {
    return this.#write(() => {
      const row = this.#sql.epoch.get(epoch);
      if (row === undefined) return "unknown-epoch";
      if (from <= row.pruned_to) {
        const lost = {
          kind: "lost",
          time,
          epoch,
          first: from,
          last: row.pruned_to,
          cause: "pruned",
        } as const;
        this.#append(canonicalText(lost), time);
      }
      this.#receipts.forgetFrom(row, Math.max(from, row.pruned_to + 1));
      return "resending";
    });
  }

  /** Deletes entries and marks older than `keepMs`, by trusted time; returns how many entries. */
  prune(nowMs: number, keepMs: number): Outcome<number> {
    return this.#write(() => {
      const deleted = this.#receipts.prune(nowMs, keepMs);
      reached("prune:before-commit");
      return deleted;
    }, "prune:after-commit");
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
    this.#database.close();
  }

  #write<T>(work: () => T, done?: Parameters<typeof reached>[0]): Outcome<T> {
    const before = this.#current;
    try {
      const value = this.#database.transaction(work).immediate();
      if (done !== undefined) reached(done);
      return ok(value);
    } catch (error) {
      // What a transaction that was rolled back had begun never was.
      this.#current = before;
      const failure = failureOf(error);
      if (failure === null) throw error;
      return fail(failure);
    }
  }

  #seal(body: string, time: EntryTime): void {
    this.#append(body, time);
    this.#sql.dropDraft.run();
  }

  #append(body: string, time: EntryTime): void {
    this.#current ??= this.#openEpoch(time);
    this.#current = this.#link(this.#current, body, time);
  }

  #link(current: { ordinal: number; last: number; head: Buffer }, body: string, time: EntryTime) {
    const next = {
      ordinal: current.ordinal,
      last: current.last + 1,
      head: nextHead(current.head, textHash(body)),
    };
    this.#sql.putEntry.run(next.ordinal, next.last, body, next.head, time.wallMs);
    this.#sql.advance.run(next.last, next.head, next.ordinal);
    this.#sql.captured.run(Buffer.byteLength(body));
    return next;
  }

  #openEpoch(time: EntryTime) {
    const previous = this.#sql.newestEpoch.get();
    const opened: OpenedEntry = {
      kind: "opened",
      time,
      ordinal: (previous?.ordinal ?? 0) + 1,
      previousEpoch: previous?.epoch ?? null,
      previousLast: previous?.last ?? 0,
      previousHead: previous?.head.toString("hex") ?? null,
    };
    const head = firstHead(this.#totemId, this.#epoch, opened.previousHead);
    this.#sql.putEpoch.run(opened.ordinal, this.#epoch, head);
    return this.#link({ ordinal: opened.ordinal, last: 0, head }, canonicalText(opened), time);
  }

  #headBefore(row: EpochRow, seq: number): Buffer {
    if (seq === row.pruned_to + 1 && row.pruned_head !== null) return row.pruned_head;
    if (seq > 1) return rowOrThrow(this.#sql.headAt.get(row.ordinal, seq - 1)).head;
    const previous = this.#sql.epochBefore.get(row.ordinal);
    return firstHead(this.#totemId, row.epoch, previous?.head.toString("hex") ?? null);
  }

  #oldestPendingMs(): number | null {
    for (const row of this.#sql.openEpochs.all()) {
      const next = contiguousEnd(this.#receipts.rangesOf(row)) + 1;
      const entry = this.#sql.wallAt.get(row.ordinal, next);
      if (entry !== undefined) return entry.wall_ms;
    }
    return null;
  }
}

/** A row that must be there: its absence is a defect of ours, not of the disk. */
function rowOrThrow<T>(row: T | undefined): T {
  if (row === undefined) throw new Error("the journal lacks a row it must hold");
  return row;
}

/** The failures a totem can say openly; anything else is a defect and must be seen. */
function failureOf(error: unknown): JournalFailure | null {
  const code = (error as { code?: unknown }).code;
  if (typeof code !== "string" || !code.startsWith("SQLITE_")) return null;
  if (code === "SQLITE_FULL") return "disk-full";
  const storage = [
    "SQLITE_IOERR",
    "SQLITE_READONLY",
    "SQLITE_CORRUPT",
    "SQLITE_CANTOPEN",
    "SQLITE_NOTADB",
    "SQLITE_BUSY",
  ];
  return storage.some((prefix) => code.startsWith(prefix)) ? "journal-failed" : null;
}
