/**
 * Joins what the gateway does by itself with what it works with: recount, retention, closing with backup and proof, day keys.
 */
import type { GatewaySettings } from "#schemas/gateway-settings.ts";
import type { SigningKey } from "#schemas/signature.ts";
import { noteRedShares } from "./alerts/note-red-shares.ts";
import { backUp } from "./backup/nightly-backup.ts";
import { closeDays } from "./close-days.ts";
import type { Directory } from "./directory.ts";
import type { Log } from "./log.ts";
import { tellPublic } from "./proof/tell-public.ts";
import { monthFiles } from "./publication/month-files.ts";
import { publishMonths } from "./publication/write-publication.ts";
import { type Rounds, startRounds } from "./rounds.ts";
import type { Store } from "./store/store.ts";
import type { DayKeyStore } from "./tickets/day-key-store.ts";

export type NightParts = {
  readonly settings: GatewaySettings;
  readonly store: Store;
  readonly log: Log;
  readonly nowMs: () => number;
  readonly randomBytes: (size: number) => Buffer;
};

/** Starts the rounds over what the gateway works with. */
export function startNights(
  parts: NightParts,
  joined: {
    readonly directory: Directory;
    readonly key: SigningKey;
    readonly dayKeys: DayKeyStore;
    readonly announce: () => Promise<void>;
    readonly sendKeys: (totemId: string) => Promise<void>;
  },
): Rounds {
  const { directory, key, dayKeys, announce, sendKeys } = joined;
  const sendToAll = async () => {
    for (const { totemId } of await parts.store.totems()) await sendKeys(totemId);
  };
  const closing = {
    ...parts,
    isWatching: parts.settings.campaign.agreement !== null,
    backUp: (closeThrough: string) => backUp(parts, closeThrough),
    publish: () => tellPublic({ ...parts, directory, key }),
  };
  // Also when no day closes: the public folder is there from the first start on, and a month whose day came while the gateway was off.
  const published = publishMonths({ ...parts, directory, files: monthFiles({ ...parts, directory }) }).catch(
    (error: Error) => parts.log.error("months-not-published", { message: error.message }),
  );
  const rounds = startRounds({
    ...{ ...parts, directory, onKeysChanged: announce },
    destroyOldKeys: () => {
      const destroyed = dayKeys.destroyOld();
      const failed = (error: Error) => parts.log.error("keys-not-sent", { message: error.message });
      // Once a day: a totem that stays connected for weeks hears of fresh keys, too.
      if (destroyed > 0) sendToAll().catch(failed);
      return destroyed;
    },
    monotonicMs: () => performance.now(),
    closeDays: async (through) => {
      const closed = await closeDays(closing, through);
      await noteRedShares({ ...parts, directory }, through);
      return closed;
    },
  });
  return {
    close: async () => {
      await published;
      await rounds.close();
    },
  };
}
