/**
 * How the contacts of each key bounced while they were tested: a histogram of how long each change of level took to
 * settle. Pure; edges come with the kernel's own times, undebounced.
 */
import { KEYS, type Key } from "#schemas/code-list.ts";
import { BOUNCE_BINS_MS, type ReadinessReport } from "#schemas/self-test.ts";

/** Edges nearer than this belong to one change of level; no finger is back within 50 ms. */
const SETTLED_MS = 50;

/** Changes counted of one key: far more than a self-test asks for, and a chattering key does not fill the memory. */
export const CHANGES_MAX = 1_000;

/** A change of a contact; one found closed at the start is nobody's change. */
export type ContactEdge = { readonly key: Key; readonly atMs: number; readonly initial: boolean };

type Burst = { readonly firstMs: number; readonly lastMs: number };

export type Bounces = Readonly<
  Record<Key, { readonly open: Burst | null; readonly counts: readonly number[] }>
>;

export const NO_BOUNCES: Bounces = Object.fromEntries(
  KEYS.map((key) => [key, { open: null, counts: BOUNCE_BINS_MS.map(() => 0) }]),
) as unknown as Bounces;

/** One edge more. */
export function bounced(bounces: Bounces, { key, atMs, initial }: ContactEdge): Bounces {
  if (initial) return bounces;
  const { open, counts } = bounces[key];
  const goesOn = open !== null && atMs - open.lastMs < SETTLED_MS;
  const burst = { firstMs: goesOn ? open.firstMs : atMs, lastMs: Math.max(atMs, open?.lastMs ?? atMs) };
  return { ...bounces, [key]: { open: burst, counts: goesOn ? counts : closed(open, counts) } };
}

/** The histogram of every key, the last change of each included. */
export function bounceReport(bounces: Bounces): NonNullable<ReadinessReport["bounce"]> {
  return KEYS.map((key) => {
    const counts = closed(bounces[key].open, bounces[key].counts);
    return { key, changes: counts.reduce((sum, count) => sum + count, 0), counts: [...counts] };
  });
}

function closed(burst: Burst | null, counts: readonly number[]): readonly number[] {
  if (burst === null || counts.reduce((sum, count) => sum + count, 0) >= CHANGES_MAX) return counts;
  const tookMs = burst.lastMs - burst.firstMs;
  const bin = BOUNCE_BINS_MS.findIndex((upToMs) => tookMs <= upToMs);
  const last = BOUNCE_BINS_MS.length - 1;
  return counts.map((count, index) => (index === (bin === -1 ? last : bin) ? count + 1 : count));
}
