import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openTurnstile, type Turnstile } from "./turnstile.ts";

describe("the turnstile", () => {
  let isBusy: boolean;
  let turnstile: Turnstile;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    isBusy = false;
    turnstile = openTurnstile(() => isBusy);
  });
  afterEach(() => {
    turnstile.close();
    vi.useRealTimers();
  });

  it("lets everybody through at once while there is little to do", () => {
    let passed = 0;
    for (let i = 0; i < 100; i++) turnstile.pass(() => (passed += 1));
    expect(passed).toBe(100);
  });

  it("lets nobody through while there is enough to do, then one for one, in order", () => {
    const passed: number[] = [];
    isBusy = true;
    for (let i = 0; i < 3; i++) turnstile.pass(() => passed.push(i));
    turnstile.look();
    expect(passed).toEqual([]);
    isBusy = false;
    turnstile.look();
    expect(passed).toEqual([0]);
    turnstile.pass(() => passed.push(3));
    for (let i = 0; i < 3; i++) turnstile.look();
    expect(passed).toEqual([0, 1, 2, 3]);
  });

  it("forgets nobody, whatever they bring, once there is little to do", () => {
    const step = fc.constantFrom("pass", "look", "busy", "free", "time");
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        let [asked, passed] = [0, 0];
        for (const one of steps) {
          if (one === "busy" || one === "free") isBusy = one === "busy";
          else if (one === "look") turnstile.look();
          else if (one === "time") vi.advanceTimersByTime(20);
          else {
            asked += 1;
            turnstile.pass(() => (passed += 1));
          }
          expect(passed).toBeLessThanOrEqual(asked);
        }
        isBusy = false;
        vi.advanceTimersByTime(20 * 200);
        expect(passed).toBe(asked);
      }),
    );
  });
});
