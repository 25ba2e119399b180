/**
 * A totem's own secrets and its count of starts, each in a file readable by its owner only. The journal key is made
 * here at the first start and never leaves.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { makeSigningKey, readSigningKey, type SigningKey, signingKeyPem } from "#schemas/signature.ts";

const SITE_KEY_BYTES = 32;

export type Identity = {
  readonly journalKey: SigningKey;
  readonly siteKey: Buffer;
  readonly mqttPassword: string;
};

/** The files a provisioned totem has beside its journal. */
export function identityFiles(dataDir: string) {
  return {
    journalKey: join(dataDir, "journal.key"),
    siteKey: join(dataDir, "site.key"),
    mqttPassword: join(dataDir, "mqtt.password"),
    startCount: join(dataDir, "start-count"),
  };
}

/** The journal key, made at the first call. */
export function ensureJournalKey(dataDir: string): SigningKey {
  const { journalKey } = identityFiles(dataDir);
  if (existsSync(journalKey)) return readSigningKey(readFileSync(journalKey, "utf8"));
  const key = makeSigningKey();
  writeSecret(journalKey, signingKeyPem(key));
  return key;
}

/** @throws with what to do when the totem was not provisioned. */
export function readIdentity(dataDir: string): Identity {
  const files = identityFiles(dataDir);
  for (const file of [files.siteKey, files.mqttPassword]) {
    if (!existsSync(file)) throw new Error(`${file} is missing: this totem has not been provisioned`);
  }
  const siteKey = Buffer.from(readFileSync(files.siteKey, "utf8").trim(), "hex");
  if (siteKey.length !== SITE_KEY_BYTES)
    throw new Error(`${files.siteKey} does not hold ${SITE_KEY_BYTES} bytes in hex`);
  return {
    journalKey: ensureJournalKey(dataDir),
    siteKey,
    mqttPassword: readFileSync(files.mqttPassword, "utf8").trim(),
  };
}

/**
 * Counts this start. The count outlives a damaged journal, because it decides which last will may say that the totem
 * is gone.
 */
export function countStart(dataDir: string): number {
  const { startCount } = identityFiles(dataDir);
  const before = existsSync(startCount) ? Number.parseInt(readFileSync(startCount, "utf8"), 10) : 0;
  const count = (Number.isSafeInteger(before) ? before : 0) + 1;
  writeSecret(startCount, `${count}\n`);
  return count;
}

/** Writes a whole file or nothing: a power cut leaves the old one. */
export function writeSecret(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const fresh = `${path}.new`;
  const file = openSync(fresh, "w", 0o600);
  try {
    writeSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(fresh, path);
}
