/**
 * How often each totem may speak beside its batches: a bucket of messages that fills again with time. A totem that is
 * broken or hostile must not keep the database busy with hellos and health. Time is passed in.
 */

/** Messages at once: a restart with its hello, status, health and a few replies, several times over. */
export const BURST_MAX = 30;

/** One message in this time afterwards: a totem has about one to say in a minute. */
export const REFILL_MS = 2_000;

/** Totems remembered; a broker without rules may let strangers make names up. */
const TOTEMS_MAX = 10_000;

export type Allowance = {
  /** True when the totem may say one more thing now; each true takes one. */
  readonly take: (totemId: string, nowMs: number) => boolean;
};

export function openAllowance(): Allowance {
  const buckets = new Map<string, { left: number; atMs: number }>();
  return {
    take: (totemId, nowMs) => {
      const bucket = buckets.get(totemId) ?? { left: BURST_MAX, atMs: nowMs };
      if (buckets.size >= TOTEMS_MAX) buckets.clear();
      buckets.set(totemId, bucket);
      // A clock that was set back fills nothing.
      const refilled = Math.max(0, Math.floor((nowMs - bucket.atMs) / REFILL_MS));
      bucket.left = Math.min(BURST_MAX, bucket.left + refilled);
      bucket.atMs = bucket.left === BURST_MAX ? nowMs : bucket.atMs + refilled * REFILL_MS;
      if (nowMs < bucket.atMs) bucket.atMs = nowMs;
      if (bucket.left === 0) return false;
      bucket.left -= 1;
      return true;
    },
  };
}
