import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MINUTE_MS } from "./time.ts";
import { isOpenAt, ticketSpan } from "./validity.ts";

const RULES = { validMinutes: 60, skewMinutes: 5 };

describe("a ticket's validity", () => {
  it("runs from the service's end for an hour, with five minutes of difference between clocks either way", () => {
    const { fromMs, untilMs } = ticketSpan(1_000, RULES);
    expect(fromMs).toBe(995 * MINUTE_MS);
    // The printed minute was cut: a service that ended in its last second has its whole hour.
    expect(untilMs).toBe(1_066 * MINUTE_MS);
  });

  it("never refuses a citizen whose clocks differ by no more than allowed", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1_000_000, max: 50_000_000 }),
        fc.nat(MINUTE_MS - 1),
        fc.integer({ min: 0, max: RULES.validMinutes * MINUTE_MS }),
        fc.integer({ min: -RULES.skewMinutes * MINUTE_MS, max: RULES.skewMinutes * MINUTE_MS }),
        (minute, intoMinuteMs, walkMs, skewMs) => {
          const endedMs = minute * MINUTE_MS + intoMinuteMs;
          const seenAtMs = endedMs + walkMs + skewMs;
          const { fromMs, untilMs } = ticketSpan(minute, RULES);
          expect(fromMs <= seenAtMs && seenAtMs <= untilMs).toBe(true);
        },
      ),
    );
  });
});

describe("opening hours", () => {
  const HOURS = [
    { weekday: 1, fromMinute: 9 * 60, toMinute: 13 * 60 },
    { weekday: 1, fromMinute: 15 * 60, toMinute: 1_440 },
  ];
  const at = (iso: string) => isOpenAt(Date.parse(iso), "Europe/Rome", HOURS);

  it("count by the site's local clock, the first minute in, the last one out", () => {
    // 2026-01-12 and 2026-07-13 are Mondays: winter at +01:00, summer at +02:00.
    expect(at("2026-01-12T07:59:59Z")).toBe(false);
    expect(at("2026-01-12T08:00:00Z")).toBe(true);
    expect(at("2026-01-12T11:59:59Z")).toBe(true);
    expect(at("2026-01-12T12:00:00Z")).toBe(false);
    expect(at("2026-07-13T07:00:00Z")).toBe(true);
    expect(at("2026-07-13T21:59:59Z")).toBe(true);
  });

  it("of one weekday are not those of another", () => {
    expect(at("2026-01-13T08:30:00Z")).toBe(false);
    // Just after midnight on Tuesday in Rome, still Monday in UTC.
    expect(at("2026-07-13T22:00:00Z")).toBe(false);
  });

  it("that are not given never close", () => {
    expect(isOpenAt(0, "Europe/Rome", [])).toBe(true);
  });
});
