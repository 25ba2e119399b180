/**
 * Destroys the day keys that no ticket needs any more and tells it in the journal, each day once, whatever happens in between.
 * Only trusted time that has gone evenly for an hour counts: a wrong clock must neither destroy a key early nor, once it is right
 * again, keep one late.
 */
import { type KeyScope, oldestKeyDay } from "#schemas/day-keys.ts";
import type { KeysEntry } from "#schemas/entry.ts";
import { addDays, type LocalDay } from "#schemas/local-day.ts";
import type { SiteSettings } from "#schemas/messages.ts";
import type { EntryTime } from "#schemas/time.ts";
import type { DayKeyring, Journal } from "../ports.ts";

/** Where the journal keeps through which day each scope's destruction has been told. */
const KEPT_TOLD = "keys-told";

export type DestructionParts = {
  readonly keyring: DayKeyring;
  readonly journal: Pick<Journal, "append" | "keep" | "kept">;
  readonly settings: () => Pick<SiteSettings, "zone" | "ticketRules"> | null;
};

/**
 * One round.
 * @param isTimeSure the clock is trusted and has gone evenly for an hour.
 * @returns how many scopes' destruction was told; the journal holds as many entries more.
 * @throws when the file of keys cannot be written: the keys are still held, and the next round tries again.
 */
export async function destroyOldKeys(
  parts: DestructionParts,
  time: EntryTime,
  isTimeSure: boolean,
): Promise<number> {
  const { keyring, journal } = parts;
  const settings = parts.settings();
  if (settings !== null && isTimeSure) {
    keyring.destroyBefore(oldestKeyDay(time.wallMs, settings.zone, settings.ticketRules));
  }
  const told = toldIn(await journal.kept(KEPT_TOLD));
  const gone = [...keyring.oldestDays()].map(([scope, oldest]) => [scope, addDays(oldest, -1)] as const);
  // The day before a scope's first key was never this totem's to destroy.
  const untold = gone.filter(([scope, day]) => (told.get(scope) ?? day) < day);
  for (const [scope, day] of untold) {
    const stored = await journal.append(entryOf(scope, day, time));
    if (!stored.ok) return 0;
  }
  const isNews = untold.length > 0 || gone.some(([scope]) => !told.has(scope));
  if (isNews) await journal.keep(KEPT_TOLD, JSON.stringify(Object.fromEntries([...told, ...gone])));
  return untold.length;
}

/** The key of this day and of all before it that were still held. */
function entryOf(scope: KeyScope, day: LocalDay, time: EntryTime): KeysEntry {
  const [key, keyId] = scope.split("/") as ["site" | "office", string];
  return { kind: "keys", time, key, keyId, day, state: "destroyed" };
}

/** Written by this file alone; what cannot be read is told again from here on. */
function toldIn(text: string | null): ReadonlyMap<string, LocalDay> {
  return new Map(Object.entries(JSON.parse(text ?? "{}") as Record<string, LocalDay>));
}
