/**
 * Clocks nobody has set, and clocks that jump by a year while a ticket waits.
 */
import type { Measurement } from "../../bench/measurement.ts";
import { judged } from "../../bench/row.ts";
import { boot, type Report } from "../machine.ts";
import { setUp, virtualTimeFrom } from "../place.ts";

const LIMIT_MS = 300_000;

export const CLOCK_SCENARIO: Measurement = {
  name: "clock",
  about: "a clock not set at the start, and jumps of a year either way while a ticket waits",
  run: async (_, place) => {
    const bench = await setUp(place);
    const checks: Report[] = [];
    const machine = boot({
      ...bench,
      program: "clock-jumps.ts",
      job: {},
      kernelArgs: virtualTimeFrom(Date.now()),
      limitMs: LIMIT_MS,
      onReport: (report) => {
        if ("check" in report) checks.push(report);
      },
    });
    const { status } = await machine.ended;
    if (status !== 0) throw new Error(`the machine ended with ${status}:\n${machine.lastWords()}`);
    const failed = checks.filter(({ ok }) => ok !== true);
    for (const { check, detail } of failed) place.say(`not so: ${check} ${detail}`);
    const goal = {
      kind: "at most",
      value: 0,
      reason: "no good ticket is refused for the clock alone",
    } as const;
    const note =
      failed.length === 0 ? `${checks.length} looked at` : failed.map(({ check }) => check).join("; ");
    return [
      judged("clock: what went wrong with a clock unset or jumping by a year", failed.length, "votes", {
        goal,
        note,
      }),
    ];
  },
};
