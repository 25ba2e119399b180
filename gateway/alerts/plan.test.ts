import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { localClock } from "#schemas/local-day.ts";
import { DAY_MS, MINUTE_MS } from "#schemas/time.ts";
import type { Alarm } from "../store/alarm-store.ts";
import { afterQuiet, againMs, messagesOf, silence } from "./plan.ts";

const ZONE = "Europe/Rome";
/** A Friday, 10:00 in Rome. */
const FRIDAY_MS = Date.UTC(2026, 10, 27, 9);
const clockOf = (ms: number) => {
  const { minuteOfDay } = localClock(ms, ZONE);
  return `${String(Math.floor(minuteOfDay / 60)).padStart(2, "0")}:${String(minuteOfDay % 60).padStart(2, "0")}`;
};

describe("quiet hours", () => {
  it.each([
    [
      "over midnight, before it",
      { from: "20:00", to: "07:00" },
      Date.UTC(2026, 10, 27, 20),
      Date.UTC(2026, 10, 28, 6),
    ],
    [
      "over midnight, after it",
      { from: "20:00", to: "07:00" },
      Date.UTC(2026, 10, 28, 2),
      Date.UTC(2026, 10, 28, 6),
    ],
    ["of one day", { from: "09:30", to: "11:00" }, FRIDAY_MS, FRIDAY_MS + 60 * MINUTE_MS],
    ["until midnight", { from: "09:00", to: "24:00" }, FRIDAY_MS, Date.UTC(2026, 10, 27, 23)],
    ["that are over", { from: "20:00", to: "07:00" }, FRIDAY_MS, FRIDAY_MS],
    ["that there are none of", null, FRIDAY_MS, FRIDAY_MS],
  ])("%s end when they say", (_, quiet, nowMs, expected) => {
    expect(afterQuiet(quiet, { nowMs, zone: ZONE })).toBe(expected);
  });

  it("never put a message back, nor off by more than a day, nor into themselves; at any time of the year", () => {
    const clock = fc
      .integer({ min: 0, max: 24 * 60 - 1 })
      .map((minute) => clockOf(Date.UTC(2026, 0, 5, 23) + minute * MINUTE_MS));
    fc.assert(
      fc.property(clock, clock, fc.integer({ min: 0, max: 366 * 24 * 60 }), (from, to, minute) => {
        const nowMs = Date.UTC(2026, 0, 1) + minute * MINUTE_MS;
        const at = afterQuiet({ from, to }, { nowMs, zone: ZONE });
        expect(at).toBeGreaterThanOrEqual(nowMs);
        expect(at - nowMs).toBeLessThanOrEqual(25 * 60 * MINUTE_MS);
        // On the day the clock is put forward, an hour of it does not exist.
        if (at > nowMs && !["02"].includes(to.slice(0, 2))) expect(clockOf(at)).toBe(to);
      }),
    );
  });
});

describe("an alarm that stands", () => {
  const HOOK = { webhook: { url: "https://example.org/", secretFile: "x" }, mail: null, quiet: null };
  const alerts = { silentMinutes: 30, redPercent: null, ...HOOK };
  const administration = { name: "Comune", ipaCode: "c_x000" };
  const alarm = {
    code: "forked",
    subject: "totem-1",
    detail: "",
    firstMs: FRIDAY_MS,
    lastMs: FRIDAY_MS,
    times: 1,
  } as const;
  const keyAfter = (days: number, acknowledged: Alarm["acknowledged"] = null) =>
    messagesOf(
      [{ ...alarm, acknowledged }],
      { alerts, administration },
      { nowMs: FRIDAY_MS + days * DAY_MS, zone: ZONE },
    ).map(({ key }) => key);

  it("is told at once and again each day for a week, under a key of its own each time", () => {
    const keys = [0, 0.99, 1, 2, 3, 4, 5, 6, 7, 8, 400].flatMap((days) => keyAfter(days));
    expect(keys).toHaveLength(11);
    expect(new Set(keys).size).toBe(8);
  });

  it("is not told again once somebody looks after it", () => {
    expect(keyAfter(3, { by: "rossi", note: "", atMs: FRIDAY_MS })).toEqual([]);
  });
});

describe("a message that cannot be sent", () => {
  it("is tried again ever later, at most every six hours, and given up after some days", () => {
    const waits: number[] = [];
    for (let tries = 1; ; tries++) {
      const next = againMs(tries, 0);
      if (next === null) break;
      waits.push(next / MINUTE_MS);
    }
    expect(waits.slice(0, 4)).toEqual([1, 2, 4, 8]);
    expect(Math.max(...waits)).toBe(360);
    expect(waits).toHaveLength(19);
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(2 * 24 * 60);
  });
});

describe("a totem that says nothing", () => {
  const site = { siteId: "municipio", zone: ZONE, hours: [{ weekday: 5, from: "08:00", to: "13:00" }] };
  const totem = (online: boolean, minutesAgo: number | null) => ({
    ...{ totemId: "totem-1", siteId: "municipio", online },
    seenMs: minutesAgo === null ? null : FRIDAY_MS - minutesAgo * MINUTE_MS,
  });
  const at = { nowMs: FRIDAY_MS, silentMinutes: 30 };

  it("is silent after its minutes, in opening hours, if it was ever heard", () => {
    expect(silence([totem(false, 30)], [site], at).silent).toEqual([{ totemId: "totem-1", minutes: 30 }]);
    expect(silence([totem(false, 29)], [site], at).silent).toEqual([]);
    expect(silence([totem(false, null)], [site], at).silent).toEqual([]);
    expect(
      silence([totem(false, 600)], [{ ...site, hours: [{ weekday: 4, from: "08:00", to: "13:00" }] }], at)
        .silent,
    ).toEqual([]);
    expect(silence([totem(true, 600)], [site], at)).toEqual({ silent: [], back: ["totem-1"] });
  });

  it("of a site without hours is looked for on weekdays by day", () => {
    const always = { ...site, hours: [] };
    expect(silence([totem(false, 40)], [always], at).silent).toHaveLength(1);
    const saturday = { ...at, nowMs: FRIDAY_MS + 24 * 60 * MINUTE_MS };
    expect(silence([totem(false, 40)], [always], saturday).silent).toEqual([]);
  });
});
