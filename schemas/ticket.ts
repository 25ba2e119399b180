/**
 * Tickets of the *signed* profile: what the QR code on a receipt says, how it is signed and read.
 * Knows numbers only; which office and service they mean is in the settings. Whether a ticket is good here and now is
 * judged elsewhere: reading proves form and, with a key, origin.
 *
 * Code: `F1` + base32 of profile (1 byte), issuer key (2), office (2), service (2), minute (4), serial (8),
 * Ed25519 signature (64) = 83 bytes = 133 characters.
 */
import type { KeyObject } from "node:crypto";
import { decodeBase32, encodeBase32 } from "./crockford.ts";
import { MINUTE_MAX, TICKET_CODE_MAX } from "./limits.ts";
import { fail, ok, type Result } from "./result.ts";
import { isSignatureGood, type SigningKey, signBody } from "./signature.ts";

const PREFIX = "F1";
const PROFILE_SIGNED = 1;
const SERIAL_BYTES = 8;
const SIGNATURE_BYTES = 64;
const BODY_BYTES = 1 + 2 + 2 + 2 + 4 + SERIAL_BYTES;
const CODE_BYTES = BODY_BYTES + SIGNATURE_BYTES;
const SERIAL = /^[0-9a-f]{16}$/;

/** What a signed ticket says. Numbers are mapped to ids by the settings; `serial` is 64 random bits in hex. */
export type Ticket = {
  readonly issuerKey: number;
  readonly office: number;
  readonly service: number;
  /** The UTC minute the service ended, as a count of minutes since 1970. */
  readonly minute: number;
  readonly serial: string;
};

/** A ticket with the signature its code carried. */
export type ReadTicket = { readonly ticket: Ticket; readonly signature: string };

/** The code to print for a ticket. @throws RangeError when a number or the serial does not fit its place. */
export function issueSignedTicket(ticket: Ticket, key: SigningKey): string {
  if (!SERIAL.test(ticket.serial)) throw new RangeError("a serial is 64 bits in lower-case hex");
  const signature = signBody("ticket", signedForm(ticket), key);
  const bytes = Buffer.concat([packBody(ticket), Buffer.from(signature, "hex")]);
  return PREFIX + encodeBase32(bytes);
}

/** Reads a code's form. Every text that is not exactly a signed ticket is `malformed`, whatever else it may be. */
export function readSignedTicket(code: string): Result<ReadTicket, "malformed"> {
  if (code.length > TICKET_CODE_MAX || !/^f1/i.test(code)) return fail("malformed");
  const bytes = decodeBase32(code.slice(PREFIX.length), CODE_BYTES);
  if (bytes === null || bytes[0] !== PROFILE_SIGNED) return fail("malformed");
  const minute = bytes.readUInt32BE(7);
  if (minute > MINUTE_MAX) return fail("malformed");
  return ok({
    ticket: {
      issuerKey: bytes.readUInt16BE(1),
      office: bytes.readUInt16BE(3),
      service: bytes.readUInt16BE(5),
      minute,
      serial: bytes.subarray(11, BODY_BYTES).toString("hex"),
    },
    signature: bytes.subarray(BODY_BYTES).toString("hex"),
  });
}

/** True when the ticket was signed by the owner of this public key. */
export function isTicketGenuine(read: ReadTicket, publicKey: KeyObject): boolean {
  return isSignatureGood("ticket", signedForm(read.ticket), read.signature, publicKey);
}

/** What the signature and the mark are made over. */
export function signedForm(ticket: Ticket) {
  return { profile: "signed", ...ticket } as const;
}

function packBody(ticket: Ticket): Buffer {
  const body = Buffer.alloc(BODY_BYTES);
  body.writeUInt8(PROFILE_SIGNED, 0);
  body.writeUInt16BE(ticket.issuerKey, 1);
  body.writeUInt16BE(ticket.office, 3);
  body.writeUInt16BE(ticket.service, 5);
  body.writeUInt32BE(ticket.minute, 7);
  body.write(ticket.serial, 11, SERIAL_BYTES, "hex");
  return body;
}
