/**
 * Notices that the keys in force have changed: a command beside the gateway made or ended one, or one has run out. Then totems
 * are told.
 */
import { MINUTE_MS } from "#schemas/time.ts";
import type { Log } from "../log.ts";
import type { Store } from "../store/store.ts";
import { isInForce } from "../tickets/keys-in-force.ts";

/** A revoked key is refused within about this long wherever there is a network; the look costs one small query. */
const LOOK_EVERY_MS = MINUTE_MS;

export type KeyWatch = { readonly close: () => Promise<void> };

export function watchKeys(parts: {
  readonly store: Pick<Store, "issuerKeys">;
  readonly nowMs: () => number;
  readonly log: Pick<Log, "info" | "error">;
  readonly onChanged: () => Promise<void>;
}): KeyWatch {
  const { store, nowMs, log, onChanged } = parts;
  let known: string | null = null;
  const look = async () => {
    const keys = (await store.issuerKeys()).filter((key) => isInForce(key, nowMs()));
    const inForce = keys.map(({ issuerKeyId }) => issuerKeyId).join(" ");
    if (known !== null && known !== inForce) {
      log.info("issuer-keys-changed", { inForce: keys.length });
      await onChanged();
    }
    // Only now: what failed is tried at the next look. Without a broker, its return tells all totems everything.
    known = inForce;
  };
  let running: Promise<void> | null = null;
  const looked = () => {
    // One look at a time: a store that does not answer must not collect questions.
    running ??= look()
      .catch((error: Error) => log.error("key-watch-failed", { message: error.message }))
      .finally(() => {
        running = null;
      });
  };
  const timer = setInterval(looked, LOOK_EVERY_MS);
  looked();
  return {
    close: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
