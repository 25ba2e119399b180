/**
 * Verifies a batch as it came off the wire, in two steps. Proving is the arithmetic: size, JSON, shape, signature, chain;
 * it may be done in another thread. Judging looks at each entry alone. A batch that is not proved is quarantined whole; a
 * malformed entry inside a good batch is rejected alone, and its hash stays in the chain.
 */
import type { KeyObject } from "node:crypto";
import { firstHead, nextHead, textHash } from "#schemas/chain.ts";
import { ENTRY_KINDS, type Entry, parseEntry } from "#schemas/entry.ts";
import { BATCH_BYTES_MAX } from "#schemas/limits.ts";
import { BATCH, type Batch } from "#schemas/messages.ts";
import { fail, ok, type Result } from "#schemas/result.ts";
import { isTextSignatureGood } from "#schemas/signature.ts";
import { receivedText } from "./received-text.ts";

/** Why a whole batch was quarantined. */
export const QUARANTINE_REASONS = [
  "too-long",
  "not-json",
  "wrong-shape",
  "unknown-totem",
  "bad-signature",
  "broken-chain",
  "fork",
] as const;
export type QuarantineReason = (typeof QUARANTINE_REASONS)[number];

type Located = { readonly seq: number; readonly hash: Buffer };

/** An entry of a verified batch: read, or rejected with where its shape broke. */
export type JudgedEntry =
  | (Located & { readonly entry: Entry })
  | (Located & {
      readonly entry: null;
      readonly reason: string;
      /** What it says, in canonical form. */
      readonly text: string;
      /** It says to be a vote, or does not say what it is: it counts among the votes received. */
      readonly isVote: boolean;
    });

export type VerifiedBatch = {
  readonly totemId: string;
  readonly epoch: string;
  readonly first: number;
  readonly last: number;
  readonly previousHead: string;
  /** The chain's head after each entry, the batch's own head last. */
  readonly heads: readonly string[];
  /** The head this epoch must start from, when the batch holds its first entry. */
  readonly startHead: string | null;
  readonly entries: readonly JudgedEntry[];
  readonly payload: Buffer;
  readonly receivedMs: number;
};

/** What was proved of a batch: the hash of each entry and the chain's head after it, one behind the other. */
export type Proof = { readonly hashes: Uint8Array; readonly heads: Uint8Array };

/** Bytes of one SHA-256 digest. */
const DIGEST_BYTES = 32;

/** Longest reason told back to a totem (`RECEIPT.rejected`). */
const REASON_MAX = 80;

type From = { readonly totemId: string; readonly journalKey: KeyObject };

/** Checks a batch against the totem's registered journal key. */
export function verifyBatch(
  payload: Buffer,
  from: From & { readonly receivedMs: number },
): Result<VerifiedBatch, QuarantineReason> {
  const batch = parse(payload);
  if (!batch.ok) return batch;
  const proof = prove(batch.value, from);
  return proof.ok ? ok(judge(batch.value, proof.value, payload, from)) : proof;
}

/** The first step alone. */
export function proveBatch(payload: Buffer, from: From): Result<Proof, QuarantineReason> {
  const batch = parse(payload);
  return batch.ok ? prove(batch.value, from) : batch;
}

/** The second step alone, on a payload that was proved. */
export function judgeBatch(
  payload: Buffer,
  proof: Proof,
  from: { readonly totemId: string; readonly receivedMs: number },
): VerifiedBatch {
  return judge(JSON.parse(payload.toString("utf8")) as Batch, proof, payload, from);
}

function parse(payload: Buffer): Result<Batch, QuarantineReason> {
  if (payload.length > BATCH_BYTES_MAX) return fail("too-long");
  let value: unknown;
  try {
    value = JSON.parse(payload.toString("utf8"));
  } catch {
    return fail("not-json");
  }
  const parsed = BATCH.parse(value);
  return parsed.ok ? parsed : fail("wrong-shape");
}

