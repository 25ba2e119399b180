/**
 * The chain of entries: adds to this start's epoch, and knows the head before any entry still held. Runs inside the
 * journal's transactions; whoever rolls one back rewinds the chain too.
 */
import { canonicalText } from "#schemas/canonical.ts";
import { firstHead, nextHead, textHash } from "#schemas/chain.ts";
import type { LostEntry, OpenedEntry } from "#schemas/entry.ts";
import { BATCH_BYTES_MAX } from "#schemas/limits.ts";
import type { EntryTime } from "#schemas/time.ts";
import { ENVELOPE_BYTES } from "./batches.ts";
import type { EpochRow, Statements } from "./statements.ts";

/** Largest entry: one that fits no batch could never be sent, and would end the connection whenever it was tried. */
export const ENTRY_BYTES_MAX = BATCH_BYTES_MAX - ENVELOPE_BYTES;

type Tip = { readonly ordinal: number; readonly last: number; readonly head: Buffer };

export class EntryChain {
  readonly #sql: Statements;
  readonly #totemId: string;
  /** This start's epoch; begins to exist with its first entry. */
  readonly #epoch: string;
  #tip: Tip | null = null;

  constructor(sql: Statements, totemId: string, epoch: string) {
    this.#sql = sql;
    this.#totemId = totemId;
    this.#epoch = epoch;
  }

  /** Where the chain stands, for `rewind`. */
  tip(): Tip | null {
    return this.#tip;
  }

  /** What a transaction that was rolled back had begun never was. */
  rewind(tip: Tip | null): void {
    this.#tip = tip;
  }

  /** Adds an entry, after opening the epoch and declaring what was found damaged. */
  append(body: string, time: EntryTime): void {
    if (Buffer.byteLength(body) > ENTRY_BYTES_MAX) throw new RangeError("an entry is larger than any batch");
    let tip = this.#tip ?? this.#openEpoch(time);
    for (const { ordinal, epoch, first, last } of this.#sql.damage.all()) {
      const lost = { kind: "lost", time, epoch, first, last, cause: "damaged" } as const;
      tip = this.#link(tip, canonicalText(lost), time);
      this.#sql.dropDamage.run(ordinal, first);
    }
    this.#tip = this.#link(tip, body, time);
  }

  /** Adds the open declaration that entries are gone. */
  appendLost(lost: Omit<LostEntry, "kind" | "time">, time: EntryTime): void {
    this.append(canonicalText({ kind: "lost", time, ...lost }), time);
  }

  /** The head before an entry, or null when it was damaged. */
  headBefore(row: EpochRow, seq: number): Buffer | null {
    if (seq === row.pruned_to + 1 && row.pruned_to > 0) return row.pruned_head;
    if (seq > 1) return this.#sql.headAt.get(row.ordinal, seq - 1)?.head ?? null;
    const previous = this.#sql.epochBefore.get(row.ordinal);
    return firstHead(this.#totemId, row.epoch, previous?.head.toString("hex") ?? null);
  }

  #link(tip: Tip, body: string, time: EntryTime): Tip {
    const next = { ordinal: tip.ordinal, last: tip.last + 1, head: nextHead(tip.head, textHash(body)) };
    this.#sql.putEntry.run(next.ordinal, next.last, body, next.head, time.wallMs);
    this.#sql.advance.run(next.last, next.head, next.ordinal);
    this.#sql.captured.run(Buffer.byteLength(body));
    return next;
  }

  #openEpoch(time: EntryTime): Tip {
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
}
