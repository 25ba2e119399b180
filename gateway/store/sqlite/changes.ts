/**
 * What a transaction on votes changes beside them, gathered before it is written.
 */
import type { CountDeltas, SumDeltas, VoteTally } from "../../rollups/counts.ts";

/** The counters a transaction changes. */
export type Changes = {
  readonly votes: VoteTally;
  readonly counts: CountDeltas;
  readonly sums: SumDeltas;
  /** The last closed day: votes of that day or an earlier one are late. */
  readonly lastClosed: number;
};
