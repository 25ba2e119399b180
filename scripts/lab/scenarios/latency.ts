/**
 * From a key's contact to the click, the lamps and the thanks, in real time on the simulated lines; memory and idle work.
 */
import type { Measurement, Size } from "../../bench/measurement.ts";
import { judged, type Row } from "../../bench/row.ts";
import { percentile } from "../../bench/statistics.ts";
import type { LatencyJob, LatencyResult } from "../guest/latency.ts";
import { runGuest, setUp } from "../place.ts";

const PRESSES: Readonly<Record<Size, number>> = { full: 300, short: 60, tiny: 3 };
const IDLE_MS: Readonly<Record<Size, number>> = { full: 30_000, short: 15_000, tiny: 1_000 };
const LIMIT_MS = 600_000;
/** The kernel's debounce, which a press must outlast before anybody hears of it. */
const DEBOUNCE_MS = 10;

const ANSWER_GOAL = { kind: "at most", value: 30, reason: "felt as at once" } as const;
const MEMORY_GOAL = { kind: "at most", value: 150, reason: "a Raspberry Pi Zero 2 W has 512 MB" } as const;
const IDLE_GOAL = { kind: "at most", value: 1, reason: "a box without a fan" } as const;
const NOTE = "after the debounce; User-Mode Linux on a shared machine, lines looked at every millisecond";

export const LATENCY_SCENARIO: Measurement = {
  name: "latency",
  about: "key edge to click, lamp and thanks; memory and idle work of the firmware",
  run: async (size, place) => {
    const bench = await setUp(place);
    const { totem, disk } = await bench.totemOnDisk(PRESSES[size]);
    const job: LatencyJob = { env: totem.env, tickets: totem.tickets, idleMs: IDLE_MS[size] };
    const options = { ...bench, name: "latency", program: "latency.ts", job, disk, limitMs: LIMIT_MS };
    return rowsOf(await runGuest<LatencyResult>(options));
  },
};

function rowsOf({ clickMs, lampMs, thanksMs, idlePercent, memoryMb }: LatencyResult): readonly Row[] {
  return [
    ...answerRows("click", clickMs),
    ...answerRows("lamp", lampMs),
    ...answerRows("commit and thanks", thanksMs),
    judged("latency: the firmware's resident memory in the machine", memoryMb, "MB", { goal: MEMORY_GOAL }),
    judged("latency: the firmware's idle work in the machine", idlePercent, "% of a core", {
      goal: IDLE_GOAL,
    }),
  ];
}

function answerRows(name: string, withDebounceMs: readonly number[]): readonly Row[] {
  const afterMs = withDebounceMs.map((ms) => ms - DEBOUNCE_MS);
  const median = `median ${percentile(afterMs, 50).toFixed(1)} ms of ${afterMs.length}`;
  return [
    judged(`latency: key edge to ${name}, p99`, percentile(afterMs, 99), "ms", {
      goal: ANSWER_GOAL,
      note: `${median}; ${NOTE}`,
    }),
  ];
}
