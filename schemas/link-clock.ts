/**
 * Time and timers as the MQTT session needs them, so that a test can let five silent minutes pass at once.
 */

export type LinkClock = {
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  /** Calls once after so many milliseconds; returns what cancels it. */
  readonly after: (ms: number, call: () => void) => () => void;
  /** Calls again and again; returns what stops it. */
  readonly every: (ms: number, call: () => void) => () => void;
};

/** The machine's own. */
export const REAL_CLOCK: LinkClock = {
  nowMs: () => performance.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
  every: (ms, call) => {
    const timer = setInterval(call, ms);
    return () => clearInterval(timer);
  },
};
