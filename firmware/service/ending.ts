/**
 * Ends a program part by part, in the order that keeps what is stored: a part that fails, or that hangs in its driver,
 * must not keep the parts behind it from being closed.
 */
import { SECOND_MS } from "#schemas/time.ts";
import type { Log } from "../ports.ts";

/** What is to be closed, by the name that a log line gives it. */
export type Closer = { readonly name: string; readonly close: () => Promise<void> | void };

/**
 * How long one part may take: more than the goodbye to the gateway gives itself (`CLOSE_TIMEOUT_MS` in schemas/link.ts), and so
 * little that with all parts hanging the end still comes within the unit's `TimeoutStopSec`. Killed there, or not closed
 * here, the journal loses nothing: it is made for power cuts.
 */
export const CLOSING_PATIENCE_MS = 2.5 * SECOND_MS;

/** Closes one part after the other. @returns the names of those that failed or did not end in time. */
export async function closeInOrder(
  closers: readonly Closer[],
  log: Pick<Log, "error">,
  patienceMs: number = CLOSING_PATIENCE_MS,
): Promise<readonly string[]> {
  const left: string[] = [];
  for (const { name, close } of closers) {
    const problem = await problemOf(close, patienceMs);
    if (problem === null) continue;
    log.error("close-failed", { part: name, message: problem });
    left.push(name);
  }
  return left;
}

async function problemOf(close: Closer["close"], patienceMs: number): Promise<string | null> {
  const late = Promise.withResolvers<string>();
  const timer = setTimeout(() => late.resolve(`not within ${patienceMs} ms`), patienceMs);
  try {
    // Called within a promise, so that one that throws at once is like one that fails later.
    const closed = Promise.resolve().then(close);
    return await Promise.race([closed.then(() => null), late.promise]);
  } catch (error) {
    return (error as Error).message;
  } finally {
    clearTimeout(timer);
  }
}

/** Ends the program in order on a signal, and when the program that started this one is gone. */
export function endOnSignal(log: Pick<Log, "error">, closers: readonly Closer[]): void {
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    const left = await closeInOrder(closers, log);
    process.exit(left.length === 0 ? 0 : 1);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void stop());
  process.on("disconnect", () => void stop());
}
