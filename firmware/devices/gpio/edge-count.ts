/**
 * Counts the edges that the kernel numbered and never told: when its buffer is full it drops the oldest. Pure.
 */

export type EdgeCount = {
  /** The highest number seen, going on beyond the 32 bits of the kernel's counter. */
  readonly newest: number;
  readonly received: number;
};

/** A request's first edge has number 1. */
export const NO_EDGES: EdgeCount = { newest: 0, received: 0 };

/** One more edge arrived. Two processors may swap neighbours, so a number can come late: it is then no longer missing. */
export function countEdge(count: EdgeCount, seqno: number): EdgeCount {
  // The distance in 32 bits, with its sign, is right on both sides of the counter's overflow.
  const ahead = (seqno - count.newest) | 0;
  return { newest: count.newest + Math.max(0, ahead), received: count.received + 1 };
}

/** How many are missing now. */
export function missingEdges({ newest, received }: EdgeCount): number {
  return Math.max(0, newest - received);
}
