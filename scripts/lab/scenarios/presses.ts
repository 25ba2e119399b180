/**
 * 1,000 presses of bouncing keys while the event loop is blocked at random, in virtual time: exactly as many count.
 */
import type { Measurement, Size } from "../../bench/measurement.ts";
import { judged, type Row, told } from "../../bench/row.ts";
import type { PressesJob, PressesResult } from "../guest/presses.ts";
import { runGuest, setUp, virtualTimeFrom } from "../place.ts";

/** `full` presses each of the seven keys a thousand times. */
const PRESSES: Readonly<Record<Size, number>> = { full: 7_000, short: 1_000, tiny: 20 };
const SEED = 6;
const LIMIT_MS = 600_000;

export const PRESSES_SCENARIO: Measurement = {
  name: "presses",
  about: "presses of bouncing keys, with the event loop blocked for 200 ms at random",
  run: async (size, place) => {
    const bench = await setUp(place);
    const { totem, folder } = await bench.totemInMemory(0);
    const job: PressesJob = { env: totem.env, presses: PRESSES[size], seed: SEED };
    const result = await runGuest<PressesResult>({
      ...bench,
      name: "presses",
      program: "presses.ts",
      job,
      folder,
      kernelArgs: virtualTimeFrom(Date.now()),
      limitMs: LIMIT_MS,
    });
    return rowsOf(result);
  },
};

function rowsOf(result: PressesResult): readonly Row[] {
  const exact = { kind: "at most", value: 0, reason: "every press counts, and counts once" } as const;
  return [
    told("presses: sent, bouncing up to 9 ms on press and release", result.sent, "presses"),
    judged("presses: accepted more or fewer than sent", Math.abs(result.accepted - result.sent), "presses", {
      goal: exact,
      note: `${result.accepted} accepted; ${result.taps} taps shorter than the debounce among them, none counted`,
    }),
    judged("presses: edges the kernel dropped", result.lostEdges, "edges", { goal: exact }),
    judged(
      "presses: keys that jam and are not called stuck",
      result.jammedState === "stuck" ? 0 : 1,
      "keys",
      {
        goal: exact,
        note: `${result.jammedKey} was found ${result.jammedState}`,
      },
    ),
  ];
}
