import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CELLS,
  commitmentsOf,
  commitmentTo,
  openingHex,
  openingOf,
  opensTo,
  sumOfOpenings,
} from "./commitments.ts";

const ANAGRAFE = { service: "anagrafe", wording: 1 };
const threes = CELLS.map(() => 3);
const seeds = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString("hex"));
const counts = fc.array(fc.nat(500), { minLength: CELLS.length, maxLength: CELLS.length });
const days = fc.array(fc.record({ seed: seeds, counts, minus: fc.boolean() }), {
  minLength: 1,
  maxLength: 5,
});

describe("commitments", () => {
  it("of several days, some taken away, open to the sum and to nothing else", () => {
    fc.assert(
      fc.property(days, fc.nat(CELLS.length - 1), fc.integer({ min: 1, max: 9 }), (all, at, wrong) => {
        const made = all.map(({ seed, counts: one, minus }) => ({
          commitment: commitmentsOf(seed, ANAGRAFE, one)[at] as string,
          opening: openingOf(seed, ANAGRAFE, CELLS[at] ?? "green"),
          count: one[at] ?? 0,
          minus,
        }));
        const plus = made.filter(({ minus }) => !minus).map(({ commitment }) => commitment);
        const minus = made.filter((one) => one.minus).map(({ commitment }) => commitment);
        const total = made.reduce((sum, { count, minus: isLess }) => sum + (isLess ? -count : count), 0);
        const opening = sumOfOpenings(
          made.map((one) => ({ opening: one.opening, times: one.minus ? -1 : 1 })),
        );
        expect(opensTo({ plus, minus }, total, openingHex(opening))).toBe(true);
        expect(opensTo({ plus, minus }, total + wrong, openingHex(opening))).toBe(false);
        expect(opensTo({ plus, minus }, total, openingHex(opening + 1n))).toBe(false);
        if (plus.length > 0)
          expect(opensTo({ plus: plus.slice(1), minus }, total, openingHex(opening))).toBe(false);
      }),
      { numRuns: 30 },
    );
  });

  it("to the same count are never alike: for another day, service, wording or cell", () => {
    const [a, b] = ["ab".repeat(32), "cd".repeat(32)];
    const all = [
      ...commitmentsOf(a, ANAGRAFE, threes),
      ...commitmentsOf(b, ANAGRAFE, threes),
      ...commitmentsOf(a, { ...ANAGRAFE, service: "tributi" }, threes),
      ...commitmentsOf(a, { ...ANAGRAFE, wording: 2 }, threes),
    ];
    expect(new Set(all).size).toBe(4 * CELLS.length);
  });

  it("that are no elements of the group open to nothing", () => {
    for (const wrong of ["", "zz", "ff".repeat(32), "01".repeat(32)]) {
      expect(opensTo({ plus: [wrong], minus: [] }, 0, openingHex(0n))).toBe(false);
    }
    expect(opensTo({ plus: [], minus: [] }, 0, openingHex(0n))).toBe(true);
    expect(commitmentTo(0, 0n)).toBe("00".repeat(32));
  });
});
