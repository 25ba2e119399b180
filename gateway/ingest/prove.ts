/**
 * Proves a batch: that its totem signed it and its chain holds. The arithmetic of hashes alone, on JSON whose shape nobody
 * has checked yet; it knows no shapes, so that the thread it may run in stays small.
 */
import type { KeyObject } from "node:crypto";
import { nextHead, textHash } from "#schemas/chain.ts";
import { fail, ok, type Result } from "#schemas/result.ts";
import { isTextSignatureGood } from "#schemas/signature.ts";
import { receivedText } from "./received-text.ts";

/** What was proved of a batch: the hash of each entry and the chain's head after it, one behind the other. */
export type Proof = { readonly hashes: Uint8Array; readonly heads: Uint8Array };

export type ProofProblem = "no-canonical-form" | "bad-signature" | "broken-chain";

/** The fields of a batch, whatever they hold. */
type Claimed = {
  readonly entries: readonly unknown[];
  readonly epoch: string;
  readonly first: number;
  readonly last: number;
  readonly head: string;
  readonly previousHead: string;
  readonly signature: string;
};

/** Bytes of one SHA-256 digest. */
const DIGEST_BYTES = 32;

/** Proves a batch that was read from JSON. */
export function proveClaims(batch: Claimed, journalKey: KeyObject): Result<Proof, ProofProblem> {
  const texts: string[] = [];
  for (const entry of batch.entries) {
    const text = receivedText(entry);
    if (text === null) return fail("no-canonical-form");
    texts.push(text);
  }
  const { epoch, first, last, head, previousHead, signature } = batch;
  // The same text the totem signed: keys in canonical order around entries that are canonical already.
  const signed = `{"entries":[${texts.join(",")}],"epoch":"${epoch}","first":${first},"head":"${head}","last":${last},"previousHead":"${previousHead}"}`;
  if (!isTextSignatureGood("entries", signed, signature, journalKey)) return fail("bad-signature");
  const proof = chain(previousHead, texts);
  return hexAt(proof.heads, texts.length - 1) === head ? ok(proof) : fail("broken-chain");
}

/** Proves a payload, or gives null when it is anything but a proved batch: why not is for the caller to find out. */
export function provePayload(payload: Buffer, journalKey: KeyObject): Proof | null {
  try {
    const proof = proveClaims(JSON.parse(payload.toString("utf8")) as Claimed, journalKey);
    return proof.ok ? proof.value : null;
  } catch {
    // Whatever is no batch at all breaks somewhere on the way.
    return null;
  }
}

export function digestAt(digests: Uint8Array, index: number): Buffer {
  return Buffer.from(digests.buffer, digests.byteOffset + index * DIGEST_BYTES, DIGEST_BYTES);
}

export function hexAt(digests: Uint8Array, index: number): string {
  return digestAt(digests, index).toString("hex");
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
