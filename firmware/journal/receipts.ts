/**
 * What receipts do to the journal: they mark runs of entries as received, close epochs, and in time let entries be
 * deleted. Idempotent and monotone: an old or repeated receipt changes nothing. Runs inside the journal's transactions.
 */
import { SEQ_MAX } from "#schemas/entry.ts";
import type { Receipt } from "#schemas/messages.ts";
import { addRange, contiguousEnd, gaps, type Range, sizeOf } from "#schemas/ranges.ts";
import { keptDays } from "#schemas/retention.ts";
import { DAY_MS, HOUR_MS } from "#schemas/time.ts";
import type { PruneTerms } from "../journal-terms.ts";
import type { ReceiptOutcome } from "../ports.ts";
import { KEPT_CHECKPOINT, statedUpTo } from "./state-day.ts";
import type { EpochRow, ReceivedRow, Statements } from "./statements.ts";

/** Entries deleted in one transaction: on a slow card a citizen's press waits behind it for a moment at most. */
export const PRUNE_ENTRIES_MAX = 1_000;

/** Epochs remembered after all their entries are gone: 27 years of one start a day, in a megabyte or two. */
export const EPOCHS_KEPT_MAX = 10_000;

/**
 * How long a used ticket is remembered, whatever the setting says about entries: kept shorter than a ticket is good
 * for, it could be used twice here; kept longer, it would outlive its written term.
 */
const MARKS_KEPT_MS = keptDays("totem-marks") * DAY_MS;

/** Where the journal keeps the last day that the gateway has closed. */
export const KEPT_CLOSED_THROUGH = "closed-through";

const NOTHING: ReceiptOutcome = { acknowledged: 0, headMismatch: false, rejected: [] };

export class Receipts {
  readonly #sql: Statements;

  constructor(sql: Statements) {
    this.#sql = sql;
  }

  /** The runs of an epoch's entries that were receipted, those long deleted included. */
  rangesOf(row: EpochRow): readonly Range[] {
    const pruned = row.pruned_to > 0 ? [{ first: 1, last: row.pruned_to }] : [];
    return this.#sql.received.all(row.ordinal).reduce<readonly Range[]>(addRange, pruned);
  }

  /** Marks what the receipt names, unless it names another chain than ours. */
  apply(receipt: Receipt): ReceiptOutcome {
    this.#noteClosed(receipt.closedThrough);
    this.#noteCheckpoint(receipt.checkpoint);
    const row = this.#sql.epoch.get(receipt.epoch);
    if (row === undefined) return NOTHING;
    const named = namedBy(receipt);
    if (named.some((range) => range.last > row.last) || !this.#isOurHead(row, receipt)) {
      return { ...NOTHING, headMismatch: true };
    }
    const held = this.rangesOf(row);
    const fresh = named.flatMap((range) => gaps(held, range.first, range.last));
    for (const range of fresh) this.mark(row, range, receipt.timeMs);
    this.#closeIfOver(row);
    const previous = this.#sql.epochBefore.get(row.ordinal);
    if (previous !== undefined) this.#closeIfOver(previous);
    const rejected = receipt.rejected.filter(({ seq }) => fresh.some((r) => r.first <= seq && seq <= r.last));
    return { acknowledged: sizeOf(fresh), headMismatch: false, rejected };
  }

