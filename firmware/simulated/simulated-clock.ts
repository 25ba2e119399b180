/**
 * A simulated machine's clocks: each start is a boot of its own, and the wall clock can be set wrong, as on a board
 * without a battery.
 */
import { randomUUID } from "node:crypto";
import type { ClockReading } from "../clock/estimate.ts";
import { monotonicNowUs } from "../clock/machine-clock.ts";

export type SimulatedClock = {
  readonly readings: () => ClockReading;
  /** Moves the wall clock and says whether NTP vouches for it. */
  readonly set: (offsetMs: number, synchronized: boolean) => void;
  readonly offsetMs: () => number;
  readonly isSynchronized: () => boolean;
};

export function simulatedClock(nowMs: () => number = Date.now): SimulatedClock {
  const bootId = randomUUID();
  const bootUs = monotonicNowUs();
  let offset = 0;
  let synchronized = true;
  return {
    readings: () => ({
      wallMs: nowMs() + offset,
      monotonicUs: monotonicNowUs() - bootUs,
      bootId,
      synchronized,
    }),
    set: (offsetMs, isSynchronized) => {
      offset = offsetMs;
      synchronized = isSynchronized;
    },
    offsetMs: () => offset,
    isSynchronized: () => synchronized,
  };
}
