/**
 * How long to wait before connecting again: 1 s doubling to 120 s with full jitter, for a refused
 * CONNACK as for a lost network. Pure: randomness is passed in.
 */

const FIRST_MS = 1_000;
const LONGEST_MS = 120_000;

/** Doublings after which the longest wait is reached; further ones would only overflow. */
const DOUBLINGS_MAX = 7;

/**
 * A session that held this long was a real one: the next wait starts small again. A broker that lets in and throws out
 * at once, as it does with two clients of one name, is treated like one that refuses.
 */
const LASTING_SESSION_MS = 10_000;

/**
 * The wait before attempt number `attempt` (1 = the first retry).
 * @param random a number from 0 (included) to 1 (excluded); full jitter keeps a thousand totems from returning at once.
 */
export function reconnectDelayMs(attempt: number, random: number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, DOUBLINGS_MAX));
  return Math.round(ceiling * random);
}

/** The number of the next attempt, after a session that was ready for so long; 0 when it never was. */
export function attemptAfter(attempt: number, readyForMs: number): number {
  return readyForMs >= LASTING_SESSION_MS ? 1 : attempt + 1;
}

/**
 * A session in which nothing was received for this long, not even the answer to a ping, is given up. The MQTT library
 * should have noticed ten pings earlier; this is the second net.
 */
export const SILENT_SESSION_MS = 300_000;
