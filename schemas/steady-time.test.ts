import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSteady, STEADY_MS, type Steadiness, steadinessAfter } from "./steady-time.ts";
import { DAY_MS, MINUTE_MS } from "./time.ts";

const START_MS = Date.UTC(2026, 10, 26);

/** Reads a clock every minute; `aheadMs` is by how much it is wrong at that minute. @returns at which minutes it was steady. */
function steadyMinutes(minutes: number, aheadMs: (minute: number) => number): readonly number[] {
  let steadiness: Steadiness | null = null;
  const steady: number[] = [];
  for (let minute = 0; minute <= minutes; minute++) {
    const monotonicMs = minute * MINUTE_MS;
    const reading = { wallMs: START_MS + monotonicMs + aheadMs(minute), monotonicMs };
    steadiness = steadinessAfter(steadiness, reading);
    if (isSteady(steadiness, reading)) steady.push(minute);
  }
  return steady;
}

describe("a clock", () => {
  it("is steady an hour after it was first read, and stays so while it is corrected by a little", () => {
    const steady = steadyMinutes(180, (minute) => (minute % 7) * 1_000);
    expect(steady[0]).toBe(60);
    expect(steady).toHaveLength(121);
  });

  it("that jumps by days either way and comes back within the hour is at no moment steady while it is wrong", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -400, max: 400 }).filter((days) => days !== 0),
        fc.integer({ min: 61, max: 200 }),
        fc.integer({ min: 1, max: STEADY_MS / MINUTE_MS }),
        (days, from, minutes) => {
          const isWrong = (minute: number) => minute >= from && minute < from + minutes;
          const steady = steadyMinutes(400, (minute) => (isWrong(minute) ? days * DAY_MS : 0));
          expect(steady.filter(isWrong)).toEqual([]);
        },
      ),
    );
  });

  it("that creeps away in small steps is found out", () => {
    expect(steadyMinutes(400, (minute) => minute * MINUTE_MS)).toEqual([]);
  });
});
