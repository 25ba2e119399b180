/**
 * What a totem believes about the time. Its wall clock counts only when NTP has set it; otherwise the time of a signed
 * receipt of this boot, carried on by the monotonic clock; otherwise the wall clock, marked untrusted. Pure.
 */
import { TIME_MAX_MS } from "#schemas/limits.ts";
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
  const at = (ms: number, clock: EntryTime["clock"]): EntryTime => ({
    // A clock set to nonsense must not make an entry that nobody accepts.
    wallMs: Math.min(Math.max(0, Math.floor(ms)), TIME_MAX_MS),
    monotonicUs,
    bootId,
    clock,
  });
  if (synchronized) return at(wallMs, "trusted");
  if (anchor === null) return at(wallMs, "untrusted");
  return at(anchor.timeMs + (monotonicUs - anchor.monotonicUs) / 1_000, "trusted");
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
