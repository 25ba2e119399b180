/**
 * Tickets of the *short* profile: twenty characters for a Code 128 on narrow paper. Proved by a truncated MAC with the
 * office's key of the day, so that whoever has that key can make them: a signed ticket is better wherever a QR code fits.
 * Reading proves form and, with a key, origin; whether it is good here and now is judged elsewhere. Pure.
 *
 * Code: `S` + 95 bits in base32: office (12 bits), service (8), minute since 2026 (25), serial (18), MAC (32).
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { canonicalBytes } from "./canonical.ts";
import { decodeBase32Bits, encodeBase32Bits } from "./crockford.ts";
import { fail, ok, type Result } from "./result.ts";
import { minuteOf } from "./time.ts";

const PREFIX = "S";
/** Characters after the prefix: nineteen times five bits. */
const CHARS = 19;
export const SHORT_CODE_CHARS = PREFIX.length + CHARS;

/** Bits of each field, in the code's order. */
const BITS = { office: 12, service: 8, minute: 25, serial: 18, mac: 32 } as const;
type Field = keyof typeof BITS;
const FIELDS = Object.keys(BITS) as readonly Field[];

/** Highest number that fits a short ticket's field. */
export const SHORT_MAX = {
  office: 2 ** BITS.office - 1,
  service: 2 ** BITS.service - 1,
  serial: 2 ** BITS.serial - 1,
} as const;

/** Minutes are counted from the year this profile began: 25 bits last until October 2089. */
export const SHORT_EPOCH_MINUTE = minuteOf(Date.UTC(2026, 0, 1));
export const SHORT_LAST_MINUTE = SHORT_EPOCH_MINUTE + 2 ** BITS.minute - 1;

const MAC_BYTES = BITS.mac / 8;

/** What a short ticket says. Numbers are mapped to ids by the settings. */
export type ShortTicket = {
  readonly office: number;
  readonly service: number;
  /** The UTC minute the service ended, as a count of minutes since 1970. */
  readonly minute: number;
  /** Random, and never twice for an office's service in one minute. */
  readonly serial: number;
};

/** A ticket with the MAC its code carried. */
export type ReadShortTicket = { readonly ticket: ShortTicket; readonly mac: Buffer };

/** The code to print. @throws RangeError when a number does not fit its place. */
export function issueShortTicket(ticket: ShortTicket, officeKey: Buffer): string {
  const values = { ...ticket, minute: ticket.minute - SHORT_EPOCH_MINUTE };
  for (const field of ["office", "service", "minute", "serial"] as const) {
    const value = values[field];
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** BITS[field])
      throw new RangeError(`${field} ${ticket[field]} does not fit a short ticket`);
  }
  const mac = macOf(ticket, officeKey).readUInt32BE(0);
  return PREFIX + encodeBase32Bits(packed({ ...values, mac }), CHARS);
}

/** Reads a code's form. Every text that is not exactly a short ticket is `malformed`, whatever else it may be. */
export function readShortTicket(code: string): Result<ReadShortTicket, "malformed"> {
  if (code.length !== SHORT_CODE_CHARS || !/^s/i.test(code)) return fail("malformed");
  const bits = decodeBase32Bits(code.slice(PREFIX.length));
  if (bits === null) return fail("malformed");
  const { office, service, minute, serial, mac } = unpacked(bits);
  const bytes = Buffer.alloc(MAC_BYTES);
  bytes.writeUInt32BE(mac);
  return ok({ ticket: { office, service, minute: minute + SHORT_EPOCH_MINUTE, serial }, mac: bytes });
}

/** True when the ticket was made with this key of its office. */
export function isShortTicketGenuine({ ticket, mac }: ReadShortTicket, officeKey: Buffer): boolean {
  return timingSafeEqual(mac, macOf(ticket, officeKey));
}

/** What the MAC and the mark are made over. */
export function shortForm({ office, service, minute, serial }: ShortTicket) {
  return { profile: "short", office, service, minute, serial } as const;
}

function macOf(ticket: ShortTicket, officeKey: Buffer): Buffer {
  return createHmac("sha256", officeKey)
    .update(canonicalBytes(shortForm(ticket)))
    .digest()
    .subarray(0, MAC_BYTES);
}

function packed(values: Readonly<Record<Field, number>>): bigint {
  return FIELDS.reduce((bits, field) => (bits << BigInt(BITS[field])) | BigInt(values[field]), 0n);
}

function unpacked(bits: bigint): Readonly<Record<Field, number>> {
  let rest = bits;
  const values = FIELDS.toReversed().map((field) => {
    const value = Number(rest & ((1n << BigInt(BITS[field])) - 1n));
    rest >>= BigInt(BITS[field]);
    return [field, value] as const;
  });
  return Object.fromEntries(values) as Record<Field, number>;
}
