/**
 * What tests of the journal are made of: a data folder, a key, times, votes, and the check that a batch is what a
 * gateway would accept.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canonicalText } from "#schemas/canonical.ts";
import { nextHead, textHash } from "#schemas/chain.ts";
import { type Entry, parseEntry, type VoteEntry } from "#schemas/entry.ts";
import { BATCH, type Batch, type Receipt } from "#schemas/messages.ts";
import { isMessageGood, makeSigningKey, publicKeyFromHex } from "#schemas/signature.ts";
import type { EntryTime } from "#schemas/time.ts";
import type { SignedBatch } from "../ports.ts";
import { type OpenedJournal, openJournal } from "./open-journal.ts";

export const TOTEM = "totem-1";
export const KEY = makeSigningKey();
/** A Tuesday noon in 2026. */
export const NOON_MS = Date.UTC(2026, 2, 10, 12);

/** A data folder that `removeFolders` takes away. */
export function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "faccine-journal-"));
  folders.push(folder);
  return folder;
}

const folders: string[] = [];

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** The n-th id of 128 bits. */
export function hexId(number: number): string {
  return number.toString(16).padStart(32, "0");
}

/** Opens the journal in a folder for start number `start`. */
export function openAt(dataDir: string, start: number, onDamage?: (error: Error) => void): OpenedJournal {
  return openJournal({
    dataDir,
    totemId: TOTEM,
    epoch: hexId(start),
    key: KEY,
    nowMs: NOON_MS,
    ...(onDamage === undefined ? {} : { onDamage }),
  });
}

export function timeAt(wallMs: number, clock: EntryTime["clock"] = "trusted"): EntryTime {
  return { wallMs, monotonicUs: wallMs * 10, bootId: "boot-1", clock };
}

export function faultAt(wallMs: number, part: string | null = null): Entry {
  return { kind: "fault", time: timeAt(wallMs), code: "scanner-unplugged", state: "failed", part };
}

/** A vote; `mark` null is a vote without a ticket. */
export function voteWith(
  id: number,
  mark: number | null,
  choice: Partial<Pick<VoteEntry, "face" | "reason" | "time">> = {},
): VoteEntry {
  return {
    kind: "vote",
    time: timeAt(NOON_MS),
    id: hexId(id),
    service: "anagrafe",
    wording: 1,
    face: "green",
    reason: null,
    mode: "live",
    ticket: {
      profile: mark === null ? "none" : "signed",
      proof: mark === null ? "none" : "signature",
      issuerKeyId: mark === null ? null : "office-live-1",
      minute: mark === null ? null : 29_000_000,
      mark: mark === null ? null : hexId(mark),
    },
    flags: [],
    ...choice,
  };
}

/** A receipt, unsigned: the journal is handed receipts that were checked. */
export function receiptFor(epoch: string, upTo: number, more: Partial<Receipt> = {}): Receipt {
  return {
    epoch,
    upTo,
    head: null,
    ranges: [],
    rejected: [],
    closedThrough: null,
    checkpoint: null,
    timeMs: NOON_MS,
    signature: "0".repeat(128),
    ...more,
  };
}

/** Reads a batch as a gateway does: shape, signature, chain, every entry. @throws when anything is wrong. */
export function acceptBatch(batch: SignedBatch): Batch & { readonly parsed: readonly Entry[] } {
  const parsed = BATCH.parse(JSON.parse(batch.text));
  if (!parsed.ok) throw new Error(`batch: ${parsed.problem.where} ${parsed.problem.expected}`);
  const { value } = parsed;
  if (!isMessageGood("entries", value as never, publicKeyFromHex(KEY.publicKeyHex)))
    throw new Error("signature");
  if (value.last - value.first + 1 !== value.entries.length) throw new Error("length");
  let head = Buffer.from(value.previousHead, "hex");
  for (const entry of value.entries)
    head = nextHead(head, textHash(canonicalText(entry as never))) as typeof head;
  if (head.toString("hex") !== value.head) throw new Error("chain");
  const entries = value.entries.map((entry) => {
    const read = parseEntry(entry);
    if (!read.ok) throw new Error(`entry: ${read.problem.where} ${read.problem.expected}`);
    return read.value;
  });
  return { ...value, parsed: entries };
}

/** Everything the journal says is not received, as batches, in order. */
export function readAll(journal: OpenedJournal["journal"]): ReturnType<typeof acceptBatch>[] {
  const batches: ReturnType<typeof acceptBatch>[] = [];
  for (const { epoch, last, received } of journal.openEpochs()) {
    let from = 1;
    const held = (seq: number) => received.some((r) => r.first <= seq && seq <= r.last);
    while (from <= last) {
      if (held(from)) {
        from += 1;
        continue;
      }
      let to = from;
      while (to < last && !held(to + 1)) to += 1;
      const batch = journal.readBatch(epoch, from, to);
      if (batch === null) throw new Error(`entry ${from} cannot be read`);
      batches.push(acceptBatch(batch));
      from = batch.last + 1;
    }
  }
  return batches;
}

/** The votes among entries, by the number in their id. */
export function votesIn(batches: readonly ReturnType<typeof acceptBatch>[]): number[] {
  return batches
    .flatMap((batch) => batch.parsed)
    .filter((entry) => entry.kind === "vote")
    .map((vote) => Number.parseInt(vote.id, 16));
}
