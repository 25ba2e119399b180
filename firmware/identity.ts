/**
 * A totem's own secrets and its count of starts, each in a file readable by its owner only. The journal key is made
 * here at the first start and never leaves.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeSecret } from "#schemas/secret-file.ts";
import { makeSigningKey, readSigningKey, type SigningKey, signingKeyPem } from "#schemas/signature.ts";

export type Identity = {
  readonly journalKey: SigningKey;
  readonly mqttPassword: string;
};

/** The files a provisioned totem has beside its journal. */
export function identityFiles(dataDir: string) {
  return {
    journalKey: join(dataDir, "journal.key"),
    dayKeys: join(dataDir, "day-keys.json"),
    mqttPassword: join(dataDir, "mqtt.password"),
    startCount: join(dataDir, "start-count"),
  };
}

/** The journal key, made at the first call. */
export function ensureJournalKey(dataDir: string): SigningKey {
  const { journalKey } = identityFiles(dataDir);
  if (existsSync(journalKey)) return readJournalKey(journalKey);
  const key = makeSigningKey();
  writeSecret(journalKey, signingKeyPem(key));
  return key;
}

/** @throws with what to do when the totem was not provisioned. */
export function readIdentity(dataDir: string): Identity {
  const files = identityFiles(dataDir);
  return {
    mqttPassword: readProvisioned(files.mqttPassword),
    // Last: a folder that was not provisioned is left as it was found.
    journalKey: ensureJournalKey(dataDir),
  };
}

/** A damaged key is never replaced by itself: the gateway would believe nothing this totem still has to send. */
function readJournalKey(file: string): SigningKey {
  try {
    return readSigningKey(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new Error(`${file} does not hold a signing key: restore it, or provision this totem anew`, {
      cause,
    });
  }
}

function readProvisioned(file: string): string {
  const content = existsSync(file) ? readFileSync(file, "utf8").trim() : "";
  if (content !== "") return content;
  throw new Error(
    `${file} is missing or empty: this totem has not been provisioned. Provision it at its gateway, or set FACCINE_DATA_DIR (dataDir) to the folder that was`,
  );
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
