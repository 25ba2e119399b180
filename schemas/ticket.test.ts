import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FIXTURE_KEYS, goldenVectors } from "./golden.fixture.ts";
import { MINUTE_MAX, TICKET_CODE_MAX } from "./limits.ts";
import { markOf } from "./mark.ts";
import { publicKeyFromHex } from "./signature.ts";
import { issueSignedTicket, isTicketGenuine, readSignedTicket, signedForm, type Ticket } from "./ticket.ts";

const ISSUER = publicKeyFromHex(FIXTURE_KEYS.issuer.publicKeyHex);
const STRANGER = publicKeyFromHex(FIXTURE_KEYS.gateway.publicKeyHex);

const numbers = fc.nat(65_535);
const tickets: fc.Arbitrary<Ticket> = fc.record({
  issuerKey: numbers,
  office: numbers,
  service: numbers,
  minute: fc.nat(MINUTE_MAX),
  serial: fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString("hex")),
});
const TICKET: Ticket = {
  issuerKey: 3,
  office: 12,
  service: 340,
  minute: 29_833_333,
  serial: "0123456789abcdef",
};
const CODE = issueSignedTicket(TICKET, FIXTURE_KEYS.issuer);

/** True when somebody at a totem could vote with this code in place of another one's. */
function isGenuine(code: string): boolean {
  const read = readSignedTicket(code);
  return read.ok && isTicketGenuine(read.value, ISSUER);
}

describe("a signed ticket", () => {
  type TicketVectors = {
    publicKey: string;
    siteKey: string;
    tickets: { ticket: Ticket; code: string; mark: string }[];
  };
  const golden = goldenVectors<TicketVectors>("tickets");

  it.each(golden.tickets)(
    "has the code and the mark another language makes: $ticket",
    ({ ticket, code, mark }) => {
      expect(issueSignedTicket(ticket, FIXTURE_KEYS.issuer)).toBe(code);
      expect(readSignedTicket(code)).toMatchObject({ ok: true, value: { ticket } });
      expect(markOf(signedForm(ticket), Buffer.from(golden.siteKey, "hex"))).toBe(mark);
      expect(golden.publicKey).toBe(FIXTURE_KEYS.issuer.publicKeyHex);
    },
  );

  it("reads back as what was issued, by its issuer and nobody else", () => {
    fc.assert(
      fc.property(tickets, (ticket) => {
        const code = issueSignedTicket(ticket, FIXTURE_KEYS.issuer);
        const read = readSignedTicket(code);
        if (!read.ok) throw new Error(read.problem);
        expect(read.value.ticket).toEqual(ticket);
        expect(isTicketGenuine(read.value, ISSUER)).toBe(true);
        expect(isTicketGenuine(read.value, STRANGER)).toBe(false);
      }),
    );
  });

  it("is 135 characters of a QR code's alphanumeric mode", () => {
    expect(CODE).toMatch(/^F1[0-9A-Z]{133}$/);
    expect(CODE.length).toBeLessThanOrEqual(TICKET_CODE_MAX);
  });

  it("with any single character changed is malformed or not genuine, unless the change is a mere disguise", () => {
    const all = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const plain = (code: string) => code.toUpperCase().replaceAll(/[IL]/g, "1").replaceAll("O", "0");
    let disguises = 0;
    for (let at = 0; at < CODE.length; at++) {
      // Every symbol at some places, one other at each: a signature is checked about four thousand times a second.
      const isThorough = at % 9 === 0 || at === CODE.indexOf("0") || at === CODE.indexOf("1", 2);
      const symbols = isThorough ? [...all] : [all[(at * 7 + 1) % all.length] as string];
      for (const symbol of symbols) {
        const changed = CODE.slice(0, at) + symbol + CODE.slice(at + 1);
        const isDisguise = plain(changed) === plain(CODE);
        if (isDisguise && changed !== CODE) disguises += 1;
        expect(isGenuine(changed), `${symbol} at ${at}`).toBe(changed === CODE || (isDisguise && at !== 1));
      }
    }
    expect(disguises).toBeGreaterThan(0);
  });

  it("cut short, doubled, glued to another one or padded is malformed", () => {
    for (const code of [
      CODE.slice(0, -1),
      CODE.slice(1),
      `${CODE}0`,
      CODE + CODE,
      ` ${CODE}`,
      `${CODE}\n`,
      CODE.replace("F1", "F2"),
      "F1",
      "",
    ]) {
      expect(readSignedTicket(code)).toEqual({ ok: false, problem: "malformed" });
    }
  });

  it("typed in lower case or with confusable letters is the same ticket", () => {
    const typed = `f1${CODE.slice(2).toLowerCase().replaceAll("0", "o").replaceAll("1", "l")}`;
    expect(readSignedTicket(typed)).toEqual(readSignedTicket(CODE));
  });

  it("of another profile or of a minute beyond the year 9999 is malformed", () => {
    const late = { ...TICKET, minute: MINUTE_MAX + 1 };
    expect(readSignedTicket(issueSignedTicket(late, FIXTURE_KEYS.issuer))).toEqual({
      ok: false,
      problem: "malformed",
    });
    expect(readSignedTicket(`F10G${CODE.slice(4)}`)).toEqual({ ok: false, problem: "malformed" });
  });

  it("is never seen in a health card, a fiscal code, an EAN, a URL or any other text", () => {
    for (const text of [
      "RSSMRA80A01H501U",
      "8001120000019",
      "https://example.org/F1",
      "80380000100123456789",
    ]) {
      expect(readSignedTicket(text)).toEqual({ ok: false, problem: "malformed" });
    }
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.string().map((s) => `F1${s}`),
        ),
        (text) => {
          expect(readSignedTicket(text)).toEqual({ ok: false, problem: "malformed" });
        },
      ),
    );
  });

  it.each([
    ["a number of 17 bits", { office: 65_536 }],
    ["a negative number", { service: -1 }],
    ["a serial of 63 bits", { serial: "0123456789abcde" }],
    ["a serial in upper case", { serial: "0123456789ABCDEF" }],
  ])("is never issued with %s", (_, wrong) => {
    expect(() => issueSignedTicket({ ...TICKET, ...wrong }, FIXTURE_KEYS.issuer)).toThrow(RangeError);
  });
});
