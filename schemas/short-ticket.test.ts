import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { goldenVectors } from "./golden.fixture.ts";
import { TICKET_CODE_MAX } from "./limits.ts";
import { markOf } from "./mark.ts";
import {
  isShortTicketGenuine,
  issueShortTicket,
  readShortTicket,
  SHORT_CODE_CHARS,
  SHORT_EPOCH_MINUTE,
  SHORT_LAST_MINUTE,
  SHORT_MAX,
  type ShortTicket,
  shortForm,
} from "./short-ticket.ts";

const tickets: fc.Arbitrary<ShortTicket> = fc.record({
  office: fc.nat(SHORT_MAX.office),
  service: fc.nat(SHORT_MAX.service),
  minute: fc.integer({ min: SHORT_EPOCH_MINUTE, max: SHORT_LAST_MINUTE }),
  serial: fc.nat(SHORT_MAX.serial),
});
const KEY = Buffer.alloc(32, 1);
const OTHER_KEY = Buffer.alloc(32, 2);
const TICKET: ShortTicket = { office: 12, service: 34, minute: 29_844_001, serial: 131_073 };
const CODE = issueShortTicket(TICKET, KEY);

function isGenuine(code: string): boolean {
  const read = readShortTicket(code);
  return read.ok && isShortTicketGenuine(read.value, KEY);
}

describe("a short ticket", () => {
  type Vectors = {
    siteKey: string;
    officeKey: string;
    tickets: { ticket: ShortTicket; code: string; mark: string }[];
  };
  const golden = goldenVectors<Vectors>("short-tickets");

  it.each(golden.tickets)("has the code and the mark another language makes: $code", (vector) => {
    const { ticket, code, mark } = vector;
    expect(issueShortTicket(ticket, Buffer.from(golden.officeKey, "hex"))).toBe(code);
    expect(readShortTicket(code)).toMatchObject({ ok: true, value: { ticket } });
    expect(markOf(shortForm(ticket), Buffer.from(golden.siteKey, "hex"))).toBe(mark);
  });

  it("reads back as what was issued, with its office's key of the day and no other", () => {
    fc.assert(
      fc.property(tickets, (ticket) => {
        const read = readShortTicket(issueShortTicket(ticket, KEY));
        if (!read.ok) throw new Error(read.problem);
        expect(read.value.ticket).toEqual(ticket);
        expect(isShortTicketGenuine(read.value, KEY)).toBe(true);
        expect(isShortTicketGenuine(read.value, OTHER_KEY)).toBe(false);
      }),
    );
  });

  it("is twenty characters that a Code 128 prints and every scanner types", () => {
    expect(CODE).toMatch(/^S[0-9A-Z]{19}$/);
    expect(SHORT_CODE_CHARS).toBe(20);
    expect(SHORT_CODE_CHARS).toBeLessThanOrEqual(TICKET_CODE_MAX);
  });

  it("begins at every bound and ends at every bound", () => {
    for (const office of [0, SHORT_MAX.office])
      for (const service of [0, SHORT_MAX.service])
        for (const minute of [SHORT_EPOCH_MINUTE, SHORT_LAST_MINUTE])
          for (const serial of [0, SHORT_MAX.serial]) {
            const ticket = { office, service, minute, serial };
            expect(readShortTicket(issueShortTicket(ticket, KEY))).toMatchObject({
              ok: true,
              value: { ticket },
            });
          }
  });

  it.each<[string, Partial<ShortTicket>]>([
    ["an office of 13 bits", { office: SHORT_MAX.office + 1 }],
    ["a service of 9 bits", { service: SHORT_MAX.service + 1 }],
    ["a serial of 19 bits", { serial: SHORT_MAX.serial + 1 }],
    ["a minute before 2026", { minute: SHORT_EPOCH_MINUTE - 1 }],
    ["a minute after its last", { minute: SHORT_LAST_MINUTE + 1 }],
    ["a negative number", { office: -1 }],
    ["half a number", { serial: 0.5 }],
  ])("is never issued with %s", (_, wrong) => {
    expect(() => issueShortTicket({ ...TICKET, ...wrong }, KEY)).toThrow(RangeError);
  });

  it("typed in lower case or with confusable letters is the same ticket", () => {
    const typed = CODE.toLowerCase().replaceAll("0", "o").replaceAll("1", "l");
    expect(readShortTicket(typed)).toEqual(readShortTicket(CODE));
  });

  it("cut short, doubled, padded, glued or with a letter of no alphabet is malformed", () => {
    for (const code of [
      CODE.slice(0, -1),
      CODE + CODE,
      `${CODE}0`,
      ` ${CODE}`,
      `${CODE}\n`,
      CODE.replace(/.$/, "U"),
      "S",
      "",
    ])
      expect(readShortTicket(code)).toEqual({ ok: false, problem: "malformed" });
    for (const text of ["RSSMRA80A01H501U", "80380000100123456789", "8001120000019", "SSSSSSSSSSSSSSSSSSSU"])
      expect(readShortTicket(text)).toEqual({ ok: false, problem: "malformed" });
  });

  it("made up is not genuine: a hundred thousand mutated, truncated and spliced codes", () => {
    const symbols = fc.constantFrom(..."0123456789ABCDEFGHJKMNPQRSTVWXYZ");
    const at = fc.integer({ min: 1, max: SHORT_CODE_CHARS - 1 });
    const forged = fc.oneof(
      fc.tuple(tickets, at, symbols).map(([ticket, place, symbol]) => {
        const code = issueShortTicket(ticket, KEY);
        return { known: code, code: code.slice(0, place) + symbol + code.slice(place + 1) };
      }),
      fc.tuple(tickets, tickets, at).map(([one, other, place]) => {
        const [left, right] = [issueShortTicket(one, KEY), issueShortTicket(other, KEY)];
        const code = left.slice(0, place) + right.slice(place);
        return { known: code === right ? right : left, code };
      }),
      fc.tuple(tickets, at).map(([ticket, place]) => {
        const code = issueShortTicket(ticket, KEY);
        return { known: code, code: code.slice(0, place) };
      }),
      fc.array(symbols, { minLength: 19, maxLength: 19 }).map((s) => ({ known: "", code: `S${s.join("")}` })),
    );
    fc.assert(
      fc.property(forged, ({ known, code }) => {
        expect(isGenuine(code)).toBe(code === known);
      }),
      // Seeded: one forgery in four thousand million passes, and not in the middle of somebody's test run.
      { numRuns: 100_000, seed: 20_261_126 },
    );
  }, 120_000);
});
