import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Key } from "#schemas/code-list.ts";
import type { KeyEdge } from "../../ports.ts";
import { ALL_UP, allReleased, differing, edgesSeen, type KeyLevels, levelsFound } from "./key-levels.ts";

const KEYS: readonly Key[] = ["green", "yellow", "red"];

describe("levels of keys", () => {
  it("tell a key found active as found, never as pressed, and one found open as let go", () => {
    const found = levelsFound(
      ALL_UP,
      new Map([
        ["green", true],
        ["red", false],
      ]),
      5,
    );
    expect(found.edges).toEqual([{ key: "green", active: true, atMs: 5, initial: true }]);
    expect(levelsFound(found.levels, new Map([["green", false]]), 6).edges).toEqual([
      { key: "green", active: false, atMs: 6, initial: false },
    ]);
  });

  it("tell nothing for the level that a key has already: the edge between was lost", () => {
    const down = edgesSeen(ALL_UP, [{ key: "green", active: true, atMs: 1 }]).levels;
    expect(edgesSeen(down, [{ key: "green", active: true, atMs: 9 }])).toEqual({ levels: down, edges: [] });
  });

  it("name the keys whose level is another than the told one", () => {
    const { levels } = edgesSeen(ALL_UP, [{ key: "green", active: true, atMs: 1 }]);
    expect(
      differing(
        levels,
        new Map([
          ["green", true],
          ["red", true],
        ]),
      ),
    ).toEqual(new Set(["red"]));
  });
});

type Step =
  | { readonly type: "seen" | "found"; readonly key: Key; readonly active: boolean; readonly atMs: number }
  | { readonly type: "lost"; readonly atMs: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    type: fc.constantFrom("seen" as const, "found" as const),
    key: fc.constantFrom(...KEYS),
    active: fc.boolean(),
    atMs: fc.nat({ max: 1_000 }),
  }),
  fc.record({ type: fc.constant("lost" as const), atMs: fc.nat({ max: 1_000 }) }),
);

describe("whatever is seen, found and lost", () => {
  it("each key goes down and up by turns, never back in time, and is pressed only by an edge that was seen", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let levels: KeyLevels = ALL_UP;
        const told = new Map<Key, KeyEdge>();
        for (const one of steps) {
          const after =
            one.type === "lost"
              ? allReleased(levels, one.atMs)
              : one.type === "seen"
                ? edgesSeen(levels, [one])
                : levelsFound(levels, new Map([[one.key, one.active]]), one.atMs);
          levels = after.levels;
          for (const edge of after.edges) {
            const before = told.get(edge.key);
            expect(edge.active).toBe(!(before?.active ?? false));
            expect(edge.atMs).toBeGreaterThanOrEqual(before?.atMs ?? 0);
            if (edge.active) expect(edge.initial).toBe(one.type === "found");
            else expect(edge.initial).toBe(false);
            told.set(edge.key, edge);
          }
          if (one.type === "lost") expect(levels.down.size).toBe(0);
        }
      }),
    );
  });
});
