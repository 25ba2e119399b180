/**
 * The day keys on their way to one totem: sealed by HPKE (RFC 9180) to the totem's own key, so that the broker, whoever
 * records its messages and every other totem see nothing. Opening proves for whom and for which day they were sealed; from
 * whom they come is proved by the signature of the message around them.
 *
 * The key they are sealed to is the totem's journal key in its Diffie-Hellman form, as age does for ssh-ed25519 keys: one
 * key to enrol, to keep and to destroy. Key and signature scheme do not harm each other (eprint.iacr.org/2021/509).
 */
import { ed25519 } from "@noble/curves/ed25519.js";
import * as hpke from "hpke";
import { canonicalBytes } from "./canonical.ts";
import { DAY_KEY_BYTES } from "./day-keys.ts";
import { OFFICES_PER_SITE_MAX } from "./limits.ts";
import type { LocalDay } from "./local-day.ts";
import { hex, id, list, type Of, record, shape } from "./shape.ts";
import type { SigningKey } from "./signature.ts";

/** What is sealed: the site's key of the day, and those of its offices that print short tickets. */
export const SEALED_KEYS = shape(
  "sealed-keys",
  record({
    site: hex(DAY_KEY_BYTES),
    offices: list(record({ officeId: id(), key: hex(DAY_KEY_BYTES) }), OFFICES_PER_SITE_MAX),
  }),
);
export type SealedKeys = Of<typeof SEALED_KEYS>;

/** For whom and for which day keys are sealed. */
export type SealedFor = { readonly totemId: string; readonly day: LocalDay };

const SUITE = new hpke.CipherSuite(
  hpke.KEM_DHKEM_X25519_HKDF_SHA256,
  hpke.KDF_HKDF_SHA256,
  hpke.AEAD_AES_256_GCM,
);
const INFO = Buffer.from("faccine/v1/day-keys");
/** Of an encapsulated X25519 key. */
const ENCAPSULATED_BYTES = 32;

/** Seals keys to a totem. @param publicKeyHex its journal key. @returns base64. */
export async function sealKeys(keys: SealedKeys, to: SealedFor, publicKeyHex: string): Promise<string> {
  const sealed = await SUITE.Seal(await sealingKey(publicKeyHex), canonicalBytes(keys), {
    info: INFO,
    aad: canonicalBytes(to),
  });
  return Buffer.concat([sealed.encapsulatedSecret, sealed.ciphertext]).toString("base64");
}

/** Opens what was sealed; null when it was not sealed to this key for this totem and day, or holds something else. */
export async function openKeys(sealed: string, by: SealedFor, key: SigningKey): Promise<SealedKeys | null> {
  const bytes = Buffer.from(sealed, "base64");
  try {
    const opened = await SUITE.Open(
      {
        privateKey: await SUITE.DeserializePrivateKey(openingKey(key)),
        // Named too, or the library would ask an experimental part of Node for it.
        publicKey: await sealingKey(key.publicKeyHex),
      },
      bytes.subarray(0, ENCAPSULATED_BYTES),
      bytes.subarray(ENCAPSULATED_BYTES),
      { info: INFO, aad: canonicalBytes(by) },
    );
    const parsed = SEALED_KEYS.parse(JSON.parse(Buffer.from(opened).toString("utf8")));
    return parsed.ok ? parsed.value : null;
  } catch {
    return null;
  }
}

function sealingKey(publicKeyHex: string): Promise<hpke.CryptoKey> {
  return SUITE.DeserializePublicKey(ed25519.utils.toMontgomery(Buffer.from(publicKeyHex, "hex")));
}

function openingKey({ privateKey }: SigningKey): Uint8Array {
  const { d } = privateKey.export({ format: "jwk" });
  return ed25519.utils.toMontgomerySecret(Buffer.from(String(d), "base64url"));
}
