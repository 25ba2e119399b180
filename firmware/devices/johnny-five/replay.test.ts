import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Level } from "../line-level.ts";

import { Replay, SPACING_MS, WAITING_MAX } from "./replay.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const made = () => {
  const told: { level: Level; atMs: number }[] = [];
  let dropped = 0;
  const replay = new Replay({
    tell: (level) => told.push({ level, atMs: Date.now() }),
    onDropped: () => {
      dropped += 1;
    },
    isSpaced: true,
  });
  return { told, replay, dropped: () => dropped };
};

/** From a finger's to a burst's that is longer than the queue. */
const anyPauses = fc
  .nat({ max: 12 })
  .chain((max) => fc.array(fc.nat({ max }), { minLength: 1, maxLength: 3 * WAITING_MAX, size: "max" }));

describe("edges told no faster than they can be heard", () => {
  it("are told at once when nothing came before, or long enough ago", () => {
    const { told, replay } = made();
    replay.push(0);
    expect(told).toHaveLength(1);
    vi.advanceTimersByTime(SPACING_MS);
    replay.push(1);
    expect(told).toHaveLength(2);
  });

  it("keep their distance, alternate, end with the last level and lose only whole presses, however they come", () => {
    fc.assert(
      fc.property(anyPauses, (pausesMs) => {
        const { told, replay, dropped } = made();
        let level: Level = 1;
        for (const pauseMs of pausesMs) {
          level = level === 1 ? 0 : 1;
          replay.push(level);
          vi.advanceTimersByTime(pauseMs);
        }
        vi.advanceTimersByTime((WAITING_MAX + 1) * SPACING_MS);
        expect(told.length + 2 * dropped()).toBe(pausesMs.length);
        expect(told.at(-1)?.level).toBe(level);
        for (const [index, edge] of told.entries()) {
          const before = told[index - 1];
          if (before === undefined) continue;
          expect(edge.level).not.toBe(before.level);
          expect(edge.atMs - before.atMs).toBeGreaterThanOrEqual(SPACING_MS);
        }
      }),
    );
  });

  it("wait in a bounded queue: one over the limit drops the two oldest", () => {
    const { told, replay, dropped } = made();
    for (let edge = 0; edge <= WAITING_MAX; edge += 1) replay.push(edge % 2 === 0 ? 0 : 1);
    expect(dropped()).toBe(0);
    replay.push(1);
    expect(dropped()).toBe(1);
    vi.advanceTimersByTime(WAITING_MAX * SPACING_MS);
    expect(told).toHaveLength(WAITING_MAX);
  });

  it("go on though a listener throws", () => {
    const told: Level[] = [];
    const replay = new Replay({
      tell: (level) => {
        told.push(level);
        if (told.length === 1) throw new Error("a listener broke");
      },
      onDropped: () => undefined,
      isSpaced: true,
    });
    expect(() => replay.push(0)).toThrow("a listener broke");
    replay.push(1);
    vi.advanceTimersByTime(SPACING_MS);
    expect(told).toEqual([0, 1]);
  });

  it("that wait are forgotten at the end", () => {
    const { told, replay } = made();
    replay.push(0);
    replay.push(1);
    replay.clear();
    vi.advanceTimersByTime(1_000);
    expect(told).toHaveLength(1);
  });
});
