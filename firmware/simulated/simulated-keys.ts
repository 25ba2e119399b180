/**
 * Simulated keys: small switches that bounce, jam and are found jammed at the start, behind the same port as real ones.
 */
import { KEYS, type Key } from "#schemas/code-list.ts";
import type { KeyEdge, Unsubscribe, WatchableKeys } from "../ports.ts";
import { BOUNCE_MAX_MS, bounce } from "./bouncing.ts";

export type SimulatedKeys = WatchableKeys & {
  /** Presses a key and lets it go; does nothing to a jammed one. */
  readonly press: (key: Key) => void;
  /** Jams a key in its pressed position, or frees it. */
  readonly jam: (key: Key, jammed: boolean) => void;
  readonly isJammed: (key: Key) => boolean;
  readonly close: () => void;
};

/** How long a finger stays on an arcade button. */
const HOLD_MS = 90;

export function simulatedKeys(options: {
  readonly nowMs: () => number;
  readonly random: () => number;
  readonly bounces: boolean;
  readonly jammedAtStart?: readonly Key[];
}): SimulatedKeys {
  const listeners = new Set<(edge: KeyEdge) => void>();
  const jammed = new Set<Key>(options.jammedAtStart);
  const down = new Set<Key>(jammed);
  const holding = new Map<Key, NodeJS.Timeout>();
  const newestMs = new Map<Key, number>();

  const change = (key: Key, active: boolean) => {
    if (down.has(key) === active) return;
    if (active) down.add(key);
    else down.delete(key);
    const settledMs = options.nowMs();
    const bounceMs = options.bounces ? options.random() * BOUNCE_MAX_MS : 0;
    const edges = bounceMs > 0 ? bounce(active, bounceMs, options.random) : [{ active, offsetMs: 0 }];
    for (const edge of edges) {
      // Bounces lie in the past, but no edge comes before the one the kernel told before it.
      const atMs = Math.max(settledMs + edge.offsetMs, newestMs.get(key) ?? Number.NEGATIVE_INFINITY);
      newestMs.set(key, atMs);
      emit({ key, active: edge.active, atMs, initial: false });
    }
  };
  const emit = (edge: KeyEdge) => {
    for (const listener of listeners) listener(edge);
  };

  return {
    onEdge: (listener): Unsubscribe => {
      listeners.add(listener);
      for (const key of KEYS) {
        if (down.has(key)) listener({ key, active: true, atMs: options.nowMs(), initial: true });
      }
      return () => listeners.delete(listener);
    },
    // A simulated line is never lost, and nothing it tells.
    onFault: () => () => undefined,
    lostEdges: () => 0,
    // Nothing stands between a simulated contact and who listens.
    watchContacts: () => () => undefined,
    press: (key) => {
      if (jammed.has(key)) return;
      clearTimeout(holding.get(key));
      change(key, false);
      change(key, true);
      holding.set(
        key,
        setTimeout(() => {
          holding.delete(key);
          if (!jammed.has(key)) change(key, false);
        }, HOLD_MS),
      );
    },
    jam: (key, isJammed) => {
      if (isJammed) jammed.add(key);
      else jammed.delete(key);
      change(key, isJammed);
    },
    isJammed: (key) => jammed.has(key),
    close: () => {
      for (const timer of holding.values()) clearTimeout(timer);
      listeners.clear();
    },
  };
}
