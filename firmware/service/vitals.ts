/**
 * Whether a totem is alive enough for its watchdog to be fed. Pure: signs of life and the time in, verdict and reasons
 * out. Judges only whether parts answer, never what they answer: a journal that says "the disk is full" is alive and
 * honest, and starting it again would only take the voting away that the next free byte brings back.
 */

/**
 * Longest time the main thread may be late. A citizen who sees nothing for a second presses again. One late moment
 * (a large collection of garbage) keeps back one of three feeds and ends nothing.
 */
export const LOOP_LATE_MS_MAX = 1_000;

/**
 * The share of the watchdog's time after which a part that does not answer is stuck, not slow. A half leaves time for
 * the rest to run out, and is far beyond a bad card's slowest write that still ends.
 */
const SILENT_SHARE = 1 / 2;

/** When a part last showed life, in monotonic milliseconds; "dead" when it says itself that it will not again. */
export type LastAlive = number | "dead";

export type Vitals = {
  /** Threads that must turn: the journal's, each device's reader. Names are the program's own. */
  readonly workers: readonly { readonly name: string; readonly lastAlive: LastAlive }[];
  /** When the oldest question to the database that has no answer yet was asked; null when none is open. */
  readonly askedMs: number | null;
  /** By how much the main thread was late at worst since the last verdict. */
  readonly loopLateMs: number;
};

export type Verdict =
  | { readonly fed: true }
  | {
      readonly fed: false;
      /** One line each: which part, and what is wrong with it. */
      readonly reasons: readonly string[];
    };

/** Feeds only when every part is fine. @param watchdogMs after how long without food the totem is started again. */
export function mayFeed(vitals: Vitals, nowMs: number, watchdogMs: number): Verdict {
  const silentMs = watchdogMs * SILENT_SHARE;
  const reasons = [
    ...vitals.workers.flatMap(({ name, lastAlive }) => {
      if (lastAlive === "dead") return [`${name}: ended`];
      return isWithin(nowMs - lastAlive, silentMs)
        ? []
        : [`${name}: silent for ${whole(nowMs - lastAlive)} ms`];
    }),
    ...(vitals.askedMs === null || isWithin(nowMs - vitals.askedMs, silentMs)
      ? []
      : [`database: no answer for ${whole(nowMs - vitals.askedMs)} ms`]),
    ...(isWithin(vitals.loopLateMs, LOOP_LATE_MS_MAX)
      ? []
      : [`main thread: ${whole(vitals.loopLateMs)} ms late`]),
  ];
  return reasons.length === 0 ? { fed: true } : { fed: false, reasons };
}

/** What is no number is not within anything: a vital that cannot be read is not a good one. */
function isWithin(ms: number, mostMs: number): boolean {
  return ms <= mostMs;
}

function whole(ms: number): number {
  return Math.round(ms);
}
