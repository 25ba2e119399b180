/**
 * The hash chain that ties a totem's entries together, and the one that ties the gateway's
 * audit leaves. Pure functions of bytes: nothing here knows where an entry is kept.
 */
import { createHash, hash } from "node:crypto";
import { type Canonical, canonicalText } from "./canonical.ts";

/** A SHA-256 digest in lower-case hex. */
export type Digest = string;

const LENGTH_BYTES = 4;

/**
 * SHA-256 over parts of variable length, each preceded by its length as a 32-bit big-endian number, so that no two
 * different lists of parts are ever the same bytes.
 */
export function hashParts(parts: readonly (string | Buffer)[]): Buffer {
  const digest = createHash("sha256");
  for (const part of parts) {
    const bytes = typeof part === "string" ? Buffer.from(part, "utf8") : part;
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32BE(bytes.length);
    digest.update(length).update(bytes);
  }
  return digest.digest();
}

/** The head an epoch starts from, before its first entry. `previousHead` is null only for a totem's first epoch. */
export function firstHead(totemId: string, epoch: string, previousHead: Digest | null): Buffer {
  const previous = previousHead === null ? Buffer.alloc(0) : Buffer.from(previousHead, "hex");
  return hashParts(["faccine/v1/chain", totemId, epoch, previous]);
}

/** The hash of one entry's canonical text. */
export function entryHash(entry: Canonical): Buffer {
  return textHash(canonicalText(entry));
}

/** The hash of an entry already in canonical text. */
export function textHash(canonical: string): Buffer {
  return hash("sha256", canonical, "buffer");
}

/** The head after one more entry: SHA-256 of two digests of fixed length, hence without length prefixes. */
export function nextHead(head: Buffer, hashOfEntry: Buffer): Buffer {
  return hash("sha256", Buffer.concat([head, hashOfEntry]), "buffer");
}

/** The head of the gateway's audit log after one more leaf. */
export function nextAuditHead(head: Buffer, leaf: Canonical): Buffer {
  return hashParts(["faccine/v1/audit", head, canonicalText(leaf)]);
}

/** What the audit log starts from. */
export const EMPTY_AUDIT_HEAD: Buffer = hashParts(["faccine/v1/audit"]);
