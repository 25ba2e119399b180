/**
 * A totem's journal and its gateway as plain memory: what the real journal is compared with, command by command. Knows
 * the chain only through the contract's own functions.
 */
import { canonicalText } from "#schemas/canonical.ts";
import { firstHead, nextHead, textHash } from "#schemas/chain.ts";
import type { Entry, VoteEntry } from "#schemas/entry.ts";
import type { Receipt } from "#schemas/messages.ts";
import { addRange, contiguousEnd, type Range } from "#schemas/ranges.ts";
import type { EntryTime } from "#schemas/time.ts";
import { hexId, receiptFor, TOTEM } from "./journal.fixture.ts";

/** One entry: its text, the chain's head after it, and when it was receipted. */
export type ModelEntry = {
  readonly body: string;
  readonly head: string;
  receivedMs: number | null;
  gone: boolean;
};
export type ModelEpoch = {
  readonly epoch: string;
  readonly firstHead: string;
  readonly entries: ModelEntry[];
};

/** What a gateway holds of one epoch: sequence numbers stored, and those declared lost. */
type Held = { readonly stored: Set<number>; readonly lost: Set<number> };

export class JournalModel {
  start = 1;
  /** Votes cast so far, each with its number as id. */
  votes = 0;
  /** Epochs before this position were declared to a gateway that had lost the way to them. */
  declaredBefore = 0;
  nowMs: number;
  readonly epochs: ModelEpoch[] = [];
  current: ModelEpoch | null = null;
  draft: VoteEntry | null = null;
  readonly spent = new Map<string, number | null>();
  gateway = new Map<string, Held>();
  backup = new Map<string, Held>();
  /** Receipts ever made, to be repeated at any time. */
  readonly receipts: Receipt[] = [];

  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }

  append(entry: Entry, time: EntryTime = entry.time): void {
    if (this.current === null) {
      const previous = this.epochs.at(-1);
      const epoch = hexId(this.start);
      const previousHead = previous === undefined ? null : headOf(previous);
      const opened = {
        kind: "opened",
        time,
        ordinal: this.epochs.length + 1,
        previousEpoch: previous?.epoch ?? null,
        previousLast: previous?.entries.length ?? 0,
        previousHead,
      } as const;
      this.current = { epoch, firstHead: firstHead(TOTEM, epoch, previousHead).toString("hex"), entries: [] };
      this.epochs.push(this.current);
      this.#link(opened);
    }
    this.#link(entry);
  }

  seal(time: EntryTime): void {
    if (this.draft !== null) this.append(this.draft, time);
    this.draft = null;
  }

  restart(): void {
    this.start += 1;
    this.current = null;
  }

  /** The gateway takes a batch; `lost` entries in it pass over what they name. */
  deliver(epoch: string, range: Range): void {
    const entries = this.epochOf(epoch).entries;
    for (let seq = range.first; seq <= range.last; seq++) {
      this.held(epoch).stored.add(seq);
      const entry = JSON.parse(entries[seq - 1]?.body ?? "null") as Entry;
      if (entry.kind !== "lost") continue;
      const { lost } = this.held(entry.epoch);
      for (let gone = entry.first; gone <= entry.last; gone++) lost.add(gone);
    }
  }

  /** What the gateway would say of an epoch now. */
  receiptOf(epoch: string): Receipt {
    const { stored, lost } = this.held(epoch);
    const ranges = [...stored, ...lost].reduce<readonly Range[]>(
      (all, seq) => addRange(all, { first: seq, last: seq }),
      [],
    );
    const upTo = contiguousEnd(ranges);
    const head = upTo === 0 || lost.has(upTo) ? null : (this.epochOf(epoch).entries[upTo - 1]?.head ?? null);
    const beyond = ranges.filter((range) => range.first > upTo).map(({ first, last }) => ({ first, last }));
    return receiptFor(epoch, upTo, { head, ranges: beyond, timeMs: this.nowMs });
  }

  /** Marks what a receipt names; how many that were not marked before. */
  receive(receipt: Receipt): number {
    let fresh = 0;
    const mark = (first: number, last: number) => {
      for (let seq = first; seq <= last; seq++) {
        const entry = this.epochOf(receipt.epoch).entries[seq - 1] as ModelEntry;
        if (entry.receivedMs !== null) continue;
        entry.receivedMs = receipt.timeMs;
        fresh += 1;
      }
    };
    mark(1, receipt.upTo);
    for (const { first, last } of receipt.ranges) mark(first, last);
    return fresh;
  }

  /** The gateway asks for an epoch from an entry on. */
  resend(epoch: string, from: number, time: EntryTime): void {
    const asked = this.epochs.findIndex((e) => e.epoch === epoch);
    const isBeginningGone = from === 1 && this.epochs[asked]?.entries[0]?.gone === true;
    if (isBeginningGone && asked >= this.declaredBefore) {
      for (const before of this.epochs.slice(0, asked)) this.#resendHeld(before, 1, time);
      this.declaredBefore = asked + 1;
    }
    this.#resendHeld(this.epochOf(epoch), from, time);
  }

  #resendHeld({ epoch, entries }: ModelEpoch, from: number, time: EntryTime): void {
    const prunedTo = entries.filter((entry) => entry.gone).length;
    if (from <= prunedTo) {
      this.append({ kind: "lost", time, epoch, first: from, last: prunedTo, cause: "pruned" });
    }
    // The entry just added may stand in the same epoch; it was never receipted.
    for (const entry of entries.slice(Math.max(from, prunedTo + 1) - 1)) entry.receivedMs = null;
  }

  held(epoch: string): Held {
    const found = this.gateway.get(epoch) ?? { stored: new Set(), lost: new Set() };
    this.gateway.set(epoch, found);
    return found;
  }

  epochOf(epoch: string): ModelEpoch {
    const found = this.epochs.find((e) => e.epoch === epoch);
    if (found === undefined) throw new Error(`no epoch ${epoch}`);
    return found;
  }

  #link(entry: Entry): void {
    const epoch = this.current as ModelEpoch;
    const body = canonicalText(entry);
    const before = Buffer.from(headOf(epoch), "hex");
    const head = nextHead(before, textHash(body)).toString("hex");
    epoch.entries.push({ body, head, receivedMs: null, gone: false });
  }
}

/** The chain's head at an epoch's end. */
export function headOf(epoch: ModelEpoch): string {
  return epoch.entries.at(-1)?.head ?? epoch.firstHead;
}

/** A deep copy of what a gateway holds. */
export function copyOf(gateway: JournalModel["gateway"]): JournalModel["gateway"] {
  return new Map(
    [...gateway].map(([epoch, { stored, lost }]) => [
      epoch,
      { stored: new Set(stored), lost: new Set(lost) },
    ]),
  );
}
