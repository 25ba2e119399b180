import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LOOP_LATE_MS_MAX, mayFeed, type Vitals } from "./vitals.ts";

const WATCHDOG_MS = 30_000;
const NOW_MS = 1_000_000;

const WELL: Vitals = {
  workers: [{ name: "keys", lastAlive: NOW_MS }],
  askedMs: null,
  loopLateMs: 3,
};

const judge = (change: Partial<Vitals>) => mayFeed({ ...WELL, ...change }, NOW_MS, WATCHDOG_MS);

describe("the watchdog is fed", () => {
  it("while everything answers", () => {
    expect(judge({})).toEqual({ fed: true });
  });

  it("when there are no devices to watch", () => {
    expect(judge({ workers: [] })).toEqual({ fed: true });
  });

  it.each<[string, Partial<Vitals>]>([
    ["a reader silent for half of its time", { workers: [{ name: "keys", lastAlive: NOW_MS - 15_000 }] }],
    ["a question open for half of its time", { askedMs: NOW_MS - 15_000 }],
    ["a main thread late by its limit", { loopLateMs: LOOP_LATE_MS_MAX }],
  ])("still with %s", (_, change) => {
    expect(judge(change)).toEqual({ fed: true });
  });
});

describe("the watchdog is not fed, and it is said why, when", () => {
  it.each<[string, Partial<Vitals>, string]>([
    ["a reader ended", { workers: [{ name: "keys", lastAlive: "dead" }] }, "keys: ended"],
    [
      "a reader is silent too long",
      { workers: [{ name: "keys", lastAlive: NOW_MS - 15_001 }] },
      "keys: silent for 15001 ms",
    ],
    ["the database does not answer", { askedMs: NOW_MS - 15_001 }, "database: no answer for 15001 ms"],
    ["the main thread is late", { loopLateMs: LOOP_LATE_MS_MAX + 1 }, "main thread: 1001 ms late"],
    ["a vital is no number", { loopLateMs: Number.NaN }, "main thread: NaN ms late"],
  ])("%s", (_, change, reason) => {
    expect(judge(change)).toEqual({ fed: false, reasons: [reason] });
  });

  it("several parts are ill: all are named", () => {
    const verdict = judge({ workers: [{ name: "keys", lastAlive: "dead" }], askedMs: 0, loopLateMs: 5_000 });
    expect(verdict.fed ? [] : verdict.reasons).toHaveLength(3);
  });
});

it("one ill part is enough, however well the others are", () => {
  const well = fc.record({
    name: fc.constant("well"),
    lastAlive: fc.integer({ min: NOW_MS - 15_000, max: NOW_MS }),
  });
  const ill = fc.record({
    name: fc.constant("ill"),
    lastAlive: fc.oneof(fc.constant("dead" as const), fc.integer({ min: 0, max: NOW_MS - 15_001 })),
  });
  fc.assert(
    fc.property(fc.array(well, { maxLength: 5 }), ill, fc.nat(), (workers, sick, at) => {
      const place = at % (workers.length + 1);
      const all = [...workers.slice(0, place), sick, ...workers.slice(place)];
      expect(judge({ workers }).fed).toBe(true);
      expect(judge({ workers: all }).fed).toBe(false);
    }),
  );
});
