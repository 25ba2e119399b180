/**
 * Ed25519 signatures over `faccine/v1/<type>` ‖ 0x00 ‖ canonical bytes. The type in front keeps
 * a signature made for one kind of message from ever being good for another.
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import { type Canonical, canonicalText, canonicalTextIfAny } from "./canonical.ts";

/** What is signed; the word is part of the signed bytes. */
export type SignedType =
  | "entries"
  | "receipt"
  | "settings"
  | "command"
  | "keys"
  | "spent"
  | "checkpoint"
  | "statement"
  | "month"
  | "ticket"
  | "report"
  | "cursor";

/** A signed message: the body's own fields with `signature` beside them. */
export type Signed<T> = T & { readonly signature: string };

/** A private signing key with its public half in hex. */
export type SigningKey = { readonly privateKey: KeyObject; readonly publicKeyHex: string };

/** Makes a new Ed25519 key pair. */
export function makeSigningKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return { privateKey, publicKeyHex: rawPublicKey(publicKey) };
}

/** Reads a signing key from PKCS#8 PEM. @throws when the text is no Ed25519 private key. */
export function readSigningKey(pem: string): SigningKey {
  const privateKey = createPrivateKey(pem);
  if (privateKey.asymmetricKeyType !== "ed25519")
    throw new Error("the key file holds no Ed25519 private key");
  return { privateKey, publicKeyHex: rawPublicKey(createPublicKey(privateKey)) };
}

/** The PKCS#8 PEM text of a signing key: for a file readable by its owner only. */
export function signingKeyPem(key: SigningKey): string {
  return key.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** A public key from its 32 raw bytes in hex. @throws when they are no valid key. */
export function publicKeyFromHex(hexKey: string): KeyObject {
  const x = Buffer.from(hexKey, "hex").toString("base64url");
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
}

/** The signature, in hex, of a body of the given type. */
export function signBody(type: SignedType, body: Canonical, key: SigningKey): string {
  return signText(type, canonicalText(body), key);
}

/** The signature, in hex, of a body whose canonical text is already at hand. */
export function signText(type: SignedType, canonical: string, key: SigningKey): string {
  return sign(null, signedBytes(type, canonical), key.privateKey).toString("hex");
}

/** The body with its signature beside it. */
export function signMessage<T extends { readonly [key: string]: Canonical | undefined }>(
  type: SignedType,
  body: T,
  key: SigningKey,
): Signed<T> {
  return { ...body, signature: signBody(type, body, key) };
}

/**
 * True when `signature` is the owner of `publicKey`'s over this body as this type. A body without a canonical form was
 * never signed by anybody: it is not good, and whoever sends one must not be able to stop the program.
 */
export function isSignatureGood(
  type: SignedType,
  body: Canonical,
  signature: string,
  publicKey: KeyObject,
): boolean {
  const text = canonicalTextIfAny(body);
  return text !== null && isTextSignatureGood(type, text, signature, publicKey);
}

/** The same for a body whose canonical text is already at hand. */
export function isTextSignatureGood(
  type: SignedType,
  canonical: string,
  signature: string,
  publicKey: KeyObject,
): boolean {
  return verify(null, signedBytes(type, canonical), publicKey, Buffer.from(signature, "hex"));
}

/** True when a message carries a good signature over all its other fields. */
export function isMessageGood(
  type: SignedType,
  message: { readonly [key: string]: Canonical | undefined; readonly signature: string },
  publicKey: KeyObject,
): boolean {
  const { signature, ...body } = message;
  return isSignatureGood(type, body, signature, publicKey);
}

function signedBytes(type: SignedType, canonical: string): Buffer {
  return Buffer.from(`faccine/v1/${type}\0${canonical}`, "utf8");
}

function rawPublicKey(key: KeyObject): string {
  const { x } = key.export({ format: "jwk" });
  return Buffer.from(String(x), "base64url").toString("hex");
}
