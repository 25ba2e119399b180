import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KEYS } from "#schemas/code-list.ts";
import { BOUNCE_BINS_MS } from "#schemas/self-test.ts";
import { BOUNCE_MAX_MS, bounce } from "../simulated/bouncing.ts";
import { bounced, bounceReport, CHANGES_MAX, type ContactEdge, NO_BOUNCES } from "./bounce.ts";

function edgesAt(...times: readonly number[]): readonly ContactEdge[] {
  return times.map((atMs) => ({ key: "red", atMs, initial: false }));
}

function countsOf(edges: readonly ContactEdge[]): readonly number[] {
  const report = bounceReport(edges.reduce(bounced, NO_BOUNCES));
  return report.find(({ key }) => key === "red")?.counts ?? [];
}

describe("the histogram of bounces", () => {
  it("counts each change of level by how long it took to settle", () => {
    expect(countsOf([])).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(countsOf(edgesAt(1_000, 1_090))).toEqual([2, 0, 0, 0, 0, 0, 0]);
    expect(countsOf(edgesAt(1_000, 1_000.5, 1_001, 1_200))).toEqual([1, 1, 0, 0, 0, 0, 0]);
    expect(countsOf(edgesAt(1_000, 1_004, 1_009))).toEqual([0, 0, 0, 0, 1, 0, 0]);
  });

  it("puts what chatters on and on into the last bin, however long", () => {
    expect(countsOf(edgesAt(...Array.from({ length: 41 }, (_, index) => 1_000 + index * 40)))).toEqual([
      0, 0, 0, 0, 0, 0, 1,
    ]);
  });

  it("knows every key, and counts no key that was found pressed", () => {
    const report = bounceReport(bounced(NO_BOUNCES, { key: "red", atMs: 1, initial: true }));
    expect(report.map(({ key, changes }) => [key, changes])).toEqual(KEYS.map((key) => [key, 0]));
  });

  it("one over the limit is not counted", () => {
    const times = Array.from({ length: CHANGES_MAX + 1 }, (_, index) => 1_000 + index * 100);
    expect(countsOf(edgesAt(...times))[0]).toBe(CHANGES_MAX);
  });

  it("of a simulated switch never finds more than its longest bounce", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 9 }), (values) => {
        let next = 0;
        const random = () => values[next++ % values.length] ?? 0;
        const edges = [1, 2, 3, 4].flatMap((press) =>
          bounce(press % 2 === 1, BOUNCE_MAX_MS, random).map(
            ({ offsetMs }): ContactEdge => ({
              key: "red",
              atMs: press * 500 + offsetMs,
              initial: false,
            }),
          ),
        );
        const counts = countsOf(edges);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(4);
        const beyond = BOUNCE_BINS_MS.findIndex((ms) => ms >= BOUNCE_MAX_MS) + 1;
        expect(counts.slice(beyond)).toEqual(counts.slice(beyond).map(() => 0));
      }),
    );
  });
});
