/**
 * Bytes, hashes, signatures and commitments as `schemas/PROOF.md` says them, for the browser. Written from that page, beside the gateway's own
 * code: a check that shared it would share its mistakes. Pure.
 */
import { ed25519, ristretto255 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";

const { Point } = ristretto255;
type Element = InstanceType<typeof Point>;
const ORDER = Point.Fn.ORDER;
const H = Point.fromHex("744accdb3ddd153ab61cdb308eaf7100aadbb9abd814fa245bc9cfc0c2fb694b");

const utf8 = new TextEncoder();

/** RFC 8785 of what comes from a proof: whole numbers, texts, lists and records. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
    return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

/** SHA-256 over parts, each after its length. */
export function hashOfParts(...parts: readonly (string | Uint8Array)[]): string {
  const hash = sha256.create();
  for (const part of parts) {
    const bytes = typeof part === "string" ? utf8.encode(part) : part;
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, bytes.length);
    hash.update(length).update(bytes);
  }
  return toHex(hash.digest());
}

/** True when a body is signed as a type with a key; false for what is no signature, too. */
export function isSigned(type: string, body: unknown, signature: string, key: string): boolean {
  try {
    return ed25519.verify(
      fromHex(signature),
      utf8.encode(`faccine/v1/${type}\0${canonical(body)}`),
      fromHex(key),
    );
  } catch {
    return false;
  }
}

/** True when commitments, some added and some taken away, open to a total; false for what is no commitment, too. */
export function opensTo(
  plus: readonly string[],
  minus: readonly string[],
  total: number,
  opening: string,
): boolean {
  try {
    const sum = [...plus.map(elementOf), ...minus.map((one) => elementOf(one).negate())];
    const expected = times(Point.BASE, BigInt(total)).add(times(H, BigInt(`0x${opening}`)));
    return sum.reduce((one, other) => one.add(other), Point.ZERO).equals(expected);
  } catch {
    return false;
  }
}

export function fromHex(hex: string): Uint8Array {
  if (!/^([0-9a-f]{2})*$/.test(hex)) throw new Error("is no hex");
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The same commitment stands in several sums. A month of a large administration has some hundred thousand. */
const KNOWN_MAX = 300_000;
const known = new Map<string, Element>();

function elementOf(hex: string): Element {
  const before = known.get(hex);
  if (before !== undefined) return before;
  const element = Point.fromHex(hex);
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(hex, element);
  return element;
}

/** The library multiplies by no zero. */
function times(element: Element, number: bigint): Element {
  const reduced = ((number % ORDER) + ORDER) % ORDER;
  return reduced === 0n ? Point.ZERO : element.multiply(reduced);
}
