import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Canonical } from "./canonical.ts";
import { FIXTURE_KEYS, goldenVectors, keyFromSeed } from "./golden.fixture.ts";
import {
  isMessageGood,
  isSignatureGood,
  makeSigningKey,
  publicKeyFromHex,
  readSigningKey,
  type SignedType,
  signBody,
  signingKeyPem,
  signMessage,
} from "./signature.ts";

type SignatureVectors = {
  keys: Record<"gateway" | "totem" | "issuer", { seed: string; publicKey: string }>;
  body: Canonical;
  signatures: Record<SignedType, string>;
};

const GATEWAY = publicKeyFromHex(FIXTURE_KEYS.gateway.publicKeyHex);

describe("a signature", () => {
  const golden = goldenVectors<SignatureVectors>("signatures");
  const types = Object.keys(golden.signatures) as SignedType[];

  it("comes from the same keys as in another language", () => {
    for (const { seed, publicKey } of Object.values(golden.keys)) {
      expect(keyFromSeed(seed).publicKeyHex).toBe(publicKey);
    }
  });

  it.each(types)("over a body as %s is the one another language makes", (type) => {
    const { body, signatures } = golden;
    expect(signBody(type, body, FIXTURE_KEYS.gateway)).toBe(signatures[type]);
    expect(isSignatureGood(type, body, signatures[type], GATEWAY)).toBe(true);
  });

  it("made for one kind of message is good for no other", () => {
    for (const type of types) {
      for (const other of types.filter((t) => t !== type)) {
        expect(isSignatureGood(other, golden.body, golden.signatures[type], GATEWAY)).toBe(false);
      }
    }
  });

  it("is good for exactly the body that was signed, by exactly its signer", () => {
    const body = fc.record({ number: fc.nat(9), text: fc.string({ unit: "binary", maxLength: 4 }) });
    fc.assert(
      fc.property(body, body, (signed, shown) => {
        const message = { ...shown, signature: signBody("command", signed, FIXTURE_KEYS.gateway) };
        const same = signed.number === shown.number && signed.text === shown.text;
        expect(isMessageGood("command", message, GATEWAY)).toBe(same);
        expect(isMessageGood("command", message, publicKeyFromHex(FIXTURE_KEYS.totem.publicKeyHex))).toBe(
          false,
        );
      }),
    );
  });

  it("with any one bit turned is bad", () => {
    const message = signMessage("receipt", { upTo: 7 }, FIXTURE_KEYS.gateway);
    expect(isMessageGood("receipt", message, GATEWAY)).toBe(true);
    for (let bit = 0; bit < 512; bit += 3) {
      const bytes = Buffer.from(message.signature, "hex");
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(isMessageGood("receipt", { ...message, signature: bytes.toString("hex") }, GATEWAY)).toBe(false);
    }
  });

  it.each(["", "00", "zz", "0".repeat(126), "0".repeat(130)])(
    "of a wrong length is bad, not an error: %j",
    (signature) => {
      expect(isSignatureGood("receipt", { upTo: 7 }, signature, GATEWAY)).toBe(false);
    },
  );

  it.each([
    ["a lone surrogate", { text: "\ud800" }],
    ["a fraction", { number: 0.5 }],
    ["a number beyond the exact ones", { number: 2 ** 60 }],
  ])("over a body with %s, which has no canonical form, is bad and stops nobody", (_, body) => {
    expect(isMessageGood("settings", { ...body, signature: "00".repeat(64) }, GATEWAY)).toBe(false);
  });

  it("of any public key that is no point of the curve is bad, not an error", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const key = publicKeyFromHex(Buffer.from(bytes).toString("hex"));
        expect(isSignatureGood("receipt", { upTo: 7 }, "11".repeat(64), key)).toBe(false);
      }),
    );
  });
});

describe("a signing key", () => {
  it("is the same after it was written and read", () => {
    const key = makeSigningKey();
    const read = readSigningKey(signingKeyPem(key));
    expect(read.publicKeyHex).toBe(key.publicKeyHex);
    expect(
      isSignatureGood(
        "spent",
        { a: 1 },
        signBody("spent", { a: 1 }, read),
        publicKeyFromHex(key.publicKeyHex),
      ),
    ).toBe(true);
  });

  it("is refused when the file holds another kind of key or none", () => {
    const { privateKey } = generateKeyPairSync("x25519");
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    expect(() => readSigningKey(pem)).toThrow(/Ed25519/);
    expect(() => readSigningKey("not a key")).toThrow();
  });
});