function prove(batch: Batch, { totemId, journalKey }: From): Result<Proof, QuarantineReason> {
  if (batch.last - batch.first + 1 !== batch.entries.length) return fail("wrong-shape");
  const texts = canonicalTexts(batch.entries);
  if (texts === null) return fail("wrong-shape");
  const { epoch, first, last, head, previousHead } = batch;
  // The same text the totem signed: keys in canonical order around entries that are canonical already.
  const signed = `{"entries":[${texts.join(",")}],"epoch":"${epoch}","first":${first},"head":"${head}","last":${last},"previousHead":"${previousHead}"}`;
  if (!isTextSignatureGood("entries", signed, batch.signature, journalKey)) return fail("bad-signature");
  const proof = chain(previousHead, texts);
  const isChained = hexAt(proof.heads, texts.length - 1) === head;
  const startsRight = first !== 1 || startHeadOf(totemId, batch) === previousHead;
  return isChained && startsRight ? ok(proof) : fail("broken-chain");
}

/** The canonical text of each entry, or null when one has no canonical form (a fraction, a lone surrogate). */
function canonicalTexts(entries: readonly unknown[]): readonly string[] | null {
  const texts: string[] = [];
  for (const entry of entries) {
    const text = receivedText(entry);
    if (text === null) return null;
    texts.push(text);
  }
  return texts;
}

function chain(previousHead: string, texts: readonly string[]): Proof {
  const hashes = Buffer.alloc(texts.length * DIGEST_BYTES);
  const heads = Buffer.alloc(texts.length * DIGEST_BYTES);
  let head: Buffer = Buffer.from(previousHead, "hex");
  for (const [index, text] of texts.entries()) {
    const hash = textHash(text);
    head = nextHead(head, hash);
    hash.copy(hashes, index * DIGEST_BYTES);
    head.copy(heads, index * DIGEST_BYTES);
  }
  return { hashes, heads };
}

/** The head an epoch must start from, by its first entry; null when that is no `opened`. */
function startHeadOf(totemId: string, batch: Batch): string | null {
  const opened = parseEntry(batch.entries[0]);
  if (!opened.ok || opened.value.kind !== "opened") return null;
  return firstHead(totemId, batch.epoch, opened.value.previousHead).toString("hex");
}

function judge(
  batch: Batch,
  { hashes, heads }: Proof,
  payload: Buffer,
  from: { readonly totemId: string; readonly receivedMs: number },
): VerifiedBatch {
  const { epoch, first, last, previousHead } = batch;
  return {
    totemId: from.totemId,
    epoch,
    first,
    last,
    previousHead,
    heads: batch.entries.map((_, index) => hexAt(heads, index)),
    startHead: first === 1 ? previousHead : null,
    entries: batch.entries.map((value, index) => judged(value, first + index, digestAt(hashes, index))),
    payload,
    receivedMs: from.receivedMs,
  };
}

function judged(value: unknown, seq: number, hash: Buffer): JudgedEntry {
  const parsed = parseEntry(value);
  // An epoch has one `opened`, in front.
  const misplaced = parsed.ok && (parsed.value.kind === "opened") !== (seq === 1);
  if (parsed.ok && !misplaced) return { seq, hash, entry: parsed.value };
  const { where, expected } = parsed.ok
    ? { where: "/kind", expected: "must be opened in front only" }
    : parsed.problem;
  const kind = (value as { readonly kind?: unknown } | null)?.kind;
  return {
    seq,
    hash,
    entry: null,
    reason: `${where} ${expected}`.slice(0, REASON_MAX),
    text: receivedText(value) ?? "",
    isVote: kind === "vote" || !(ENTRY_KINDS as readonly unknown[]).includes(kind),
  };
}

function digestAt(digests: Uint8Array, index: number): Buffer {
  return Buffer.from(digests.buffer, digests.byteOffset + index * DIGEST_BYTES, DIGEST_BYTES);
}

function hexAt(digests: Uint8Array, index: number): string {
  return digestAt(digests, index).toString("hex");
}
