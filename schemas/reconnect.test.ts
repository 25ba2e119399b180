import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attemptAfter, reconnectDelayMs } from "./reconnect.ts";

describe("the wait before connecting again", () => {
  it("doubles from one second to two minutes", () => {
    const longest = Array.from({ length: 9 }, (_, i) => reconnectDelayMs(i + 1, 1));
    expect(longest).toEqual([1, 2, 4, 8, 16, 32, 64, 120, 120].map((s) => s * 1_000));
  });

  it("lies anywhere from nothing to the longest wait, for any number of attempts", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 31 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attempt, random) => {
          const delay = reconnectDelayMs(attempt, random);
          expect(Number.isInteger(delay)).toBe(true);
          expect(delay).toBeGreaterThanOrEqual(0);
          expect(delay).toBeLessThanOrEqual(Math.min(120_000, 1_000 * 2 ** (attempt - 1)));
        },
      ),
    );
  });

  it("spreads a thousand totems over the whole span: full jitter", () => {
    const delays = Array.from({ length: 1_000 }, (_, i) => reconnectDelayMs(8, i / 1_000));
    for (let tenth = 0; tenth < 10; tenth++) {
      const share = delays.filter((ms) => ms >= tenth * 12_000 && ms < (tenth + 1) * 12_000).length;
      expect(share).toBeGreaterThan(90);
    }
  });

  it("grows while sessions do not last, and starts small again after one that did", () => {
    expect(attemptAfter(0, 0)).toBe(1);
    expect(attemptAfter(4, 0)).toBe(5);
    expect(attemptAfter(4, 9_999)).toBe(5);
    expect(attemptAfter(4, 10_000)).toBe(1);
  });
});
