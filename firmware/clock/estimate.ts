/**
 * What a totem believes about the time. Its wall clock counts only when NTP has set it; otherwise the time of a signed
 * receipt of this boot, carried on by the monotonic clock; otherwise the wall clock, marked untrusted. Pure.
 */
import type { EntryTime } from "#schemas/time.ts";

/** One look at the machine's clocks. */
export type ClockReading = {
  readonly wallMs: number;
  readonly monotonicUs: number;
  readonly bootId: string;
  /** NTP or a battery-backed clock has set the wall clock. */
  readonly synchronized: boolean;
};

/** A moment whose true time is known: when a signed receipt arrived. */
export type Anchor = { readonly timeMs: number; readonly monotonicUs: number };

/** The time to store with an entry. */
export function entryTimeOf(reading: ClockReading, anchor: Anchor | null): EntryTime {
  const { wallMs, monotonicUs, bootId, synchronized } = reading;
  if (synchronized) return { wallMs, monotonicUs, bootId, clock: "trusted" };
  if (anchor === null) return { wallMs: Math.max(0, wallMs), monotonicUs, bootId, clock: "untrusted" };
  const sinceMs = Math.floor((monotonicUs - anchor.monotonicUs) / 1_000);
  return { wallMs: anchor.timeMs + sinceMs, monotonicUs, bootId, clock: "trusted" };
}

/**
 * The anchor after a signed receipt. Receipts can be kept back and replayed, never made up: time taken from them may
 * only move forward, and never below the latest time this totem ever trusted.
 */
export function anchorAfter(anchor: Anchor | null, received: Anchor, floorMs: number): Anchor | null {
  if (received.timeMs < floorMs) return anchor;
  if (anchor === null) return received;
  const expectedMs = anchor.timeMs + (received.monotonicUs - anchor.monotonicUs) / 1_000;
  return received.timeMs >= expectedMs ? received : anchor;
}
