/**
 * Clocks nobody has set, and clocks that jump by a year while a ticket waits.
 */
import type { Measurement } from "../../bench/measurement.ts";
import { setUp, virtualTimeFrom } from "../place.ts";
import { checkedGuest } from "./checks.ts";

const LIMIT_MS = 300_000;

export const CLOCK_SCENARIO: Measurement = {
  name: "clock",
  about: "a clock not set at the start, and jumps of a year either way while a ticket waits",
  run: async (_, place) => {
    const kernelArgs = virtualTimeFrom(Date.now());
    const machine = { ...(await setUp(place)), program: "clock-jumps.ts", kernelArgs, limitMs: LIMIT_MS };
    return [
      await checkedGuest(place, machine, {
        name: "clock: what went wrong with a clock unset or jumping by a year",
        unit: "checks",
        goal: { kind: "at most", value: 0, reason: "no good ticket is refused for the clock alone" },
      }),
    ];
  },
};
