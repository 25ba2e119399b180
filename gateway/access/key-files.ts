/**
 * The gateway's private keys: each in a file of its own, readable by its owner only, made at first need.
 */
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeSigningKey, readSigningKey, type SigningKey, signingKeyPem } from "#schemas/signature.ts";

/** The key in `<dataDir>/keys/<name>.key`, made now when there is none. */
export function ensureKeyFile(dataDir: string, name: string): SigningKey {
  const folder = join(dataDir, "keys");
  const file = join(folder, `${name}.key`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  if (!existsSync(file)) writeOnce(file, signingKeyPem(makeSigningKey()));
  // A backup that was copied back may have loosened it.
  chmodSync(file, 0o600);
  return readSigningKey(readFileSync(file, "utf8"));
}

/** The key in `<dataDir>/keys/<name>.key`, or null when there is none. @throws for a file that holds no key. */
export function readKeyFile(dataDir: string, name: string): SigningKey | null {
  const file = join(dataDir, "keys", `${name}.key`);
  return existsSync(file) ? readSigningKey(readFileSync(file, "utf8")) : null;
}

/** Writes a file whole or not at all, and never over another process's. */
function writeOnce(file: string, text: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600, flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(draft);
  }
}

/** The key that signs settings, receipts and commands; totems pin its public half. */
export function gatewayKey(dataDir: string): SigningKey {
  return ensureKeyFile(dataDir, "gateway");
}
