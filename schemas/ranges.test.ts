import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addRange, contiguousEnd, gaps, holds, type Range, sizeOf } from "./ranges.ts";

const TOP = 30;
const range = fc
  .tuple(fc.integer({ min: 1, max: TOP }), fc.integer({ min: 1, max: TOP }))
  .map(([a, b]): Range => ({ first: Math.min(a, b), last: Math.max(a, b) }));
const added = fc.array(range, { maxLength: 8 });

/** The naive model: a set of numbers. */
const setOf = (list: readonly Range[]) =>
  new Set(list.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, i) => first + i)));
const built = (list: readonly Range[]) => list.reduce<readonly Range[]>(addRange, []);
const sorted = (set: ReadonlySet<number>) => [...set].sort((a, b) => a - b);

/** Sorted, apart from each other, none empty. */
function isTidy(ranges: readonly Range[]): boolean {
  return ranges.every(
    ({ first, last }, index) =>
      first <= last && (index === 0 || first > (ranges[index - 1] as Range).last + 1),
  );
}

describe("ranges against a set of numbers", () => {
  it("hold what was added, sorted, apart and merged, in whatever order", () => {
    fc.assert(
      fc.property(added, (list) => {
        const ranges = built(list);
        expect(isTidy(ranges)).toBe(true);
        expect(sorted(setOf(ranges))).toEqual(sorted(setOf(list)));
        expect(sizeOf(ranges)).toBe(setOf(list).size);
        expect(built([...list].reverse())).toEqual(ranges);
      }),
    );
  });

  it("know each number they hold and no other", () => {
    fc.assert(
      fc.property(added, fc.integer({ min: 0, max: TOP + 1 }), (list, number) => {
        expect(holds(built(list), number)).toBe(setOf(list).has(number));
      }),
    );
  });

  it("name the gaps between two numbers", () => {
    fc.assert(
      fc.property(added, range, (list, { first, last }) => {
        const missing = gaps(built(list), first, last);
        expect(isTidy(missing)).toBe(true);
        const expected = sorted(setOf([{ first, last }])).filter((n) => !setOf(list).has(n));
        expect(sorted(setOf(missing))).toEqual(expected);
      }),
    );
  });

  it("know how far nothing is missing from 1 on", () => {
    fc.assert(
      fc.property(added, (list) => {
        let end = 0;
        while (setOf(list).has(end + 1)) end += 1;
        expect(contiguousEnd(built(list))).toBe(end);
      }),
    );
  });

  it("have no gap in nothing", () => {
    expect(gaps([], 5, 4)).toEqual([]);
    expect(gaps([{ first: 1, last: 9 }], 3, 7)).toEqual([]);
  });
});
