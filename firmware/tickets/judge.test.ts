import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { REFUSALS, type Refusal } from "#schemas/code-list.ts";
import { TICKET_CODE_MAX } from "#schemas/limits.ts";
import { markOf } from "#schemas/mark.ts";
import { signedForm } from "#schemas/ticket.ts";
import { MINUTE_MS, minuteOf } from "#schemas/time.ts";
import { readTicket } from "./judge.ts";
import type { JudgeContext } from "./reading.ts";
import { openTicketJudge } from "./ticket-judge.ts";
import {
  codeOf,
  contextWith,
  DESK_TEST,
  ELSEWHERE,
  KEYRING,
  NOW_MS,
  SETTINGS,
  SITE_KEY,
  STRANGER,
  ticketOf,
  timeAt,
} from "./tickets.fixture.ts";

/** Judges a text as the totem does, `spent` being the marks of tickets used here before. */
async function judged(text: string, context: JudgeContext = contextWith(), spent: readonly string[] = []) {
  const judge = openTicketJudge({
    journal: { isSpent: async (mark) => spent.includes(mark) },
    settings: () => context.settings,
    dayKeys: KEYRING,
  });
  return judge.judge(text, context);
}

const mark = (serial: number) => markOf(signedForm(ticketOf(serial)), SITE_KEY);

describe("a ticket of an office served here, in time and not used", () => {
  it("is good, and says what the vote will say about it", async () => {
    expect(await judged(codeOf(1))).toEqual({
      good: true,
      mode: "live",
      mark: mark(1),
      ticket: {
        profile: "signed",
        proof: "signature",
        issuerKeyId: "key-1",
        minute: minuteOf(NOW_MS) - 3,
        mark: mark(1),
        service: "anagrafe",
      },
    });
  });

  it("is good when read with blanks around it or in lower case", async () => {
    expect(await judged(`  ${codeOf(1).toLowerCase()} `)).toMatchObject({ good: true, mark: mark(1) });
  });

  it("has a mark of its own, and none that its text or serial can be read from", () => {
    const marks = [1, 2, 3].map(mark);
    expect(new Set(marks).size).toBe(3);
    for (const each of marks) expect(each).toMatch(/^[0-9a-f]{32}$/);
    expect(markOf(signedForm(ticketOf(1)), Buffer.alloc(32, 8))).not.toBe(mark(1));
  });
});

