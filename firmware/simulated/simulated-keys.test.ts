import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { KEYS } from "#schemas/code-list.ts";
import type { KeyEdge } from "../ports.ts";
import { keyChanged, NO_KEYS } from "../session/keys.ts";
import { RULES } from "../session/session.fixture.ts";
import { BOUNCE_MAX_MS, bounce } from "./bouncing.ts";
import { simulatedKeys } from "./simulated-keys.ts";

beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => vi.useRealTimers());

/** Keys with random bounces from a seed, and everything they told. */
function keysFrom(
  random: () => number,
  options: { bounces?: boolean; jammedAtStart?: readonly "red"[] } = {},
) {
  const keys = simulatedKeys({ nowMs: Date.now, random, bounces: true, ...options });
  const edges: (KeyEdge & { readonly heardMs: number })[] = [];
  const stop = keys.onEdge((edge) => edges.push({ ...edge, heardMs: Date.now() }));
  return { keys, edges, stop };
}

const half = () => 0.5;

describe("a simulated press", () => {
  it("closes and opens again by itself", () => {
    const { keys, edges } = keysFrom(half, { bounces: false });
    keys.press("green");
    vi.advanceTimersByTime(1_000);
    expect(edges.map(({ key, active, initial }) => ({ key, active, initial }))).toEqual([
      { key: "green", active: true, initial: false },
      { key: "green", active: false, initial: false },
    ]);
  });

  it("bounces in the past, in order, and settles where the finger is", () => {
    const random = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
      minLength: 12,
      maxLength: 12,
    });
    fc.assert(
      fc.property(fc.boolean(), random, (active, values) => {
        let next = 0;
        const edges = bounce(active, BOUNCE_MAX_MS, () => values[next++ % values.length] ?? 0);
        expect(edges.length % 2).toBe(1);
        expect(edges.at(-1)?.active).toBe(active);
        edges.forEach((edge, index) => {
          expect(edge.offsetMs).toBeLessThanOrEqual(0);
          expect(edge.offsetMs).toBeGreaterThanOrEqual(-BOUNCE_MAX_MS);
          expect(edge.active).toBe(index % 2 === 0 ? active : !active);
          expect(edge.offsetMs).toBeGreaterThanOrEqual(edges[index - 1]?.offsetMs ?? -BOUNCE_MAX_MS);
        });
      }),
    );
  });

  it("is one press to the session however its contacts bounce, as long as its finger is patient", () => {
    fc.assert(
      fc.property(
        fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
        (values) => {
          const { keys, edges, stop } = keysFrom(() => values.next().value ?? 0);
          for (let press = 0; press < 5; press += 1) {
            keys.press("red");
            vi.advanceTimersByTime(700);
          }
          stop();
          let states = NO_KEYS;
          let presses = 0;
          for (const edge of edges) {
            const step = keyChanged(states, edge, RULES);
            states = step.keys;
            presses += step.outcomes.length;
            expect(edge.atMs).toBeLessThanOrEqual(edge.heardMs);
          }
          expect(presses).toBe(5);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("hasty ones never tell an edge older than the one before", () => {
    fc.assert(
      fc.property(
        fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
        (values) => {
          const { keys, edges, stop } = keysFrom(() => values.next().value ?? 0);
          for (let press = 0; press < 5; press += 1) {
            keys.press("red");
            vi.advanceTimersByTime(3);
          }
          stop();
          const times = edges.map((edge) => edge.atMs);
          expect(times).toEqual([...times].sort((a, b) => a - b));
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe("a jammed key", () => {
  it("stays closed, and presses do nothing to it until it is freed", () => {
    const { keys, edges } = keysFrom(half, { bounces: false });
    keys.jam("red", true);
    keys.press("red");
    vi.advanceTimersByTime(60_000);
    expect(keys.isJammed("red")).toBe(true);
    expect(edges.map((edge) => edge.active)).toEqual([true]);
    keys.jam("red", false);
    expect(edges.map((edge) => edge.active)).toEqual([true, false]);
  });

  it("jammed in the middle of a press is not let go", () => {
    const { keys, edges } = keysFrom(half, { bounces: false });
    keys.press("red");
    keys.jam("red", true);
    vi.advanceTimersByTime(1_000);
    expect(edges.map((edge) => edge.active)).toEqual([true]);
  });

  it("from the start is told at once to whoever listens, as found active", () => {
    const { edges } = keysFrom(half, { jammedAtStart: ["red"] });
    expect(edges).toMatchObject([{ key: "red", active: true, initial: true }]);
  });
});

it("closed keys tell nobody anything", () => {
  const { keys, edges } = keysFrom(half, { bounces: false });
  for (const key of KEYS) keys.press(key);
  keys.close();
  vi.advanceTimersByTime(1_000);
  expect(edges).toHaveLength(KEYS.length);
});
