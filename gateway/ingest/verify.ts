/**
 * Verifies a batch as it came off the wire, in two steps: proving is the arithmetic of `prove.ts`, which another thread
 * may have done; judging checks shapes and looks at each entry alone. A batch that fails is quarantined whole; a malformed
 * entry inside a good batch is rejected alone, and its hash stays in the chain.
 */
import type { KeyObject } from "node:crypto";
import { firstHead } from "#schemas/chain.ts";
import { ENTRY_KINDS, type Entry, parseEntry } from "#schemas/entry.ts";
import { BATCH_BYTES_MAX } from "#schemas/limits.ts";
import { BATCH, type Batch } from "#schemas/messages.ts";
import { fail, ok, type Result } from "#schemas/result.ts";
import { digestAt, hexAt, type Proof, proveClaims } from "./prove.ts";
import { receivedText } from "./received-text.ts";

/** Why a whole batch was quarantined. */
export type QuarantineReason =
  | "too-long"
  | "not-json"
  | "wrong-shape"
  | "unknown-totem"
  | "bad-signature"
  | "broken-chain"
  | "fork";

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

/** Longest reason told back to a totem (`RECEIPT.rejected`). */
const REASON_MAX = 80;

type From = { readonly totemId: string; readonly journalKey: KeyObject };

/** Checks a batch against the totem's registered journal key. */
export function verifyBatch(
  payload: Buffer,
  from: From & { readonly receivedMs: number },
): Result<VerifiedBatch, QuarantineReason> {
  const proof = proveBatch(payload, from.journalKey);
  return proof.ok ? judgeBatch(payload, proof.value, from) : proof;
}

/** The first step, with the reason when it fails. */
export function proveBatch(payload: Buffer, journalKey: KeyObject): Result<Proof, QuarantineReason> {
  const batch = parse(payload);
  if (!batch.ok) return batch;
  const proof = proveClaims(batch.value, journalKey);
  if (proof.ok) return proof;
  return fail(proof.problem === "no-canonical-form" ? "wrong-shape" : proof.problem);
}

/** The second step, on a payload that was proved. */
export function judgeBatch(
  payload: Buffer,
  proof: Proof,
  from: { readonly totemId: string; readonly receivedMs: number },
): Result<VerifiedBatch, QuarantineReason> {
  const batch = parse(payload);
  if (!batch.ok) return batch;
  const { epoch, first, last, previousHead, entries } = batch.value;
  const startHead = first === 1 ? startHeadOf(from.totemId, batch.value) : null;
  if (first === 1 && startHead !== previousHead) return fail("broken-chain");
  return ok({
    totemId: from.totemId,
    epoch,
    first,
    last,
    previousHead,
    heads: entries.map((_, index) => hexAt(proof.heads, index)),
    startHead,
    entries: entries.map((value, index) => judged(value, first + index, digestAt(proof.hashes, index))),
    payload,
    receivedMs: from.receivedMs,
  });
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
  if (!parsed.ok) return fail("wrong-shape");
  const { first, last, entries } = parsed.value;
  return last - first + 1 === entries.length ? parsed : fail("wrong-shape");
}

/** The head an epoch must start from, by its first entry; null when that is no `opened`. */
function startHeadOf(totemId: string, batch: Batch): string | null {
  const opened = parseEntry(batch.entries[0]);
  if (!opened.ok || opened.value.kind !== "opened") return null;
  return firstHead(totemId, batch.epoch, opened.value.previousHead).toString("hex");
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
