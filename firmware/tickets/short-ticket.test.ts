import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays, localDayOf } from "#schemas/local-day.ts";
import type { SiteSettings } from "#schemas/messages.ts";
import { issueShortTicket, readShortTicket, type ShortTicket } from "#schemas/short-ticket.ts";
import { MINUTE_MS, minuteOf } from "#schemas/time.ts";
import { readTicket } from "./judge.ts";
import { openTicketJudge } from "./ticket-judge.ts";
import { contextWith, KEYRING, NOW_MS, OFFICE_KEY, SETTINGS, timeAt } from "./tickets.fixture.ts";

type Office = SiteSettings["offices"][number];

/** The fixture's site, both of its offices printing short tickets. */
const siteWith = (changed: Partial<Office> = {}): Partial<SiteSettings> => ({
  offices: SETTINGS.offices.map((office) => ({
    ...office,
    profiles: ["short"] as const,
    ...changed,
  })) as Office[],
});

const ticketOf = (serial: number, changed: Partial<ShortTicket> = {}): ShortTicket => ({
  ...{ office: 1, service: 10, minute: minuteOf(NOW_MS) - 3, serial },
  ...changed,
});
const codeOf = (serial: number, changed: Partial<ShortTicket> = {}, key = OFFICE_KEY) =>
  issueShortTicket(ticketOf(serial, changed), key);

async function judged(
  text: string,
  over: Parameters<typeof contextWith>[0] & { readonly spent?: readonly string[] } = {},
) {
  const { spent = [], ...changed } = over;
  const context = contextWith({ settings: siteWith(), ...changed });
  const judge = openTicketJudge({
    journal: { isSpent: async (mark) => spent.includes(mark) },
    settings: () => context.settings,
    dayKeys: context.dayKeys,
  });
  return judge.judge(text, context);
}

async function told(...args: Parameters<typeof judged>): Promise<string> {
  const judgement = await judged(...args);
  return judgement.good ? "good" : judgement.refusal;
}

describe("a short ticket", () => {
  it("of an office that prints them is good once, however its characters are written", async () => {
    const first = await judged(codeOf(1));
    expect(first).toMatchObject({
      good: true,
      ticket: { profile: "short", proof: "mac", issuerKeyId: null, service: "anagrafe" },
    });
    const written = codeOf(1).toLowerCase().replaceAll("0", "o").replaceAll("1", "i");
    expect(await judged(` ${written} `)).toEqual(first);
    expect(await told(codeOf(1), { spent: [first.mark ?? ""] })).toBe("used");
    expect(await told(codeOf(2), { spent: [first.mark ?? ""] })).toBe("good");
  });

  it("is refused, and says why, when anything about it is not as it should be", async () => {
    const minute = minuteOf(NOW_MS);
    expect(await told(codeOf(1, {}, Buffer.alloc(32, 1)))).toBe("bad-signature");
    expect(await told(codeOf(1, { minute: minute - 66 }))).toBe("expired");
    expect(await told(codeOf(1, { minute: minute + 6 }))).toBe("not-yet");
    expect(await told(codeOf(1, { office: 9 }))).toBe("unknown");
    expect(await told(codeOf(1, { service: 20 }))).toBe("unknown");
    expect(await told(codeOf(1, { office: 2, service: 20 }))).toBe("other-office");
    expect(await told(codeOf(1), { mode: "test" })).toBe("test-mode");
    expect(await told(codeOf(1), { settings: siteWith({ profiles: ["signed"] }) })).toBe("unknown");
    expect(await told(codeOf(1).slice(1))).toBe("malformed");
  });

  it("is judged with the key of the day it was printed on", async () => {
    const today = localDayOf(NOW_MS, SETTINGS.zone);
    const keyOf = (day: string) => Buffer.alloc(32, day === today ? 1 : 2);
    const dayKeys = { ...KEYRING, officeKeys: (_: string, day: string) => [keyOf(day)] };
    expect(await told(codeOf(1, {}, keyOf(today)), { dayKeys })).toBe("good");
    expect(await told(codeOf(1, {}, keyOf(addDays(today, -1))), { dayKeys })).toBe("bad-signature");
  });

  it("of a day whose key is destroyed has expired, also without the time; before any key the totem is closed", async () => {
    const time = timeAt(0, "untrusted");
    const destroyed = { ...KEYRING, siteKeys: () => "destroyed" as const };
    expect(await told(codeOf(1), { time, dayKeys: destroyed })).toBe("expired");
    expect(await told(codeOf(1), { dayKeys: { ...KEYRING, siteKeys: () => "none" as const } })).toBe(
      "closed",
    );
    expect(await told(codeOf(1), { dayKeys: { ...KEYRING, siteKeys: () => "ahead" as const } })).toBe(
      "not-yet",
    );
  });

  it("is told from a queue system's receipt of the same form by its proof", async () => {
    const plain = { pattern: "(?<service>S)(?<number>[0-9A-Z]{19})", check: "none" as const };
    const [first, second] = siteWith({ profiles: ["short", "plain"], plain }).offices as [Office, Office];
    const services = first.services.map((one, index) => ({ ...one, receiptCode: index === 0 ? "S" : null }));
    const settings = {
      offices: [
        { ...first, services },
        { ...second, plain: null },
      ],
    };
    expect(await judged(codeOf(1), { settings })).toMatchObject({ ticket: { profile: "short" } });
    expect(await judged(codeOf(1, {}, Buffer.alloc(32, 1)), { settings })).toMatchObject({
      ticket: { profile: "plain", proof: "shape" },
    });
  });

  it("changed, cut, spliced or made up is good in none of 100,000 tries", () => {
    const code = codeOf(1);
    const mark = readShortTicket(code);
    const other = codeOf(2, { minute: minuteOf(NOW_MS) - 5 });
    const at = fc.nat(code.length - 1);
    const character = fc.constantFrom(..."0123456789ABCDEFGHJKMNPQRSTVWXYZ-ILO");
    const tried = fc.oneof(
      fc.tuple(at, character).map(([where, one]) => code.slice(0, where) + one + code.slice(where + 1)),
      at.map((where) => code.slice(0, where)),
      at.map((where) => code.slice(0, where) + other.slice(where)),
      fc.string({ unit: character, minLength: 19, maxLength: 19 }).map((rest) => `S${rest}`),
    );
    const isSame = (text: string) => {
      const read = readShortTicket(text);
      return [code, other].some((one) => JSON.stringify(read) === JSON.stringify(readShortTicket(one)));
    };
    expect(mark.ok).toBe(true);
    const context = contextWith({ settings: siteWith() });
    fc.assert(
      fc.property(tried, (text) => {
        const reading = readTicket(text, context);
        if (reading.genuine !== null) expect(isSame(text)).toBe(true);
      }),
      { numRuns: 100_000 },
    );
  });
});

/** A ticket of the last minute of yesterday, and one of the first of today. */
it("A short ticket printed just before midnight is good just after it", async () => {
  const midnightMs = Date.parse("2026-11-26T23:00:00Z");
  const time = timeAt(midnightMs + 10 * MINUTE_MS);
  expect(await told(codeOf(1, { minute: minuteOf(midnightMs) - 1 }), { time })).toBe("good");
});
