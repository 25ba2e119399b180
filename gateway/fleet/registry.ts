/**
 * The registered totems as the broker and the ingest need them: at hand, without asking the database for each packet.
 * A totem registered by another process is found at its second attempt to connect.
 */
import type { KeyObject } from "node:crypto";
import { publicKeyFromHex } from "#schemas/signature.ts";
import type { Store, TotemRecord } from "../store/store.ts";

export type Registry = {
  readonly find: (totemId: string) => TotemRecord | null;
  readonly journalKey: (totemId: string) => KeyObject | null;
};

/** A stranger who keeps knocking must not keep the database busy. */
const RELOAD_EVERY_MS = 1_000;

/** Loads all totems. @param onNew called with totems that appeared since. */
export async function openRegistry(parts: {
  readonly store: Pick<Store, "totems">;
  readonly nowMs: () => number;
  readonly onNew: () => void;
}): Promise<Registry> {
  let totems = new Map<string, TotemRecord>();
  let keys = new Map<string, KeyObject>();
  let loadedMs = 0;
  const load = async () => {
    loadedMs = parts.nowMs();
    const all = await parts.store.totems();
    const isNew = totems.size > 0 && all.some((totem) => !totems.has(totem.totemId));
    totems = new Map(all.map((totem) => [totem.totemId, totem]));
    keys = new Map(all.map((totem) => [totem.totemId, publicKeyFromHex(totem.publicKey)]));
    if (isNew) parts.onNew();
  };
  const missed = () => {
    if (parts.nowMs() - loadedMs >= RELOAD_EVERY_MS) void load();
    return null;
  };
  await load();
  return {
    find: (totemId) => totems.get(totemId) ?? missed(),
    journalKey: (totemId) => keys.get(totemId) ?? null,
  };
}
