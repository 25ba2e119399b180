import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { percentTenths, wilsonTenths } from "./figures.ts";

describe("percentages", () => {
  it("have one decimal, half up", () => {
    expect(percentTenths(1, 3)).toBe(333);
    expect(percentTenths(2, 3)).toBe(667);
    // 0.05 % and 62.45 % stand exactly between two tenths.
    expect(percentTenths(1, 2_000)).toBe(1);
    expect(percentTenths(1_249, 2_000)).toBe(625);
    expect(percentTenths(7, 7)).toBe(1_000);
    expect(percentTenths(0, 7)).toBe(0);
  });

  it("of nothing are not known", () => {
    expect(percentTenths(0, 0)).toBeNull();
    expect(wilsonTenths(0, 0)).toBeNull();
  });

  it("are the ones exact arithmetic gives, whatever the counts", () => {
    const counts = fc.tuple(fc.nat(1e9), fc.integer({ min: 1, max: 1e9 }));
    fc.assert(
      fc.property(counts, ([part, whole]) => {
        const tenths = BigInt(percentTenths(part, whole) ?? -1);
        const exact = 1_000n * BigInt(part);
        // tenths - 1/2 <= exact / whole < tenths + 1/2
        expect((2n * tenths - 1n) * BigInt(whole) <= 2n * exact).toBe(true);
        expect(2n * exact < (2n * tenths + 1n) * BigInt(whole)).toBe(true);
      }),
    );
  });
});

describe("Wilson intervals", () => {
  it.each([
    [3, 3, 439, 1_000],
    [5, 5, 566, 1_000],
    [9, 10, 596, 982],
    [27, 30, 744, 965],
    [90, 100, 826, 945],
    [360, 400, 867, 926],
    [0, 10, 0, 278],
  ])("of %i in %i reach from %i to %i tenths of a percent", (part, whole, low, high) => {
    expect(wilsonTenths(part, whole)).toEqual({ low, high });
  });

  it("hold the share itself and stay between 0 and 100 %", () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.integer({ min: 1, max: 100_000 }), (part, rest) => {
        const interval = wilsonTenths(part, part + rest);
        const share = percentTenths(part, part + rest);
        if (interval === null || share === null) throw new Error("something has a share");
        expect(interval.low).toBeGreaterThanOrEqual(0);
        expect(interval.low).toBeLessThanOrEqual(share);
        expect(interval.high).toBeGreaterThanOrEqual(share);
        expect(interval.high).toBeLessThanOrEqual(1_000);
      }),
    );
  });
});
