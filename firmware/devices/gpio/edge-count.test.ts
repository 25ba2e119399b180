import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countEdge, missingEdges, NO_EDGES } from "./edge-count.ts";

const missingAfter = (seqnos: readonly number[]) => missingEdges(seqnos.reduce(countEdge, NO_EDGES));

describe("counting edges", () => {
  it("misses the first ones too", () => {
    expect(missingAfter([1, 2, 3])).toBe(0);
    expect(missingAfter([4])).toBe(3);
  });

  it("takes a late one for no loss", () => {
    expect(missingAfter([1, 3])).toBe(1);
    expect(missingAfter([1, 3, 2])).toBe(0);
  });

  it("goes on beyond the kernel's 32 bits", () => {
    const newest = 0xffff_fffe;
    const before = { newest, received: newest };
    expect(missingEdges([0xffff_ffff, 0, 2].reduce(countEdge, before))).toBe(1);
  });

  it("misses exactly what was dropped, however neighbours were swapped", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 50 }), fc.nat(), (areKept, seed) => {
        const kept = [...areKept, true].flatMap((isKept, index) => (isKept ? [index + 1] : []));
        const swap = seed % kept.length;
        const [a, b] = [kept[swap], kept[swap + 1]];
        if (a !== undefined && b !== undefined) kept.splice(swap, 2, b, a);
        expect(missingAfter(kept)).toBe(areKept.filter((isKept) => !isKept).length);
      }),
    );
  });
});
