/**
 * Crockford's base32: digits and upper-case letters without I, L, O and U, so that it fits a QR code's alphanumeric
 * mode and a person can read it out. Decoding forgives lower case and the confusable letters, but nothing else, and
 * refuses padding bits that are not zero, so that one value has one code.
 */

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const BITS = 5;

/** Letters that are read as the digit they look like. */
const CONFUSABLES = { I: "1", L: "1", O: "0" } as const;

/** Built from ASCII alone: upper-casing what is read would let in letters such as the dotless i. */
const VALUES = new Map<string, number>(
  [...[...ALPHABET].map((char) => [char, char] as const), ...Object.entries(CONFUSABLES)].flatMap(
    ([char, like]) => {
      const value = ALPHABET.indexOf(like);
      return [[char, value] as const, [char.toLowerCase(), value] as const];
    },
  ),
);

/** The base32 text of some bytes. */
export function encodeBase32(bytes: Uint8Array): string {
  let out = "";
  let held = 0;
  let heldBits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    heldBits += 8;
    while (heldBits >= BITS) {
      heldBits -= BITS;
      out += ALPHABET[(held >>> heldBits) & 31];
    }
    held &= (1 << heldBits) - 1;
  }
  return heldBits > 0 ? out + ALPHABET[(held << (BITS - heldBits)) & 31] : out;
}

/** The `length` bytes a text stands for, or null when it is not exactly one encoding of that many bytes. */
export function decodeBase32(text: string, length: number): Buffer | null {
  if (text.length !== Math.ceil((length * 8) / BITS)) return null;
  const out = Buffer.alloc(length);
  let held = 0;
  let heldBits = 0;
  let at = 0;
  for (const char of text) {
    const value = VALUES.get(char);
    if (value === undefined) return null;
    held = (held << BITS) | value;
    heldBits += BITS;
    if (heldBits >= 8) {
      heldBits -= 8;
      out[at++] = held >>> heldBits;
      held &= (1 << heldBits) - 1;
    }
  }
  return held === 0 && at === length ? out : null;
}

/** The text of `length` characters for a number of at most five times as many bits. */
export function encodeBase32Bits(bits: bigint, length: number): string {
  return Array.from({ length }, (_, at) => {
    const shift = BigInt(BITS * (length - 1 - at));
    return ALPHABET[Number((bits >> shift) & 31n)];
  }).join("");
}

/** The number a text stands for, or null when a character of it is none of the alphabet's. */
export function decodeBase32Bits(text: string): bigint | null {
  let bits = 0n;
  for (const char of text) {
    const value = VALUES.get(char);
    if (value === undefined) return null;
    bits = (bits << BigInt(BITS)) | BigInt(value);
  }
  return bits;
}
