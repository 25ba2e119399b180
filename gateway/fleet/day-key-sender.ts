/**
 * Sends a totem the keys of the day, sealed to its own key and signed, whenever it connects, and each day: one that is new, was set up anew or
 * had to begin without its file has them a moment later. Never retained: the broker keeps nothing of it.
 */
import type { SiteSetting } from "#schemas/gateway-settings.ts";
import { sealKeys } from "#schemas/sealed-keys.ts";
import { type SigningKey, signMessage } from "#schemas/signature.ts";
import type { Downlink } from "#schemas/topics.ts";
import type { Log } from "../log.ts";
import type { TotemRecord } from "../store/store.ts";
import type { DayKeyStore } from "../tickets/day-key-store.ts";

export type DayKeySenderParts = {
  readonly find: (totemId: string) => TotemRecord | null;
  readonly site: (siteId: string) => SiteSetting | undefined;
  readonly dayKeys: Pick<DayKeyStore, "ofSite" | "freshOfSite">;
  readonly key: SigningKey;
  readonly log: Pick<Log, "error">;
  readonly send: (totemId: string, kind: Downlink, message: object) => void;
};

/** Sends its site's keys of today, and those of a day to come, to one totem; to one whose site nobody knows, nothing. */
export async function sendDayKeys(parts: DayKeySenderParts, totemId: string): Promise<void> {
  const totem = parts.find(totemId);
  const site = totem === null ? undefined : parts.site(totem.siteId);
  if (totem === null || site === undefined) return parts.log.error("keys-for-nobody", { totem: totemId });
  // Today's first: a totem without any takes the first that comes.
  for (const { day, keys } of [parts.dayKeys.ofSite(site), parts.dayKeys.freshOfSite(site)]) {
    const sealed = await sealKeys(keys, { totemId, day }, totem.publicKey);
    parts.send(totemId, "keys", signMessage("keys", { totemId, day, sealed }, parts.key));
  }
}
