import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { funnelOf, limitsAt } from "./funnel.ts";

describe("a funnel", () => {
  it("has the limits of the normal distribution about the overall share", () => {
    // 0.9 and 100 votes: the standard error is 0.03.
    const { low95, high95, low998, high998 } = limitsAt(0.9, 100);
    expect([low95, high95].map((share) => share.toFixed(4))).toEqual(["0.8412", "0.9588"]);
    expect([low998, high998].map((share) => share.toFixed(4))).toEqual(["0.8073", "0.9927"]);
    expect(limitsAt(0.99, 10).high998).toBe(1);
  });

  it("calls services unusual only beyond the limits for their own number of votes", () => {
    const funnel = funnelOf([
      { name: "b", part: 2, whole: 4 },
      { name: "a", part: 850, whole: 1_000 },
      { name: "c", part: 600, whole: 1_000 },
    ]);
    // Half of four votes is no finding; six hundred of a thousand are.
    expect(funnel?.points.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
      "a far",
      "b usual",
      "c far",
    ]);
  });

  it("ranks nobody: the order is that of the names, and the overall share that of all votes together", () => {
    const inputs = fc.array(
      fc
        .record({ name: fc.string(), whole: fc.integer({ min: 1, max: 500 }) })
        .chain(({ name, whole }) =>
          fc.record({ name: fc.constant(name), whole: fc.constant(whole), part: fc.nat(whole) }),
        ),
      { minLength: 2, maxLength: 20 },
    );
    fc.assert(
      fc.property(inputs, (list) => {
        const funnel = funnelOf(list);
        const names = funnel?.points.map(({ name }) => name) ?? [];
        expect(names).toEqual([...names].sort());
        const [part, whole] = [list, list].map((all, n) =>
          all.reduce((sum, one) => sum + (n === 0 ? one.part : one.whole), 0),
        );
        expect(funnel?.overall).toBeCloseTo(Number(part) / Number(whole), 12);
      }),
    );
  });

  it("compares nothing with itself", () => {
    expect(
      funnelOf([
        { name: "a", part: 1, whole: 2 },
        { name: "b", part: 0, whole: 0 },
      ]),
    ).toBeNull();
  });
});
