/**
 * Preloaded into a firmware's process (`node --import`), in its main thread and in its workers: kills the process with
 * SIGKILL when a named step is reached for the n-th time. The firmware itself knows nothing of it.
 */
import { subscribe } from "node:diagnostics_channel";
import { STEPS_CHANNEL } from "#firmware/steps.ts";

/** Which step, and at which of its occurrences, counted from 1. Without a step the process lives. */
export const KILL_STEP = "KILL_AT_STEP";
export const KILL_OCCURRENCE = "KILL_AT_OCCURRENCE";

const step = process.env[KILL_STEP];
const occurrence = Number(process.env[KILL_OCCURRENCE]);
let times = 0;

if (step !== undefined) {
  subscribe(STEPS_CHANNEL, (reached) => {
    if (reached !== step) return;
    times += 1;
    if (times === occurrence) process.kill(process.pid, "SIGKILL");
  });
}
