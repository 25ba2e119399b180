import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SiteSettings } from "#schemas/messages.ts";
import { HOUR_MS, MINUTE_MS, minuteOf } from "#schemas/time.ts";
import { openTicketJudge } from "./ticket-judge.ts";
import { codeOf, contextWith, KEYRING, NOW_MS, SETTINGS, timeAt } from "./tickets.fixture.ts";

type Plain = NonNullable<SiteSettings["offices"][number]["plain"]>;
type Office = SiteSettings["offices"][number];

const NUMBERED = "(?<service>[A-Z])(?<number>\\d{3})";
const DATED = `${NUMBERED}/(?<ymd>\\d{8})`;
const TIMED = `${DATED}/(?<hm>\\d{4})`;

/** The fixture's site, its first office taking the receipts of a queue system too: A is the registry, T the taxes. */
function siteWith(plain: Plain, changed: Partial<Office> = {}): SiteSettings {
  const [first, second] = SETTINGS.offices as [Office, Office];
  const codes = /service/.test(plain.pattern) ? ["A", "T"] : ["", null];
  const services = first.services.map((one, index) => ({ ...one, receiptCode: codes[index] ?? null }));
  const office: Office = { ...first, profiles: ["signed", "plain"], plain, services, ...changed };
  return { ...SETTINGS, offices: [office, second] };
}

async function judged(
  text: string,
  plain: Plain,
  over: Parameters<typeof contextWith>[0] & { readonly spent?: readonly string[] } = {},
) {
  const { spent = [], ...changed } = over;
  const context = contextWith({ settings: siteWith(plain), ...changed });
  const judge = openTicketJudge({
    journal: { isSpent: async (mark) => spent.includes(mark) },
    settings: () => context.settings,
    dayKeys: KEYRING,
  });
  return judge.judge(text, context);
}

/** What is told of a judgement. */
async function told(...args: Parameters<typeof judged>): Promise<string> {
  const judgement = await judged(...args);
  return judgement.good ? "good" : judgement.refusal;
}

const unchecked = (pattern: string): Plain => ({ pattern, check: "none" });
const at = (iso: string) => ({ time: timeAt(Date.parse(iso)) });

describe("a receipt of a queue system", () => {
  it("of an office that takes it is good, by its shape alone, for the service that it names", async () => {
    expect(await judged("t042", unchecked(NUMBERED))).toMatchObject({
      good: true,
      mode: "live",
      ticket: { profile: "plain", proof: "shape", issuerKeyId: null, minute: null, service: "tributi" },
    });
    expect(await judged("042", unchecked("(?<number>\\d{3})"))).toMatchObject({
      good: true,
      ticket: { service: "anagrafe" },
    });
  });

  it.each([
    ["of a service nobody named", "B042", "unknown"],
    ["of another form", "A0421", "malformed"],
    ["of another script", "А042", "malformed"],
  ])("%s is refused", async (_, text, refusal) => {
    expect(await told(text, unchecked(NUMBERED))).toBe(refusal);
  });

  it("is refused where the office takes signed tickets only, is not served here, or the totem is tested", async () => {
    const plain = unchecked(NUMBERED);
    expect(await told("A042", plain, { settings: siteWith(plain, { profiles: ["signed"] }) })).toBe(
      "malformed",
    );
    const elsewhere = { ...siteWith(plain), serves: ["office-2"] };
    expect(await told("A042", plain, { settings: elsewhere })).toBe("other-office");
    expect(await told("A042", plain, { mode: "test" })).toBe("test-mode");
    expect(await told("A042", plain, { settings: null })).toBe("closed");
  });

  it("is of the office served here where two offices print the same form", async () => {
    const plain = unchecked(NUMBERED);
    const site = siteWith(plain);
    const [first, second] = site.offices as [Office, Office];
    const services = second.services.map((one) => ({ ...one, receiptCode: "A" }));
    const offices = [first, { ...second, profiles: ["plain" as const], plain, services }];
    const settings = { ...site, offices, serves: ["office-2"] };
    expect(await judged("A042", plain, { settings })).toMatchObject({
      good: true,
      ticket: { service: "scuola" },
    });
  });

  it("is of the office that knows its service where two that are served here have one queue machine", async () => {
    const plain = unchecked(NUMBERED);
    const site = siteWith(plain);
    const [first, second] = site.offices as [Office, Office];
    const services = second.services.map((one) => ({ ...one, receiptCode: "S" }));
    const offices = [first, { ...second, profiles: ["plain" as const], plain, services }];
    const settings = { ...site, offices, serves: ["office-1", "office-2"] };
    expect(await judged("S042", plain, { settings })).toMatchObject({
      good: true,
      ticket: { service: "scuola" },
    });
    expect(await judged("T042", plain, { settings })).toMatchObject({
      good: true,
      ticket: { service: "tributi" },
    });
    expect(await told("X042", plain, { settings })).toBe("unknown");
  });

  it("stands beside signed tickets, which stay what they are", async () => {
    expect(await judged(codeOf(1), unchecked("(?<number>[0-9A-Z]{1,40})"))).toMatchObject({
      good: true,
      ticket: { profile: "signed" },
    });
  });

  it("with a wrong check digit is malformed", async () => {
    const plain: Plain = { pattern: "(?<number>\\d{10})(?<check>\\d)", check: "luhn" };
    expect(await told("17893729974", plain)).toBe("good");
    expect(await told("17893729975", plain)).toBe("malformed");
  });
});

