/**
 * Time for a simulated world: what is due is done in order, and nobody waits. The same calls give the same order.
 */

export type VirtualTime = {
  readonly nowMs: () => number;
  /** Does something so many milliseconds from now. */
  readonly after: (delayMs: number, act: () => Promise<void> | void) => void;
  /** Lets everything due until then happen; stops early when nothing is left. */
  readonly runUntil: (untilMs: number) => Promise<void>;
};

type Due = { readonly atMs: number; readonly act: () => Promise<void> | void };

export function virtualTime(startMs: number): VirtualTime {
  let nowMs = startMs;
  let due: Due[] = [];
  return {
    nowMs: () => nowMs,
    after: (delayMs, act) => {
      // Whole milliseconds, as every clock of ours tells.
      const atMs = nowMs + Math.max(0, Math.round(delayMs));
      // Behind everything due at the same moment: first come, first served.
      const found = due.findIndex((other) => other.atMs > atMs);
      due.splice(found < 0 ? due.length : found, 0, { atMs, act });
    },
    runUntil: async (untilMs) => {
      for (let next = due[0]; next !== undefined && next.atMs <= untilMs; next = due[0]) {
        due = due.slice(1);
        nowMs = next.atMs;
        await next.act();
      }
    },
  };
}