  /** Days do not open again, whatever an old receipt says. */
  #noteClosed(day: string | null): void {
    const known = this.#sql.kept.get(KEPT_CLOSED_THROUGH)?.value ?? "";
    if (day !== null && day > known) this.#sql.keep.run(KEPT_CLOSED_THROUGH, day);
  }

  /** The next statement tells which state of the public log this totem has heard of; that only grows. */
  #noteCheckpoint(checkpoint: Receipt["checkpoint"]): void {
    if (checkpoint === null) return;
    const known = this.#sql.kept.get(KEPT_CHECKPOINT)?.value ?? "null";
    const before = (JSON.parse(known) as Receipt["checkpoint"])?.size ?? 0;
    if (checkpoint.size > before) this.#sql.keep.run(KEPT_CHECKPOINT, JSON.stringify(checkpoint));
  }

  /** Takes a run that was not marked before off the list of what is waiting. */
  mark(row: EpochRow, range: Range, atMs: number): void {
    this.#sql.acknowledged.run(range.last - range.first + 1, this.#bytes(row, range.first, range.last));
    const before = this.#sql.receivedUntil.get(row.ordinal, range.first - 1);
    // Neighbours of the same hour become one row, so that a year without a restart stays a short list.
    if (before !== undefined && Math.floor(before.at_ms / HOUR_MS) === Math.floor(atMs / HOUR_MS)) {
      this.#sql.resizeReceived.run(range.last, Math.max(atMs, before.at_ms), row.ordinal, before.first);
    } else {
      this.#sql.putReceived.run(row.ordinal, range.first, range.last, atMs);
    }
  }

  /** The gateway lost what it had receipted: entries from `from` on, none of them deleted, are pending again. */
  forgetFrom(row: EpochRow, from: number): void {
    for (const range of this.#sql.received.all(row.ordinal)) {
      if (range.last < from) continue;
      const kept = Math.min(range.last, from - 1);
      const bytes = this.#bytes(row, Math.max(range.first, from), range.last);
      this.#sql.acknowledged.run(-(range.last - Math.max(range.first, from) + 1), -bytes);
      if (kept < range.first) this.#sql.dropReceived.run(row.ordinal, range.first);
      else this.#sql.resizeReceived.run(kept, range.at_ms, row.ordinal, range.first);
    }
    if (contiguousEnd(this.rangesOf(row)) < row.last) this.#sql.reopen.run(row.ordinal);
  }

  /**
   * Deletes receipted entries whose term is over, from the oldest on and without leaving holes, and old marks.
   * @returns how many entries; when it is as many as one transaction may delete, there may be more.
   */
  prune(terms: PruneTerms): number {
    const { nowMs } = terms;
    let left = PRUNE_ENTRIES_MAX;
    for (const row of this.#sql.unpruned.all()) {
      if (left === 0) break;
      left -= this.#pruneEpoch(row, terms, left);
    }
    this.#sql.dropEpochs.run(EPOCHS_KEPT_MAX);
    // Marks spent under a clock nobody could believe begin to age now.
    this.#sql.dateSpent.run(nowMs);
    this.#sql.dropSpent.run(nowMs - MARKS_KEPT_MS);
    return PRUNE_ENTRIES_MAX - left;
  }

  #pruneEpoch(row: EpochRow, terms: PruneTerms, atMost: number): number {
    let prunedTo = row.pruned_to;
    for (const range of this.#sql.received.all(row.ordinal)) {
      if (range.first !== prunedTo + 1) break;
      const overUpTo = Math.min(this.#overUpTo(row, range, terms), this.#statedIn(row.ordinal));
      const upTo = Math.min(overUpTo, row.pruned_to + atMost);
      if (upTo < range.first) break;
      prunedTo = upTo;
      if (upTo < range.last) {
        this.#sql.shrinkReceived.run(upTo + 1, row.ordinal, range.first);
        break;
      }
      this.#sql.dropReceived.run(row.ordinal, range.first);
    }
    if (prunedTo === row.pruned_to) return 0;
    // No head is left where the entry itself was damaged; what follows it was declared lost with it.
    const head =
      this.#sql.headAt.get(row.ordinal, prunedTo)?.head ?? (prunedTo === row.last ? row.head : null);
    this.#sql.dropEntries.run(row.ordinal, prunedTo);
    this.#sql.pruned.run(prunedTo, head, row.ordinal);
    return prunedTo - row.pruned_to;
  }

  /** The last entry of an epoch that a statement covers; all of them before statements began. */
  #statedIn(ordinal: number): number {
    const stated = statedUpTo(this.#sql);
    if (stated === null || ordinal < stated.ordinal) return SEQ_MAX;
    return ordinal === stated.ordinal ? stated.seq : 0;
  }

  /** The last entry of a receipted run whose term is over, as are all before it in the run. */
  #overUpTo(row: EpochRow, { first, last, at_ms }: ReceivedRow, terms: PruneTerms): number {
    if (at_ms < terms.nowMs - terms.keepMs) return last;
    if (terms.closedBeforeMs === null) return first - 1;
    const { ordinal } = row;
    const open = this.#sql.firstOpen.get({
      ordinal,
      first,
      last,
      at_ms,
      closedBeforeMs: terms.closedBeforeMs,
    });
    return open === undefined ? last : open.seq - 1;
  }

  #isOurHead(row: EpochRow, receipt: Receipt): boolean {
    if (receipt.upTo === 0 || receipt.head === null) return true;
    const ours =
      receipt.upTo === row.pruned_to
        ? row.pruned_head
        : this.#sql.headAt.get(row.ordinal, receipt.upTo)?.head;
    // An entry deleted since cannot be compared; it was when it was receipted the first time.
    return ours === undefined || ours === null || ours.toString("hex") === receipt.head;
  }

  /** An epoch is closed once everything in it and its successor's first entry are receipted. */
  #closeIfOver(row: EpochRow): void {
    const successor = this.#sql.epochAfter.get(row.ordinal);
    const succeeded = successor !== undefined && contiguousEnd(this.rangesOf(successor)) >= 1;
    if (succeeded && contiguousEnd(this.rangesOf(row)) === row.last) this.#sql.close.run(row.ordinal);
  }

  #bytes(row: EpochRow, first: number, last: number): number {
    return this.#sql.bytes.get(row.ordinal, first, last)?.bytes ?? 0;
  }
}

/** Everything a receipt names, each entry once, however its runs overlap. */
function namedBy({ upTo, ranges }: Receipt): readonly Range[] {
  return ranges
    .filter(({ first, last }) => first <= last)
    .reduce<readonly Range[]>(addRange, upTo > 0 ? [{ first: 1, last: upTo }] : []);
}
