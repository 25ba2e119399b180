/**
 * Preloaded into the firmware: stops its event loop for 200 ms at random moments, as a stalled card or a long collection
 * of garbage would. Waits instead of computing, so that virtual time passes too.
 */
import { isMainThread } from "node:worker_threads";

const BLOCKED_MS = 200;
/** At random up to this long between two blocks: blocked for about a third of the time. */
const BETWEEN_MS = 800;

const nobody = new Int32Array(new SharedArrayBuffer(4));

function blockAfterAWhile(): void {
  setTimeout(() => {
    Atomics.wait(nobody, 0, 0, BLOCKED_MS);
    blockAfterAWhile();
  }, Math.random() * BETWEEN_MS).unref();
}

if (isMainThread) blockAfterAWhile();
