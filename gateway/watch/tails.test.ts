import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binomialTail, poissonTail, rankSumTail } from "./tails.ts";

/** Counted out, in whole numbers: a coin with a chance of `parts` in a thousand. */
function exactBinomial(trials: number, parts: number, atLeast: number): number {
  const choose = (n: bigint, k: bigint): bigint => (k === 0n ? 1n : (choose(n, k - 1n) * (n - k + 1n)) / k);
  let sum = 0n;
  for (let x = atLeast; x <= trials; x++)
    sum +=
      choose(BigInt(trials), BigInt(x)) *
      BigInt(parts) ** BigInt(x) *
      BigInt(1_000 - parts) ** BigInt(trials - x);
  return Number((sum * 10n ** 30n) / 1_000n ** BigInt(trials)) / 1e30;
}

describe("the tail of a distribution", () => {
  it("is the sum that can be counted out, for coins", () => {
    const coin = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 999 }), fc.nat(61));
    fc.assert(
      fc.property(coin, ([trials, parts, atLeast]) => {
        const exact = exactBinomial(trials, parts, atLeast);
        expect(Math.abs(binomialTail(trials, parts / 1_000, atLeast) - exact)).toBeLessThan(
          1e-9 * exact + 1e-12,
        );
      }),
    );
  });

  // Summed with sixty decimal digits.
  it.each([
    [1, 1, 0.6321205588286],
    [4, 10, 8.132242796934e-3],
    [6, 30, 2.557262305495e-12],
    [1_000, 500, 1],
    [1_000, 1_200, 4.684203855872e-10],
  ])(
    "is known for rare things that happen %d times on average, at least %d times",
    (mean, atLeast, chance) => {
      expect(poissonTail(mean, atLeast) / chance).toBeCloseTo(1, 8);
    },
  );

  it("is a chance for whatever numbers, smaller for more, and never nothing that cannot be compared", () => {
    const numbers = fc.tuple(fc.nat(100_000), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(100_000));
    fc.assert(
      fc.property(numbers, ([trials, chance, atLeast]) => {
        for (const tail of [
          (n: number) => binomialTail(trials, chance, n),
          (n: number) => poissonTail(trials * chance, n),
        ]) {
          const [some, more] = [tail(atLeast), tail(atLeast + 1)];
          expect(some).toBeGreaterThanOrEqual(0);
          expect(some).toBeLessThanOrEqual(1);
          expect(more).toBeLessThanOrEqual(some + 1e-9);
        }
      }),
    );
  });
});

describe("the rank-sum test", () => {
  it("counts the ways in which ranks could have been drawn", () => {
    // Of the twenty ways to draw three of six, one gives the three highest.
    expect(rankSumTail([4, 5, 6], [1, 2, 3])).toBeCloseTo(1 / 20, 12);
    expect(rankSumTail([3, 5, 6], [1, 2, 4])).toBeCloseTo(2 / 20, 12);
    expect(rankSumTail([1, 2, 3], [4, 5, 6])).toBeCloseTo(1, 12);
    // All alike: every draw gives the same sum.
    expect(rankSumTail([7, 7], [7, 7, 7])).toBeCloseTo(1, 12);
  });

  it("agrees with drawing every way one by one", () => {
    const values = fc.tuple(
      fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat(20), { minLength: 1, maxLength: 5 }),
    );
    fc.assert(
      fc.property(values, ([chosen, others]) => {
        // Against every draw of as many, one by one.
        const all = [...chosen, ...others];
        const rank = (value: number) =>
          all.filter((other) => other < value).length + all.filter((other) => other === value).length / 2;
        const ranks = all.map(rank);
        const seen = ranks.slice(0, chosen.length).reduce((a, b) => a + b, 0);
        let draws = 0;
        let atLeast = 0;
        for (let mask = 0; mask < 2 ** all.length; mask++) {
          const drawn = ranks.filter((_, n) => (mask & (1 << n)) !== 0);
          if (drawn.length !== chosen.length) continue;
          draws += 1;
          if (drawn.reduce((a, b) => a + b, 0) >= seen) atLeast += 1;
        }
        expect(rankSumTail(chosen, others)).toBeCloseTo(atLeast / draws, 9);
      }),
      { numRuns: 50 },
    );
  });
});
