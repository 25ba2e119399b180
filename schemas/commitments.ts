/**
 * Commitments to counts (Pedersen, on ristretto255 of RFC 9496): they hide a count from everybody, bind whoever made them to it, and
 * add up: the sum of commitments opens to the sum of the counts. `PROOF.md` says it for other languages. Pure.
 */
import { createHash, createHmac } from "node:crypto";
import { ristretto255, ristretto255_hasher } from "@noble/curves/ed25519.js";
import { FACES, REASONS } from "./code-list.ts";

/** The counts of a service that are committed to, in this order: its faces, then the reasons of its red ones. */
export const CELLS = [...FACES, ...REASONS] as const;
export type Cell = (typeof CELLS)[number];

/** One number for each of `CELLS`. */
export type CellCounts = readonly number[];

const { Point } = ristretto255;
type Element = InstanceType<typeof Point>;
const ORDER = Point.Fn.ORDER;

/**
 * The second generator: derived from a hash (RFC 9496, 4.3.4), so that nobody knows how it relates to the first, and nobody can open a
 * commitment to another count.
 */
const H = derived("faccine/v1/pedersen");

/** The second generator in hex, for `PROOF.md`. */
export const SECOND_GENERATOR_HEX = H.toHex();

function derived(text: string): Element {
  const bytes = createHash("sha512").update(text).digest();
  // Without a table of its multiples: that halves the time, and costs a totem, which commits once a day, 11 MB.
  return ristretto255_hasher.deriveToCurve?.(bytes) as Element;
}

/** Whose votes are counted: those on a service that answered one wording; two wordings are never added up. */
export type Asked = { readonly service: string; readonly wording: number };

/** The opening of a cell: HMAC-SHA-512 of its name under the seed, as a big-endian number, mod the group's order. */
export function openingOf(seedHex: string, { service, wording }: Asked, cell: Cell): bigint {
  const digest = createHmac("sha512", Buffer.from(seedHex, "hex"))
    .update(`${service}/${wording}/${cell}`)
    .digest("hex");
  return BigInt(`0x${digest}`) % ORDER;
}

/** The commitment to a count, in hex: count·G + opening·H. */
export function commitmentTo(count: number, opening: bigint): string {
  return combined(BigInt(count), opening).toHex();
}

/** The commitments to all cells of a service and wording. */
export function commitmentsOf(seedHex: string, asked: Asked, counts: CellCounts): readonly string[] {
  return CELLS.map((cell, at) => commitmentTo(counts[at] ?? 0, openingOf(seedHex, asked, cell)));
}

/** The sum of openings, each added or taken away. */
export function sumOfOpenings(
  openings: readonly { readonly opening: bigint; readonly times: 1 | -1 }[],
): bigint {
  const sum = openings.reduce((total, { opening, times }) => total + opening * BigInt(times), 0n) % ORDER;
  return sum < 0n ? sum + ORDER : sum;
}

/**
 * True when commitments add up to a total with an opening.
 * @param plus those of statements. @param minus those of corrections. @returns false for what is no element of the group, too.
 */
export function opensTo(
  { plus, minus }: { readonly plus: readonly string[]; readonly minus: readonly string[] },
  total: number,
  openingHex: string,
): boolean {
  try {
    const sum = [...plus.map(elementOf), ...minus.map((one) => elementOf(one).negate())];
    const expected = combined(BigInt(total), BigInt(`0x${openingHex}`) % ORDER);
    return sum.reduce((one, other) => one.add(other), Point.ZERO).equals(expected);
  } catch {
    return false;
  }
}

/** An opening as 32 bytes in big-endian hex. */
export function openingHex(opening: bigint): string {
  return opening.toString(16).padStart(64, "0");
}

function elementOf(hex: string): Element {
  return Point.fromHex(hex);
}

function combined(count: bigint, opening: bigint): Element {
  return times(Point.BASE, count).add(times(H, opening));
}

/** The library multiplies by no zero. */
function times(element: Element, number: bigint): Element {
  const reduced = ((number % ORDER) + ORDER) % ORDER;
  return reduced === 0n ? Point.ZERO : element.multiply(reduced);
}
