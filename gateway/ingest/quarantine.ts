/**
 * Sets aside what a totem said and could not be understood, once, with its reason, and raises the alarm (promise 5).
 * Answers nobody, and is full at a limit the store keeps.
 */
import { createHash, type KeyObject } from "node:crypto";
import { BATCH_BYTES_MAX } from "#schemas/limits.ts";
import { MINUTE_MS } from "#schemas/time.ts";
import type { Log } from "../log.ts";
import type { Store } from "../store/store.ts";

export type Aside = { readonly totemId: string; readonly payload: Buffer; readonly receivedMs: number };

export type Quarantine = (aside: Aside, reason: string) => Promise<void>;

/** A quarantine that is full says so once a minute: whoever keeps filling it must not keep the database busy. */
const FULL_AGAIN_MS = MINUTE_MS;

export function openQuarantine(parts: {
  readonly store: Pick<Store, "quarantine" | "raiseAlarm">;
  readonly log: Log;
  /** What is set aside here, as alarm and log name it. */
  readonly what: "batch" | "message";
  /** The registered journal key of a totem, or null for a stranger. */
  readonly journalKey: (totemId: string) => KeyObject | null;
  readonly onCounted: (what: "quarantined", count: number) => void;
}): Quarantine {
  const { store, log, what, onCounted, journalKey } = parts;
  const fullSaidMs = new Map<string, number>();
  return async ({ totemId, payload, receivedMs }, reason) => {
    // Strangers may call themselves anything: they share one room and one alarm.
    const pool = journalKey(totemId) === null ? "" : totemId;
    const sha256 = createHash("sha256").update(payload).digest("hex");
    // An outside broker may let longer messages pass than any batch is.
    const kept = payload.subarray(0, BATCH_BYTES_MAX);
    try {
      const outcome = await store.quarantine({ pool, totemId, reason, sha256, payload: kept, receivedMs });
      if (outcome === "known") return;
      onCounted("quarantined", 1);
      log.warn(`${what}-quarantined`, { totem: totemId, reason, bytes: payload.length });
      if (outcome === "full") {
        if (receivedMs - (fullSaidMs.get(pool) ?? Number.NEGATIVE_INFINITY) < FULL_AGAIN_MS) return;
        fullSaidMs.set(pool, receivedMs);
      }
      const code = outcome === "full" ? "quarantine-full" : (`${what}-quarantined` as const);
      const detail = `${reason}, ${payload.length} bytes, ${sha256.slice(0, 12)}`;
      await store.raiseAlarm(code, pool, detail, receivedMs);
    } catch (error) {
      log.error("quarantine-failed", { totem: totemId, reason, message: (error as Error).message });
    }
  };
}