describe("a refusal", () => {
  const CASES: Record<Exclude<Refusal, "used-elsewhere">, () => Promise<unknown>> = {
    used: () => judged(codeOf(1), contextWith(), [mark(1)]),
    expired: () => judged(codeOf(1, { minute: minuteOf(NOW_MS) - 66 })),
    "not-yet": () => judged(codeOf(1, { minute: minuteOf(NOW_MS) + 6 })),
    "other-office": () => judged(codeOf(1, { issuerKey: 3, office: 2, service: 20 }, ELSEWHERE)),
    unknown: () => judged(codeOf(1, { issuerKey: 9 }, STRANGER)),
    malformed: () => judged("RSSMRA85T10A562S"),
    "bad-signature": () => judged(codeOf(1, {}, STRANGER)),
    "test-mode": () => judged(codeOf(1, { issuerKey: 2 }, DESK_TEST)),
    closed: () => judged(codeOf(1), contextWith({ settings: null })),
  };

  it.each(Object.entries(CASES))("%s is reached", async (refusal, judge) => {
    expect(await judge()).toMatchObject({ good: false, refusal });
  });

  it("is reached by one case each, but for the one that needs other totems' marks", () => {
    expect([...Object.keys(CASES), "used-elsewhere"].sort()).toEqual([...REFUSALS].sort());
  });

  it("used-elsewhere is reached when another totem of the site has told that it took the ticket", async () => {
    const context = contextWith();
    const judge = openTicketJudge({
      journal: { isSpent: async () => false },
      settings: () => context.settings,
      dayKeys: KEYRING,
      isSpentElsewhere: (told) => told === mark(1),
    });
    expect(await judge.judge(codeOf(1), context)).toMatchObject({ refusal: "used-elsewhere", mark: mark(1) });
    expect(await judge.judge(codeOf(2), context)).toMatchObject({ good: true });
  });

  it("keeps a mark only where the ticket was genuine and of an office served here", async () => {
    expect(await CASES.used()).toMatchObject({ mark: mark(1), service: "anagrafe" });
    for (const name of [
      "other-office",
      "unknown",
      "malformed",
      "bad-signature",
      "test-mode",
      "closed",
    ] as const) {
      expect(await CASES[name]()).toMatchObject({ mark: null });
    }
  });

  it.each([
    ["a key of another office", { issuerKey: 3 }, ELSEWHERE, "unknown"],
    ["an office nobody knows", { office: 9 }, undefined, "unknown"],
    ["a service of another office", { service: 20 }, undefined, "unknown"],
    ["another office, signed with this office's key", { office: 2, service: 20 }, undefined, "unknown"],
  ] as const)("is what a ticket of %s gets", async (_, changed, key, refusal) => {
    expect(await judged(codeOf(1, changed, key))).toMatchObject({ good: false, refusal });
  });

  it("meets signed tickets where the office does not take them", async () => {
    const offices = SETTINGS.offices.map((office) => ({ ...office, profiles: ["plain" as const] }));
    expect(await judged(codeOf(1), contextWith({ settings: { offices } }))).toMatchObject({
      refusal: "unknown",
    });
  });

  it("meets live tickets in test mode, so that no test spends one; test tickets are good there", async () => {
    const testing = contextWith({ mode: "test" });
    expect(await judged(codeOf(1), testing)).toMatchObject({ refusal: "test-mode" });
    expect(await judged(codeOf(1, { issuerKey: 2 }, DESK_TEST), testing)).toMatchObject({ good: true });
  });

  it("as used comes before expired, so that a code shown twice is greeted to the last minute", async () => {
    const old = { minute: minuteOf(NOW_MS) - 66 };
    expect(
      await judged(codeOf(1, old), contextWith(), [markOf(signedForm(ticketOf(1, old)), SITE_KEY)]),
    ).toMatchObject({
      refusal: "used",
    });
  });
});

describe("a ticket's time", () => {
  const minute = minuteOf(NOW_MS);
  const at = async (wallMs: number, clock: "trusted" | "untrusted" = "trusted") => {
    const result = await judged(codeOf(1, { minute }), contextWith({ time: timeAt(wallMs, clock) }));
    return result.good ? "good" : result.refusal;
  };

  it("begins exactly five minutes before the service ended", async () => {
    expect(await at(NOW_MS - 5 * MINUTE_MS - 1)).toBe("not-yet");
    expect(await at(NOW_MS - 5 * MINUTE_MS)).toBe("good");
  });

  it("ends exactly sixty-five minutes after the printed minute, which counts whole", async () => {
    expect(await at(NOW_MS + 66 * MINUTE_MS - 1)).toBe("good");
    expect(await at(NOW_MS + 66 * MINUTE_MS)).toBe("expired");
  });

  it("is not judged while the clock is untrusted: the gateway does at settlement", async () => {
    for (const wallMs of [0, NOW_MS - 86_400_000, NOW_MS + 86_400_000]) {
      expect(await at(wallMs, "untrusted")).toBe("good");
    }
  });
});

