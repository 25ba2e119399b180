import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { median, percentile, perSecond, ratio, rounded } from "./statistics.ts";

describe("a percentile", () => {
  it.each([
    [50, [4, 1, 3, 2], 2],
    [99, [7], 7],
    [100, [1, 2, 3], 3],
    [0, [3, 1, 2], 1],
    [99, Array.from({ length: 1_000 }, (_, n) => n + 1), 990],
  ])("%d %% of the values", (percent, values, expected) => {
    expect(percentile(values, percent)).toBe(expected);
  });

  it("is a value that was measured, and enough of the values are not above it", () => {
    const values = fc.array(fc.double({ noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(values, fc.double({ min: 1, max: 100, noNaN: true }), (all, percent) => {
        const found = percentile(all, percent);
        expect(all).toContain(found);
        const notAbove = all.filter((value) => value <= found).length;
        expect(notAbove).toBeGreaterThanOrEqual((percent / 100) * all.length);
      }),
    );
  });

  it("of nothing is a mistake, not a zero", () => {
    expect(() => percentile([], 50)).toThrow("nothing was measured");
  });

  it("leaves the order of the measurements alone", () => {
    const values = [3, 1, 2];
    expect(median(values)).toBe(2);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe("a ratio", () => {
  it("compares, and refuses to compare with nothing", () => {
    expect(ratio(3, 2)).toBe(1.5);
    for (const nothing of [0, -1, Number.NaN]) expect(() => ratio(1, nothing)).toThrow(RangeError);
    expect(perSecond(500, 250)).toBe(2_000);
  });
});

describe("a figure", () => {
  it.each([
    [0.123456, 0.123],
    [12.3456, 12.3],
    [123.456, 123],
    [98765.4, 98765],
    [0, 0],
  ])("%d is told as %d", (value, told) => {
    expect(rounded(value)).toBe(told);
  });
});
