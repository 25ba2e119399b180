/**
 * Votes lost, doubled or miscounted while messages are lost, repeated, reordered and cut, commits fail and programs
 * restart: seeded runs of the real journal, outbox, ingest and store in virtual time.
 */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { FaultShare, SeededResult } from "./faults/fault-worker.ts";
import type { Measurement, Place, Size } from "./measurement.ts";
import { type Goal, judged, type Row, told } from "./row.ts";

const RUNS: Readonly<Record<Size, number>> = { full: 10_000, short: 400, tiny: 4 };
/** Threads: a run waits for the disk about half of its time. */
const THREADS_MAX = 4;
/** Seeds named in a note; each can be run again alone. */
const SEEDS_TOLD = 5;

const FAULT_GOAL: Goal = { kind: "at most", value: 0, reason: "promises 1, 3 and 6 know no exception" };

export const FAULTS: Measurement = {
  name: "faults",
  about: "votes lost, doubled or miscounted in seeded fault runs between journal and store",
  run: async (size, place) => {
    const results = await runAll(RUNS[size], place);
    return faultRows(results);
  },
};

/** All runs, shared out among threads. */
async function runAll(runs: number, { dir, say }: Place): Promise<readonly SeededResult[]> {
  const threads = Math.min(availableParallelism(), THREADS_MAX, runs);
  const results: SeededResult[] = [];
  const tell = (result: SeededResult) => {
    results.push(result);
    if (results.length % Math.ceil(runs / 10) === 0) say(`${results.length} of ${runs} runs`);
  };
  await Promise.all(
    Array.from({ length: threads }, (_, thread) =>
      runShare({ dir, first: thread + 1, last: runs, step: threads }, tell),
    ),
  );
  return results;
}

function runShare(share: FaultShare, tell: (result: SeededResult) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./faults/fault-worker.ts", import.meta.url), { workerData: share });
    worker.on("message", tell);
    worker.on("error", reject);
    worker.on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`a fault thread ended with ${code}`)),
    );
  });
}

/** What the runs found, added up. */
export function faultRows(results: readonly SeededResult[]): readonly Row[] {
  const wrong = results.filter((run) => run.lost + run.doubled + run.miscounted + run.stuck > 0);
  const total = (of: (run: SeededResult) => number) => results.reduce((sum, run) => sum + of(run), 0);
  const seeds = wrong.slice(0, SEEDS_TOLD).map(({ seed }) => seed);
  const note =
    wrong.length === 0
      ? "every journal came to rest, every figure agrees with the votes cast"
      : `lost ${total((r) => r.lost)}, doubled ${total((r) => r.doubled)}, miscounted ${total((r) => r.miscounted)}, stuck ${total((r) => r.stuck)}; seeds ${seeds.join(", ")}`;
  return [
    judged(
      `votes lost, doubled or miscounted in ${results.length} seeded fault runs`,
      total((run) => run.lost + run.doubled + run.miscounted + run.stuck),
      "votes",
      { goal: FAULT_GOAL, note },
    ),
    told(
      `votes cast in these ${results.length} runs`,
      total((run) => run.votes),
      "votes",
    ),
  ];
}
