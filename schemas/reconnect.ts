/**
 * How long to wait before connecting again (CONTRACT section 2): 1 s doubling to 120 s with full jitter, for a refused
 * CONNACK as for a lost network. Pure: randomness is passed in.
 */

const FIRST_MS = 1_000;
const LONGEST_MS = 120_000;

/**
 * The wait before attempt number `attempt` (1 = the first retry).
 * @param random a number from 0 (included) to 1 (excluded); full jitter keeps a thousand totems from returning at once.
 */
export function reconnectDelayMs(attempt: number, random: number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 16));
  return Math.round(ceiling * random);
}

/** A session in which nothing was received for this long is given up: four missed health answers and then some. */
export const SILENT_SESSION_MS = 300_000;
