/**
 * Access tokens for machines: how they look, how they are kept (as a hash) and when one is good. Pure; randomness and
 * time are passed in.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { DAY_MS } from "#schemas/time.ts";
import type { TokenRecord } from "../store/access-store.ts";

export const SCOPES = ["reports", "reports:exact", "issue", "served", "fleet", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

/** A year: long enough for a cron job, short enough that a forgotten token ends. */
export const TOKEN_DAYS = 365;

const ID_BYTES = 8;
/** 256 bits: nobody guesses it, so a plain hash is enough to keep it. */
const SECRET_BYTES = 32;
const PREFIX = "faccine";

/** A new token: the text for its owner, shown once, and the record to keep. */
export function makeToken(options: {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly officeId?: string | null;
  readonly days: number;
  readonly nowMs: number;
  readonly randomBytes: (size: number) => Buffer;
}): { readonly text: string; readonly record: TokenRecord } {
  const tokenId = options.randomBytes(ID_BYTES).toString("hex");
  const secret = options.randomBytes(SECRET_BYTES).toString("base64url");
  const record: TokenRecord = {
    tokenId,
    name: options.name,
    sha256: secretHash(secret),
    scopes: options.scopes,
    officeId: options.officeId ?? null,
    createdMs: options.nowMs,
    expiresMs: options.nowMs + options.days * DAY_MS,
    revokedMs: null,
  };
  return { text: `${PREFIX}_${tokenId}_${secret}`, record };
}

/** The id and secret of a token's text, or null for any other text. */
export function parseToken(text: string): { readonly tokenId: string; readonly secret: string } | null {
  const match = /^faccine_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/.exec(text);
  return match === null ? null : { tokenId: match[1] as string, secret: match[2] as string };
}

/** True when the secret belongs to the record and the token is neither expired nor revoked. */
export function isTokenGood(record: TokenRecord, secret: string, nowMs: number): boolean {
  const given = Buffer.from(secretHash(secret), "hex");
  const kept = Buffer.from(record.sha256, "hex");
  return timingSafeEqual(given, kept) && record.revokedMs === null && nowMs < record.expiresMs;
}

/** SHA-256 of a secret in hex, as every secret of ours is kept. */
export function secretHash(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
