/**
 * Codes to print: of one office and service, each with a serial of its own.
 */
import { FIXTURE_KEYS } from "#schemas/golden.fixture.ts";
import { issueShortTicket } from "#schemas/short-ticket.ts";
import { issueSignedTicket } from "#schemas/ticket.ts";

/** A signed ticket's code. */
export function signedCode(serial: number): string {
  return issueSignedTicket(
    {
      issuerKey: 3,
      office: 12,
      service: 340,
      minute: 29_833_333,
      serial: serial.toString(16).padStart(16, "0"),
    },
    FIXTURE_KEYS.issuer,
  );
}

/** A short ticket's code. */
export function shortCode(serial: number): string {
  return issueShortTicket({ office: 12, service: 34, minute: 29_844_001, serial }, Buffer.alloc(32, 1));
}
