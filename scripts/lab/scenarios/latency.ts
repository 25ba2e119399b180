/**
 * From a key's contact to the click, the lamps and the thanks, on the simulated lines. Twice: in virtual time, where computing takes
 * none and what is left are the waits the totem imposes; and in real time, where User-Mode Linux makes every call and every
 * first touch of memory many times as slow as a kernel on hardware, so that only the ratio to the least program there can be
 * says anything. Memory and idle work beside.
 */
import type { Measurement, Size } from "../../bench/measurement.ts";
import { type Goal, judged, type Row, told } from "../../bench/row.ts";
import { median, percentile, ratio } from "../../bench/statistics.ts";
import type { LatencyJob, LatencyResult } from "../guest/latency.ts";
import { runGuest, setUp, virtualTimeFrom } from "../place.ts";

const PRESSES: Readonly<Record<Size, number>> = { full: 310, short: 40, tiny: 12 };
const IDLE_MS: Readonly<Record<Size, number>> = { full: 30_000, short: 10_000, tiny: 1_000 };
const ECHOES: Readonly<Record<Size, number>> = { full: 100, short: 30, tiny: 3 };
const LIMIT_MS = 900_000;
/** The kernel's debounce, which a press must outlast before anybody hears of it. */
const DEBOUNCE_MS = 10;

const ANSWER_GOAL: Goal = { kind: "at most", value: 30, reason: "felt as at once" };
const MEMORY_GOAL: Goal = { kind: "at most", value: 150, reason: "a Raspberry Pi Zero 2 W has 512 MB" };

export const LATENCY_SCENARIO: Measurement = {
  name: "latency",
  about: "key edge to click, lamp and thanks, in virtual and in real time; memory and idle work",
  run: async (size, place) => {
    const bench = await setUp(place);
    const run = async (isVirtual: boolean) => {
      const made = isVirtual ? bench.totemInMemory(PRESSES[size]) : bench.totemOnDisk(PRESSES[size]);
      const { totem, ...storage } = await made;
      const kernelArgs = isVirtual ? virtualTimeFrom(Date.now()) : [];
      const job: LatencyJob = {
        env: totem.env,
        tickets: totem.tickets,
        idleMs: IDLE_MS[size],
        echoes: ECHOES[size],
      };
      const options = {
        name: "latency",
        program: "latency.ts",
        job,
        ...storage,
        kernelArgs,
        limitMs: LIMIT_MS,
      };
      return runGuest<LatencyResult>({ ...bench, ...options });
    };
    const waits = waitRows(await run(true));
    // On a machine shared with other work real time says nothing, and costs minutes.
    if (size !== "full") return waits;
    place.say("in real time");
    return [...waits, ...realRows(await run(false))];
  },
};

function waitRows({ clickMs, lampMs, thanksMs }: LatencyResult): readonly Row[] {
  const row = (name: string, withDebounceMs: readonly number[]) =>
    judged(`latency: key edge to ${name} without computing, p99`, afterDebounce(withDebounceMs, 99), "ms", {
      goal: ANSWER_GOAL,
      note: `after the debounce, in virtual time: median ${afterDebounce(withDebounceMs, 50).toFixed(1)} ms of ${withDebounceMs.length}`,
    });
  return [row("click", clickMs), row("lamp", lampMs), row("commit and thanks", thanksMs)];
}

function realRows(result: LatencyResult): readonly Row[] {
  const { echoMs, clickMs, lampMs, thanksMs, firstThanksMs, idlePercent, memoryMb } = result;
  const echo = median(echoMs) - DEBOUNCE_MS;
  const row = (name: string, withDebounceMs: readonly number[]) =>
    judged(`latency: key edge to ${name} in the machine, p99`, afterDebounce(withDebounceMs, 99), "ms", {
      goal: ANSWER_GOAL,
      note: `after the debounce, in real time: median ${afterDebounce(withDebounceMs, 50).toFixed(1)} ms, ${ratio(afterDebounce(withDebounceMs, 50), echo).toFixed(1)}x the least program`,
    });
  return [
    told("latency: the least program, key edge to lamp in the machine, median", echo, "ms"),
    ...[row("click", clickMs), row("lamp", lampMs), row("commit and thanks", thanksMs)],
    told("latency: the very first press after the start, to thanks", firstThanksMs - DEBOUNCE_MS, "ms"),
    judged("latency: the firmware's resident memory in the machine", memoryMb, "MB", { goal: MEMORY_GOAL }),
    told("latency: the firmware's idle work in the machine", idlePercent, "% of a core"),
  ];
}

function afterDebounce(withDebounceMs: readonly number[], percent: number): number {
  return percentile(withDebounceMs, percent) - DEBOUNCE_MS;
}
