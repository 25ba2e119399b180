import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BURST_MAX, openAllowance, REFILL_MS } from "./allowance.ts";

describe("the allowance of messages", () => {
  it("lets a burst pass, and then one more with each span of time", () => {
    const allowance = openAllowance();
    const took = Array.from({ length: BURST_MAX + 5 }, () => allowance.take("totem-1", 1_000));
    expect(took.filter(Boolean)).toHaveLength(BURST_MAX);
    expect(allowance.take("totem-1", 1_000 + REFILL_MS - 1)).toBe(false);
    expect(allowance.take("totem-1", 1_000 + REFILL_MS)).toBe(true);
    expect(allowance.take("totem-1", 1_000 + REFILL_MS)).toBe(false);
  });

  it("lets no totem use up another's", () => {
    const allowance = openAllowance();
    for (let i = 0; i < 2 * BURST_MAX; i++) allowance.take("totem-1", 0);
    expect(allowance.take("totem-2", 0)).toBe(true);
  });

  it("never lets more pass than a burst and what time has brought, whatever the clock does", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5_000, max: 5_000 }), { maxLength: 300 }), (steps) => {
        const allowance = openAllowance();
        let nowMs = 1_000_000;
        let forwardMs = 0;
        let taken = 0;
        for (const step of steps) {
          nowMs += step;
          forwardMs += Math.max(0, step);
          if (allowance.take("totem-1", nowMs)) taken += 1;
        }
        expect(taken).toBeLessThanOrEqual(BURST_MAX + forwardMs / REFILL_MS);
      }),
    );
  });
});
