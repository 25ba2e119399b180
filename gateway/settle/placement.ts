/**
 * When a vote was cast, as well as it can be known (CONTRACT section 4): by the totem's clock when it was trusted, else
 * by the same boot's monotonic clock once any trusted moment of that boot is known, else on the moment it arrived. Pure.
 */
import type { EntryTime } from "#schemas/time.ts";

export type Placement = {
  /** The moment the vote is counted at. */
  readonly atMs: number;
  /** Between which moments it was certainly cast. */
  readonly earliestMs: number;
  readonly latestMs: number;
  /** The moment is a guess: the vote carries `timeUncertain`. */
  readonly uncertain: boolean;
};

/** Wall time minus monotonic time of a boot, in milliseconds, from one trusted moment; null when it proves nothing. */
export function bootOffsetMs(time: EntryTime): number | null {
  return time.clock === "trusted" ? time.wallMs - Math.floor(time.monotonicUs / 1_000) : null;
}

/**
 * Where a vote belongs in time.
 * @param offsetMs the boot's offset when known.
 * @param receivedMs when the gateway received it.
 */
export function placementOf(time: EntryTime, offsetMs: number | null, receivedMs: number): Placement {
  if (time.clock === "trusted") return exactly(time.wallMs);
  if (offsetMs !== null) return exactly(offsetMs + Math.floor(time.monotonicUs / 1_000));
  return { atMs: receivedMs, earliestMs: 0, latestMs: receivedMs, uncertain: true };
}

function exactly(atMs: number): Placement {
  return { atMs, earliestMs: atMs, latestMs: atMs, uncertain: false };
}
