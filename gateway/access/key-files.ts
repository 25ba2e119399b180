/**
 * The gateway's private keys: each in a file of its own, readable by its owner only, made at first need.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeSigningKey, readSigningKey, type SigningKey, signingKeyPem } from "#schemas/signature.ts";

/** The key in `<dataDir>/keys/<name>.key`, made now when there is none. */
export function ensureKeyFile(dataDir: string, name: string): SigningKey {
  const folder = join(dataDir, "keys");
  const file = join(folder, `${name}.key`);
  if (existsSync(file)) return readSigningKey(readFileSync(file, "utf8"));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const key = makeSigningKey();
  writeFileSync(file, signingKeyPem(key), { mode: 0o600, flag: "wx", flush: true });
  return key;
}

/** The key that signs settings, receipts and commands; totems pin its public half. */
export function gatewayKey(dataDir: string): SigningKey {
  return ensureKeyFile(dataDir, "gateway");
}