describe("a receipt used once", () => {
  const spentMark = async (text: string, plain: Plain, iso: string) => {
    const judgement = await judged(text, plain, at(iso));
    return judgement.good ? [judgement.mark] : [];
  };

  it("is used, however it is typed", async () => {
    const plain = unchecked(NUMBERED);
    const spent = await spentMark("A042", plain, "2026-03-10T09:00Z");
    expect(await told(" a042 ", plain, { ...at("2026-03-10T12:00Z"), spent })).toBe("used");
    expect(await told("A043", plain, { ...at("2026-03-10T12:00Z"), spent })).toBe("good");
  });

  it("without a date is another one on the next day, but not within its validity after midnight", async () => {
    const plain = unchecked(NUMBERED);
    // Rome is an hour ahead of UTC: ten minutes before midnight.
    const spent = await spentMark("A042", plain, "2026-03-10T22:50Z");
    expect(await told("A042", plain, { ...at("2026-03-10T23:10Z"), spent })).toBe("used");
    expect(await told("A042", plain, { ...at("2026-03-10T23:59Z"), spent })).toBe("used");
    expect(await told("A042", plain, { ...at("2026-03-11T00:00Z"), spent })).toBe("good");
  });

  it("with a date is that day's for ever", async () => {
    const plain = unchecked(DATED);
    const spent = await spentMark("A042/20260310", plain, "2026-03-10T22:50Z");
    expect(await told("A042/20260310", plain, { ...at("2026-03-10T23:30Z"), spent })).toBe("used");
    expect(await told("A042/20260311", plain, { ...at("2026-03-10T23:30Z"), spent })).toBe("good");
  });
});

describe("a receipt's time", () => {
  it.each([
    ["2026-03-10T08:54Z", "not-yet"],
    ["2026-03-10T08:55Z", "good"],
    ["2026-03-10T10:05:59Z", "good"],
    ["2026-03-10T10:06Z", "expired"],
  ])("printed as 10:00 in Rome is judged like a signed one's: at %s it is %s", async (iso, expected) => {
    expect(await told("A042/20260310/1000", unchecked(TIMED), at(iso))).toBe(expected);
    expect(
      await told("A042/20260310/1000", unchecked(TIMED), { time: timeAt(Date.parse(iso), "untrusted") }),
    ).toBe("good");
  });

  it.each([
    ["2026-03-09T22:54Z", "not-yet"],
    ["2026-03-09T22:55Z", "good"],
    ["2026-03-11T00:04:59Z", "good"],
    ["2026-03-11T00:05Z", "expired"],
  ])(
    "printed as a day only is good all of it, and as long after as any: at %s it is %s",
    async (iso, expected) => {
      expect(await told("A042/20260310", unchecked(DATED), at(iso))).toBe(expected);
    },
  );

  it("without a date is today's, and yesterday's while today's would lie ahead", async () => {
    const plain = unchecked(`${NUMBERED}/(?<hm>\\d{4})`);
    const minute = async (iso: string) => {
      const judgement = await judged("A042/2350", plain, at(iso));
      return judgement.good ? judgement.ticket.minute : judgement.refusal;
    };
    const ended = minuteOf(Date.parse("2026-03-10T22:50Z"));
    expect(await minute("2026-03-10T22:52Z")).toBe(ended);
    expect(await minute("2026-03-10T22:46Z")).toBe(ended);
    expect(await minute("2026-03-10T23:20Z")).toBe(ended);
    expect(await minute("2026-03-11T12:00Z")).toBe("expired");
  });

  it("on the day the clocks change is the local time's", async () => {
    const minuteAt = async (text: string, iso: string) => {
      const judgement = await judged(text, unchecked(TIMED), at(iso));
      return judgement.good ? judgement.ticket.minute : judgement.refusal;
    };
    const noon = "2026-03-29T10:10Z";
    expect(await minuteAt("A042/20260329/1200", noon)).toBe(minuteOf(Date.parse("2026-03-29T10:00Z")));
    expect(await minuteAt("A042/20261025/1200", "2026-10-25T11:10Z")).toBe(
      minuteOf(Date.parse("2026-10-25T11:00Z")),
    );
  });

  it("never refuses, within its validity, a receipt for what it says of itself", async () => {
    const delay = fc.integer({ min: 0, max: 60 * MINUTE_MS });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 400 * 24 }), delay, async (hour, afterMs) => {
        const endedMs = NOW_MS + hour * HOUR_MS;
        const local = new Intl.DateTimeFormat("sv-SE", {
          ...{ timeZone: "Europe/Rome", dateStyle: "short", timeStyle: "short" },
        }).format(endedMs);
        const [date = "", time = ""] = local.split(" ");
        const text = `A042/${date.replaceAll("-", "")}/${time.replace(":", "")}`;
        const time2 = { time: timeAt(endedMs + afterMs) };
        // The hour that comes twice in autumn: its second time is an hour later than the receipt can say.
        const isTwice = /-10-2[5-9] 02:00/.test(local);
        if (!isTwice) expect(await told(text, unchecked(TIMED), time2)).toBe("good");
      }),
    );
  });
});

it("A pattern that this firmware cannot read takes no receipt, and breaks no other", async () => {
  expect(await told("A042", unchecked("(?<number>.*)"))).toBe("malformed");
  expect(await told(codeOf(1), unchecked("(?<number>.*)"))).toBe("good");
});
