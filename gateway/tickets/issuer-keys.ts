/**
 * The keys that sign tickets: made here or elsewhere, one after the other, and ended. The private half of one made here
 * lies in a file of its own; of one made elsewhere, receipt software that prints off line, only the public half is known.
 */

import type { SigningKey } from "#schemas/signature.ts";
import { DAY_MS, MINUTE_MS } from "#schemas/time.ts";
import { ensureKeyFile, readKeyFile } from "../access/key-files.ts";
import type { IssuerKeyRecord } from "../store/access-store.ts";
import type { Store } from "../store/store.ts";
import { KEYS_AT_ONCE, keysInForce, type Purpose } from "./keys-in-force.ts";

export type KeyParts = {
  readonly store: Pick<Store, "issuerKeys" | "addIssuerKey" | "endIssuerKey">;
  readonly dataDir: string;
  readonly nowMs: () => number;
  readonly randomBytes: (size: number) => Buffer;
};

/** A key that tickets can be signed with here. */
export type Signer = { readonly record: IssuerKeyRecord; readonly key: SigningKey };

/**
 * How long a new key is known to totems before anything is signed with it: one that hears of it late, its network out for the
 * day, would refuse good tickets.
 */
export const HANDOVER_MS = DAY_MS;

/**
 * The key of an office to sign with now, or null when none lies here: the newest that totems have known for long enough,
 * or, when none has been, the oldest.
 */
export async function signerOf(
  { store, dataDir, nowMs }: KeyParts,
  officeId: string,
  purpose: Purpose,
): Promise<Signer | null> {
  const keys = keysInForce(await store.issuerKeys(), { officeId, purpose, atMs: nowMs() });
  const here = keys.flatMap((record) => {
    const key = readKeyFile(dataDir, fileOf(record));
    return key?.publicKeyHex === record.publicKey ? [{ record, key }] : [];
  });
  return here.findLast(({ record }) => record.createdMs + HANDOVER_MS <= nowMs()) ?? here[0] ?? null;
}

/** Makes a key here and registers its public half. @throws when the office has as many as it may. */
export async function makeIssuerKey(parts: KeyParts, officeId: string, purpose: Purpose): Promise<Signer> {
  const issuerKeyId = idOf(parts, officeId, purpose);
  await refuseMoreThan(parts, officeId, purpose);
  // The file comes first: a public half without a private one would be a key nobody can use.
  const key = ensureKeyFile(parts.dataDir, fileOf({ issuerKeyId }));
  return {
    record: await register(parts, { issuerKeyId, officeId, purpose, publicKey: key.publicKeyHex }),
    key,
  };
}

/** Registers a key that was made elsewhere. @throws when the office has as many as it may, or has this one. */
export async function addIssuerKey(
  parts: KeyParts,
  officeId: string,
  purpose: Purpose,
  publicKey: string,
): Promise<IssuerKeyRecord> {
  const known = (await parts.store.issuerKeys()).find((key) => key.publicKey === publicKey);
  if (known !== undefined) throw new Error(`this key is known already, as ${known.issuerKeyId}`);
  await refuseMoreThan(parts, officeId, purpose);
  return register(parts, { issuerKeyId: idOf(parts, officeId, purpose), officeId, purpose, publicKey });
}

/**
 * A new key for an office, which takes over after `HANDOVER_MS`; the one that signed here until now ends when the last ticket
 * signed with it has run out. A test key takes over at once: its tickets are made to be used at once, by whoever made it.
 * @param validMinutes how long a ticket is good, clocks that differ included.
 */
export async function rotateIssuerKey(
  parts: KeyParts,
  officeId: string,
  purpose: Purpose,
  validMinutes: number,
): Promise<{
  readonly made: IssuerKeyRecord;
  readonly before: IssuerKeyRecord | null;
  readonly fromMs: number;
}> {
  const { store, nowMs } = parts;
  const keys = keysInForce(await store.issuerKeys(), { officeId, purpose, atMs: nowMs() });
  const young = keys.find(
    (key) => isHere(parts, key) && key.endsMs === null && key.createdMs + HANDOVER_MS > nowMs(),
  );
  const before = await signerOf(parts, officeId, purpose);
  if (purpose === "live" && young !== undefined && young.issuerKeyId !== before?.record.issuerKeyId)
    throw new Error(
      `${young.issuerKeyId} is to take over already: revoke it if it must not, or revoke ${before?.record.issuerKeyId} for it to sign at once`,
    );
  const isAtOnce = purpose === "test" || before === null;
  const fromMs = nowMs() + (isAtOnce ? 0 : HANDOVER_MS);
  const end = () =>
    before &&
    store.endIssuerKey(before.record.issuerKeyId, isAtOnce ? fromMs : fromMs + validMinutes * MINUTE_MS);
  // There is room for one test key only.
  if (isAtOnce) await end();
  const { record } = await makeIssuerKey(parts, officeId, purpose);
  if (!isAtOnce) await end();
  return { made: record, before: before?.record ?? null, fromMs };
}

function isHere({ dataDir }: KeyParts, record: IssuerKeyRecord): boolean {
  return readKeyFile(dataDir, fileOf(record))?.publicKeyHex === record.publicKey;
}

function fileOf({ issuerKeyId }: Pick<IssuerKeyRecord, "issuerKeyId">): string {
  return `issuer-${issuerKeyId}`;
}

function idOf({ randomBytes }: KeyParts, officeId: string, purpose: Purpose): string {
  return `${officeId.slice(0, 26)}-${purpose}-${randomBytes(4).toString("hex")}`;
}

async function refuseMoreThan(parts: KeyParts, officeId: string, purpose: Purpose): Promise<void> {
  const keys = keysInForce(await parts.store.issuerKeys(), { officeId, purpose, atMs: parts.nowMs() });
  if (keys.length < KEYS_AT_ONCE[purpose]) return;
  const ids = keys.map(({ issuerKeyId }) => issuerKeyId).join(", ");
  throw new Error(
    `${officeId} has ${keys.length} ${purpose} keys in force, as many as totems take: revoke one of ${ids}`,
  );
}

function register(
  { store, nowMs }: KeyParts,
  key: Pick<IssuerKeyRecord, "issuerKeyId" | "officeId" | "purpose" | "publicKey">,
): Promise<IssuerKeyRecord> {
  return store.addIssuerKey({ ...key, createdMs: nowMs(), endsMs: null });
}
