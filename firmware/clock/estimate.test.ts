import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TIME_MAX_MS } from "#schemas/limits.ts";
import { type Anchor, anchorAfter, type ClockReading, entryTimeOf } from "./estimate.ts";

const NOON_MS = Date.UTC(2026, 2, 10, 12);
const reading: ClockReading = {
  wallMs: 5_000,
  monotonicUs: 90_000_000,
  bootId: "boot-1",
  synchronized: false,
};

describe("the time of an entry", () => {
  it("is the wall clock's when NTP has set it", () => {
    expect(entryTimeOf({ ...reading, wallMs: NOON_MS, synchronized: true }, null)).toEqual({
      wallMs: NOON_MS,
      monotonicUs: 90_000_000,
      bootId: "boot-1",
      clock: "trusted",
    });
  });

  it("is the receipt's, carried on by the monotonic clock, when nothing has set the wall clock", () => {
    const anchor = { timeMs: NOON_MS, monotonicUs: 80_000_000 };
    expect(entryTimeOf(reading, anchor)).toMatchObject({ wallMs: NOON_MS + 10_000, clock: "trusted" });
  });

  it("is the wall clock's, marked untrusted, when there is nothing better", () => {
    expect(entryTimeOf(reading, null)).toMatchObject({ wallMs: 5_000, clock: "untrusted" });
  });

  it("stays one that an entry can hold, whatever the wall clock was set to", () => {
    for (const synchronized of [true, false]) {
      expect(entryTimeOf({ ...reading, wallMs: -1, synchronized }, null).wallMs).toBe(0);
      const late = { ...reading, wallMs: TIME_MAX_MS + 1, synchronized };
      expect(entryTimeOf(late, null).wallMs).toBe(TIME_MAX_MS);
    }
  });
});

/** Receipts as they arrive: in any order of their times, each at a later moment than the one before. */
const receipts = fc.array(
  fc.record({
    timeMs: fc.integer({ min: NOON_MS - 100_000, max: NOON_MS + 100_000 }),
    afterUs: fc.nat({ max: 50_000_000 }),
  }),
  { maxLength: 40 },
);

/** Time never goes back, whatever is replayed; `after` stands for the rule under test. */
function neverBack(after: typeof anchorAfter) {
  return fc.property(
    receipts,
    fc.integer({ min: NOON_MS - 100_000, max: NOON_MS + 100_000 }),
    (all, floorMs) => {
      let anchor: Anchor | null = null;
      let monotonicUs = 1_000_000;
      let before = 0;
      for (const { timeMs, afterUs } of all) {
        monotonicUs += afterUs;
        anchor = after(anchor, { timeMs, monotonicUs }, floorMs);
        const { wallMs, clock } = entryTimeOf({ ...reading, monotonicUs }, anchor);
        if (clock === "untrusted") continue;
        expect(wallMs).toBeGreaterThanOrEqual(before);
        expect(wallMs).toBeGreaterThanOrEqual(floorMs);
        expect(Number.isInteger(wallMs)).toBe(true);
        before = wallMs;
      }
    },
  );
}

describe("time taken from receipts", () => {
  it("never goes back and never below the latest time once trusted, whatever is replayed", () => {
    fc.assert(neverBack(anchorAfter), { numRuns: 1_000 });
  });

  it("would, if every receipt were believed", () => {
    expect(
      fc.check(
        neverBack((_, received) => received),
        { numRuns: 1_000, seed: 1 },
      ).failed,
    ).toBe(true);
  });

  it("is taken at the floor itself and not a millisecond below", () => {
    expect(anchorAfter(null, { timeMs: NOON_MS, monotonicUs: 1 }, NOON_MS)).not.toBeNull();
    expect(anchorAfter(null, { timeMs: NOON_MS - 1, monotonicUs: 1 }, NOON_MS)).toBeNull();
  });

  it("follows a gateway that is ahead", () => {
    const first = { timeMs: NOON_MS, monotonicUs: 0 };
    const ahead = { timeMs: NOON_MS + 2_000, monotonicUs: 1_000_000 };
    expect(anchorAfter(first, ahead, 0)).toBe(ahead);
    const behind = { timeMs: NOON_MS + 500, monotonicUs: 1_000_000 };
    expect(anchorAfter(first, behind, 0)).toBe(first);
  });
});
