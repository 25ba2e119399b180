/**
 * Verifies a batch as it came off the wire: size, JSON, shape, signature, chain; then judges each entry alone. Pure but
 * for the arithmetic of hashes. A batch that fails is quarantined whole; a malformed entry inside a good batch is
 * rejected alone, and its hash stays in the chain.
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

type Located = { readonly seq: number; readonly hash: Buffer; readonly text: string };

/** An entry of a verified batch: read, or rejected with where its shape broke. */
export type JudgedEntry =
  | (Located & { readonly entry: Entry })
  | (Located & {
      readonly entry: null;
      readonly reason: string;
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

/** Checks a batch against the totem's registered journal key. */
export function verifyBatch(
  payload: Buffer,
  from: { readonly totemId: string; readonly journalKey: KeyObject; readonly receivedMs: number },
): Result<VerifiedBatch, QuarantineReason> {
  const parsed = parse(payload);
  if (!parsed.ok) return parsed;
  const batch = parsed.value;
  if (batch.last - batch.first + 1 !== batch.entries.length) return fail("wrong-shape");
  const texts = canonicalTexts(batch.entries);
  if (texts === null) return fail("wrong-shape");
  const { epoch, first, last, head, previousHead } = batch;
  // The same text the totem signed: keys in canonical order around entries that are canonical already.
  const signed = `{"entries":[${texts.join(",")}],"epoch":"${epoch}","first":${first},"head":"${head}","last":${last},"previousHead":"${previousHead}"}`;
  if (!isTextSignatureGood("entries", signed, batch.signature, from.journalKey)) return fail("bad-signature");
  const hashes = texts.map(textHash);
  const heads = chain(previousHead, hashes);
  if (heads.at(-1) !== head) return fail("broken-chain");
  const entries = texts.map((text, index) =>
    judged(batch.entries[index], text, first + index, hashes[index] as Buffer),
  );
  const startHead = startHeadOf(from.totemId, batch, entries);
  if (first === 1 && startHead !== previousHead) return fail("broken-chain");
  return ok({
    totemId: from.totemId,
    epoch,
    first,
    last,
    previousHead,
    heads,
    startHead,
    entries,
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
  return parsed.ok ? parsed : fail("wrong-shape");
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

function chain(previousHead: string, hashes: readonly Buffer[]): readonly string[] {
  let head: Buffer = Buffer.from(previousHead, "hex");
  return hashes.map((hash) => {
    head = nextHead(head, hash);
    return head.toString("hex");
  });
}

function judged(value: unknown, text: string, seq: number, hash: Buffer): JudgedEntry {
  const parsed = parseEntry(value);
  // An epoch has one `opened`, in front.
  const misplaced = parsed.ok && (parsed.value.kind === "opened") !== (seq === 1);
  if (parsed.ok && !misplaced) return { seq, hash, entry: parsed.value, text };
  const { where, expected } = parsed.ok
    ? { where: "/kind", expected: "must be opened in front only" }
    : parsed.problem;
  const kind = (value as { readonly kind?: unknown } | null)?.kind;
  const isVote = kind === "vote" || !(ENTRY_KINDS as readonly unknown[]).includes(kind);
  return { seq, hash, entry: null, text, reason: `${where} ${expected}`.slice(0, REASON_MAX), isVote };
}

function startHeadOf(totemId: string, batch: Batch, entries: readonly JudgedEntry[]): string | null {
  const opened = entries[0]?.entry;
  if (batch.first !== 1 || opened?.kind !== "opened") return null;
  return firstHead(totemId, batch.epoch, opened.previousHead).toString("hex");
}