describe("a campaign", () => {
  const on = async (day: string, clock: "trusted" | "untrusted" = "trusted") => {
    const campaign = { firstDay: "2026-03-10", lastDay: "2026-03-11", withoutTicket: false };
    const wallMs = Date.parse(day);
    const code = codeOf(1, { minute: minuteOf(wallMs) });
    const result = await judged(code, contextWith({ settings: { campaign }, time: timeAt(wallMs, clock) }));
    return result.good ? "good" : result.refusal;
  };

  it("takes tickets from the first local day's first moment to the last one's last", async () => {
    expect(await on("2026-03-09T23:59:59.999+01:00")).toBe("closed");
    expect(await on("2026-03-10T00:00:00.000+01:00")).toBe("good");
    expect(await on("2026-03-11T23:59:59.999+01:00")).toBe("good");
    expect(await on("2026-03-12T00:00:00.000+01:00")).toBe("closed");
  });

  it("is not closed by a clock that cannot be believed", async () => {
    expect(await on("1970-01-01T00:00:00.000Z", "untrusted")).toBe("good");
  });
});

describe("whatever people scan", () => {
  const looksLikeATicket = fc
    .tuple(fc.constantFrom("F1", "f1", "F2", ""), fc.stringMatching(/^[0-9A-HJKMNP-TV-Z]{131}$/))
    .map(([prefix, body]) => prefix + body);
  const bent = fc
    .tuple(fc.nat({ max: 132 }), fc.constantFrom("0", "Z", "I", "ß", "-"))
    .map(([place, char]) => codeOf(1).slice(0, place) + char + codeOf(1).slice(place + 1))
    .filter((code) => code !== codeOf(1));
  const cut = fc.nat({ max: 132 }).map((length) => codeOf(1).slice(0, length));
  const [OTHER, ONE] = [codeOf(2, { minute: minuteOf(NOW_MS) - 5 }), codeOf(1)];
  const spliced = fc
    .nat({ max: 132 })
    .map((place) => ONE.slice(0, place) + OTHER.slice(place))
    .filter((code) => code !== ONE && code !== OTHER);
  const anything = fc.oneof(
    fc.string({ unit: "binary", maxLength: 400 }),
    fc.webUrl(),
    fc.stringMatching(/^\d{8,13}$/),
    fc.string({ minLength: TICKET_CODE_MAX + 1, maxLength: 3 * TICKET_CODE_MAX }),
    looksLikeATicket,
    bent,
    cut,
    spliced,
  );

  it("is never good and never breaks the judge in 100,000 tries, unless it is a ticket", () => {
    const context = contextWith();
    fc.assert(
      fc.property(anything, (text) => {
        const reading = readTicket(text, context);
        // One sign of a ticket may be written in two ways (I for 1, O for 0): that is the same ticket.
        if (reading.genuine !== null) expect(reading.genuine.mark).toBe(mark(1));
        else expect(["malformed", "unknown", "bad-signature"]).toContain(reading.refusal);
      }),
      { numRuns: 100_000 },
    );
  });

  it("leaves nothing of its text in the judgement", async () => {
    for (const text of ["RSSMRA85T10A562S", "8001120007543", "https://example.org/?id=7", "x".repeat(500)]) {
      expect(JSON.stringify(await judged(text))).not.toContain(text.slice(0, 8));
    }
  });
});

describe("the keys of tickets", () => {
  it("are few: after more rotations than settings can hold, tickets of old and new keys are still judged", async () => {
    let ticketKeys = SETTINGS.ticketKeys;
    const judge = openTicketJudge({
      journal: { isSpent: async () => false },
      settings: () => ({ ...SETTINGS, ticketKeys }),
      dayKeys: KEYRING,
    });
    const at = { time: timeAt(NOW_MS), mode: "live" } as const;
    const [first] = ticketKeys;
    for (let rotation = 0; rotation < 250; rotation += 1) {
      const publicKey = rotation.toString(16).padStart(64, "0");
      ticketKeys = first === undefined ? [] : [{ ...first, publicKey }];
      expect(await judge.judge(codeOf(1), at)).toMatchObject({ refusal: "bad-signature" });
    }
    ticketKeys = SETTINGS.ticketKeys;
    expect(await judge.judge(codeOf(1), at)).toMatchObject({ good: true });
  });
});
