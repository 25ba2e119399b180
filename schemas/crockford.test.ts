import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBase32, decodeBase32Bits, encodeBase32, encodeBase32Bits } from "./crockford.ts";

const bytes = fc.uint8Array({ maxLength: 90 });

describe("Crockford's base32", () => {
  it("reads back what it wrote", () => {
    fc.assert(
      fc.property(bytes, (value) => {
        expect(decodeBase32(encodeBase32(value), value.length)).toEqual(Buffer.from(value));
      }),
    );
  });

  it("writes only what a QR code's alphanumeric mode holds, and no letter that looks like a digit", () => {
    fc.assert(
      fc.property(bytes, (value) => {
        expect(encodeBase32(value)).toMatch(/^[0-9A-HJKMNP-TV-Z]*$/);
      }),
    );
  });

  it("forgives lower case and the letters I, L and O, wherever they stand for digits", () => {
    const disguises: Record<string, string> = { "1": "IiLl", "0": "Oo" };
    fc.assert(
      fc.property(bytes, fc.infiniteStream(fc.nat()), (value, choices) => {
        const disguised = [...encodeBase32(value)]
          .map((char) => `${char}${char.toLowerCase()}${disguises[char] ?? ""}`)
          .map((forms) => forms[(choices.next().value as number) % forms.length])
          .join("");
        expect(decodeBase32(disguised, value.length)).toEqual(Buffer.from(value));
      }),
    );
  });

  it("has one text for one value: whatever it reads, written again, differs in disguise only", () => {
    const texts = fc.array(fc.constantFrom(..."0123456789ABCDEFGHJKMNPQRSTVWXYZ"), { maxLength: 12 });
    fc.assert(
      fc.property(texts, fc.nat(8), (chars, length) => {
        const text = chars.join("");
        const read = decodeBase32(text, length);
        if (read !== null) expect(encodeBase32(read)).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ["U, which is no symbol", "U0", 1],
    ["a hyphen", "0-", 1],
    ["padding bits that are not zero", "01", 1],
    ["a symbol too many", "000", 1],
    ["a symbol too few", "0", 1],
    ["nothing for one byte", "", 1],
    ["the dotless i, which upper-cases to I", "ı0", 1],
    ["a sharp s, which upper-cases to two letters", "ß", 1],
    ["a ligature", "ﬀ", 1],
    ["the Kelvin sign", "\u212a0", 1],
    ["a full-width digit", "００", 1],
    ["a symbol outside the basic plane", "😀", 1],
  ])("refuses %s", (_, text, length) => {
    expect(decodeBase32(text, length)).toBeNull();
  });

  it("reads any text at all without failing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.nat(100), (text, length) => {
        const read = decodeBase32(text, length);
        expect(read === null || read.length === length).toBe(true);
      }),
    );
  });
});

describe("a number in base32", () => {
  it("reads back as what was written, also in lower case and with confusable letters", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 95n - 1n }), (bits) => {
        const text = encodeBase32Bits(bits, 19);
        expect(text).toHaveLength(19);
        expect(decodeBase32Bits(text)).toBe(bits);
        expect(decodeBase32Bits(text.toLowerCase().replaceAll("0", "o").replaceAll("1", "i"))).toBe(bits);
      }),
    );
  });

  it("is read from no text with another symbol", () => {
    for (const text of ["U", "0-0", "ı", "\u212a", "😀", " 0"]) expect(decodeBase32Bits(text)).toBeNull();
  });
});
