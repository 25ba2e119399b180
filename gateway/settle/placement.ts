/**
 * When something happened on a totem, as well as it can be known: by its clock when that was
 * trusted, else by the same boot's monotonic clock once any trusted moment of that boot is known, else on the day time
 * returned to the totem. Pure.
 */
import { TIME_MAX_MS } from "#schemas/limits.ts";
import type { EntryTime } from "#schemas/time.ts";

export type Placement = {
  /** The moment it is counted at. */
  readonly atMs: number;
  /** Between which moments it certainly happened. */
  readonly earliestMs: number;
  readonly latestMs: number;
  /** The moment is a guess: a vote then carries `timeUncertain`. */
  readonly uncertain: boolean;
};

/** Between which moments an entry was certainly written, whatever its own clock says. */
export type Bounds = {
  /** The last trusted moment the totem had told before; null when there is none. */
  readonly afterMs: number | null;
  /** The first trusted moment it told afterwards, at the latest the moment the entry arrived. */
  readonly beforeMs: number;
};

/** Wall time minus monotonic time of a boot, in milliseconds, from one trusted moment; null when it proves nothing. */
export function bootOffsetMs(time: EntryTime): number | null {
  return time.clock === "trusted" ? time.wallMs - Math.floor(time.monotonicUs / 1_000) : null;
}

/** Where an entry belongs in time. @param offsetMs the boot's offset when known. */
export function placementOf(
  time: Pick<EntryTime, "wallMs" | "monotonicUs" | "clock">,
  offsetMs: number | null,
  bounds: Bounds,
): Placement {
  if (time.clock === "trusted") return exactly(time.wallMs);
  if (offsetMs !== null) return exactly(offsetMs + Math.floor(time.monotonicUs / 1_000));
  return between(bounds);
}

/** Placed where time returned: somewhere between the bounds is all that is known. */
function between({ afterMs, beforeMs }: Bounds): Placement {
  // A clock that was set back since contradicts itself: then nothing is known of the beginning.
  const earliestMs = afterMs === null || afterMs > beforeMs ? 0 : afterMs;
  return { atMs: beforeMs, earliestMs, latestMs: beforeMs, uncertain: true };
}

function exactly(ms: number): Placement {
  // A broken clock must not place anything outside the calendar.
  const atMs = Math.min(Math.max(ms, 0), TIME_MAX_MS);
  return { atMs, earliestMs: atMs, latestMs: atMs, uncertain: false };
}
