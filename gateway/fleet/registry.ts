/**
 * The registered totems as the broker and the ingest need them: at hand, without asking the database for each packet.
 * A totem that another process registers, or registers anew with other keys, is found at its second attempt.
 */
import type { KeyObject } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { publicKeyFromHex } from "#schemas/signature.ts";
import type { Store, TotemRecord } from "../store/store.ts";

export type Registry = {
  readonly find: (totemId: string) => TotemRecord | null;
  readonly journalKey: (totemId: string) => KeyObject | null;
  /** Somebody was not believed: looks whether the totems were registered anew since. */
  readonly lookAgain: () => void;
};

/** A stranger who keeps knocking must not keep the database busy. */
const RELOAD_EVERY_MS = 1_000;

/** Loads all totems. @param parts.onNew called when some were registered since, for the first time or anew. */
export async function openRegistry(parts: {
  readonly store: Pick<Store, "totems">;
  readonly nowMs: () => number;
  readonly onNew: () => void;
  /** The store could not be read: what was known before stays. */
  readonly onFailed: (error: Error) => void;
}): Promise<Registry> {
  let totems = new Map<string, TotemRecord>();
  let keys = new Map<string, KeyObject>();
  let loadedMs = 0;
  const load = async () => {
    loadedMs = parts.nowMs();
    const all = await parts.store.totems();
    const areNew = all.some((totem) => !isDeepStrictEqual(totem, totems.get(totem.totemId)));
    totems = new Map(all.map((totem) => [totem.totemId, totem]));
    keys = new Map(all.map((totem) => [totem.totemId, publicKeyFromHex(totem.publicKey)]));
    return areNew;
  };
  const lookAgain = () => {
    // A clock that was set back must not keep the door shut.
    if (Math.abs(parts.nowMs() - loadedMs) < RELOAD_EVERY_MS) return;
    load().then((areNew) => {
      if (areNew) parts.onNew();
    }, parts.onFailed);
  };
  await load();
  return {
    find: (totemId) => totems.get(totemId) ?? null,
    journalKey: (totemId) => {
      const key = keys.get(totemId);
      if (key === undefined) lookAgain();
      return key ?? null;
    },
    lookAgain,
  };
}
