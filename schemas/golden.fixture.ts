/**
 * Golden vectors and test keys for the tests of every folder. The keys are printed in a public standard (RFC 8032
 * section 7.1): they protect nothing.
 */
import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { readSigningKey, type SigningKey } from "./signature.ts";

/** A file of golden vectors, as `golden/oracle.py` wrote it. */
export function goldenVectors<T>(
  name: "canonical" | "chain" | "short-tickets" | "signatures" | "tickets",
): T {
  return JSON.parse(readFileSync(new URL(`golden/${name}.json`, import.meta.url), "utf8")) as T;
}

/** The DER bytes in front of an Ed25519 seed in PKCS#8 (RFC 8410 section 7). */
const PKCS8_ED25519 = "302e020100300506032b657004220420";

/** The signing key of a 32-byte seed. */
export function keyFromSeed(seedHex: string): SigningKey {
  const der = Buffer.from(PKCS8_ED25519 + seedHex, "hex");
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  return readSigningKey(key.export({ type: "pkcs8", format: "pem" }).toString());
}

/** Who signs in fixtures. */
export const FIXTURE_KEYS = {
  gateway: keyFromSeed("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"),
  totem: keyFromSeed("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"),
  issuer: keyFromSeed("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7"),
} as const;
