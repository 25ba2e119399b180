/**
 * What the firmware's devices promise, asked of a real kernel: the lists that its own tests go through over fakes, and the
 * matrix keypad as its overlay binds it.
 */
import { join } from "node:path";
import type { Measurement, Place } from "../../bench/measurement.ts";
import { judged, notMeasured, type Row } from "../../bench/row.ts";
import { type Bench, runGuest, setUp, virtualTimeFrom } from "../place.ts";

const OVERLAY = join(import.meta.dirname, "../../../hardware/overlays/faccine-keypad.dts");
const LIMIT_MS = 600_000;

type Contracts = {
  readonly program: string;
  readonly about: string;
  readonly overlays: readonly string[];
};

/** In this order they take about the same time on each of two processors. */
const CONTRACTS: readonly Contracts[] = [
  {
    program: "contracts-lines.ts",
    about: "keys and johnny-five plugin on lines of the kernel",
    overlays: [],
  },
  {
    program: "contracts-uinput.ts",
    about: "scanner and keypad on the kernel's input devices",
    overlays: [],
  },
  {
    program: "contracts-usb.ts",
    about: "scanners on the kernel's USB drivers",
    overlays: [],
  },
  {
    program: "contracts-keypad.ts",
    about: "the kernel's driver of a matrix keypad, bound by its overlay",
    overlays: [OVERLAY],
  },
];

export const CONTRACTS_SCENARIO: Measurement = {
  name: "contracts",
  about: "what keys, outputs, scanners and keypad promise, asked of the kernel's own drivers",
  run: async (_, place) => {
    const benches: { readonly contracts: Contracts; readonly bench: Bench }[] = [];
    for (const contracts of CONTRACTS)
      benches.push({ contracts, bench: await setUp(place, contracts.overlays) });
    return Promise.all(benches.map(({ contracts, bench }) => goThrough(contracts, bench, place)));
  },
};

const GOAL = {
  kind: "at most",
  value: 0,
  reason: "what holds over a fake and not over a kernel does not hold",
} as const;

/** One machine that goes through its lists. A machine that does not come to their end is no reason to give up the others. */
async function goThrough({ program, about }: Contracts, bench: Bench, place: Place): Promise<Row> {
  const name = `contracts: not held by ${about}`;
  const failed: string[] = [];
  try {
    const { looked, expected } = await runGuest<{ readonly looked: number; readonly expected: number }>({
      ...bench,
      name: "contracts",
      program,
      job: {},
      kernelArgs: virtualTimeFrom(Date.now()),
      limitMs: LIMIT_MS,
      onReport: ({ check, ok, detail }) => {
        if (check === undefined || ok === true) return;
        failed.push(String(check));
        place.say(`does not hold: ${check}\n${detail}`);
      },
    });
    // A check that was not come to is none that holds.
    return judged(name, failed.length + expected - looked, "checks", {
      goal: GOAL,
      note: failed.length === 0 ? `${looked} looked at` : failed.join("; "),
    });
  } catch (error) {
    place.say(String(error));
    return notMeasured(name, "checks", { goal: GOAL, why: `${program} did not come to its end` });
  }
}
