/**
 * Does a share of the seeded runs in a thread of its own, and says what it found after each handful.
 */
import { parentPort, workerData } from "node:worker_threads";
import { faultRun, type RunResult } from "./fault-run.ts";

/** Runs that share one gateway's database: enough to meet a store with a past, few enough to stay quick. */
const RUNS_PER_FILE = 50;

/** Seeds `first`, `first + step`, … up to `last`. */
export type FaultShare = {
  readonly dir: string;
  readonly first: number;
  readonly last: number;
  readonly step: number;
};

export type SeededResult = RunResult & { readonly seed: number };

if (parentPort !== null) await work(workerData as FaultShare, (result) => parentPort?.postMessage(result));

async function work(share: FaultShare, tell: (result: SeededResult) => void): Promise<void> {
  let done = 0;
  for (let seed = share.first; seed <= share.last; seed += share.step) {
    const series = share.first * 1_000_000 + Math.floor(done / RUNS_PER_FILE);
    tell({ seed, ...(await faultRun(seed, { dir: share.dir, series })) });
    done += 1;
  }
}
