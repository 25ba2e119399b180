/**
 * The totem's day keys, in a file of their own beside the journal: no copy of the journal, not even of one that was set aside as
 * damaged, holds a key that tells which ticket a mark was made of. Destroys the keys of days that are over; never moves back.
 */
import { existsSync, readFileSync } from "node:fs";
import {
  type DayKey,
  dayKeyText,
  FRESH_AHEAD_DAYS,
  type KeyScope,
  keysOn,
  movedOn,
  parseDayKeys,
  withKey,
} from "#schemas/day-keys.ts";
import { addDays, type LocalDay } from "#schemas/local-day.ts";
import type { SealedKeys } from "#schemas/sealed-keys.ts";
import { writeSecret } from "#schemas/secret-file.ts";
import type { DayKeyring } from "../ports.ts";

export type KeyringParts = {
  readonly file: string;
  readonly siteId: string;
  /** Called when the file does not hold keys: the totem goes on without any until the gateway has sent them again. */
  readonly onUnreadable: (where: string) => void;
};

/** Today's and yesterday's of a site and its fifty offices. */
const MADE_MAX = 102;

/** Opens the keyring; one that was never given any key is empty. */
export function openDayKeyring({ file, siteId, onUnreadable }: KeyringParts): DayKeyring {
  const site: KeyScope = `site/${siteId}`;
  const read = existsSync(file) ? parseDayKeys(readFileSync(file, "utf8")) : null;
  if (read !== null && !read.ok) onUnreadable(read.problem.where);
  let keys: readonly DayKey[] = read?.ok ? read.value : [];
  /** Made for the last days that were asked for: a scan must not wait for it each time. */
  const made = new Map<string, readonly Buffer[]>();
  const change = (next: readonly DayKey[]) => {
    if (next === keys) return;
    // First the file: what is destroyed in memory only would be back at the next start.
    writeSecret(file, dayKeyText(next));
    keys = next;
    made.clear();
  };
  const keysOfDay = (scope: KeyScope, day: LocalDay): readonly Buffer[] => {
    const name = `${scope} ${day}`;
    const known = made.get(name);
    if (known !== undefined) return known;
    if (made.size >= MADE_MAX) made.clear();
    const found = keysOn(keys, scope, day);
    made.set(name, found);
    return found;
  };
  const isKnown = (scope: KeyScope) => keys.some((key) => key.scope === scope);
  return {
    siteKeys: (day) => {
      const found = keysOfDay(site, day);
      if (found.length > 0) return found;
      const oldest = oldestDays(keys).get(site);
      if (oldest === undefined) return "none";
      return day < oldest ? "destroyed" : "ahead";
    },
    oldestSiteDay: () => oldestDays(keys).get(site) ?? null,
    officeKeys: (officeId, day) => keysOfDay(`office/${officeId}`, day),
    take: (sealed, day, today) => {
      if (isKnown(site) && !isOfNow(day, today)) return false;
      change(given(sealed, site, day).reduce(withKey, keys));
      return true;
    },
    destroyBefore: (day) => change(movedOn(keys, day).keys),
    oldestDays: () => oldestDays(keys),
  };
}

/**
 * Keys of days that are over, as far as two clocks may disagree about it, are old ones sent again by somebody: they must not bring back
 * what was destroyed. Fresh ones are told so many days ahead. Without the time nobody can tell, and the keys that are held go on by
 * themselves.
 */
function isOfNow(day: LocalDay, today: LocalDay | null): boolean {
  return today !== null && addDays(today, -1) <= day && day <= addDays(today, FRESH_AHEAD_DAYS + 1);
}

function given({ site, offices }: SealedKeys, scope: KeyScope, fromDay: LocalDay): readonly DayKey[] {
  return [
    { scope, fromDay, key: Buffer.from(site, "hex") },
    ...offices.map(({ officeId, key }) => ({
      scope: `office/${officeId}` as const,
      fromDay,
      key: Buffer.from(key, "hex"),
    })),
  ];
}

function oldestDays(keys: readonly DayKey[]): ReadonlyMap<KeyScope, LocalDay> {
  const days = new Map<KeyScope, LocalDay>();
  for (const { scope, fromDay } of keys) {
    const known = days.get(scope);
    if (known === undefined || fromDay < known) days.set(scope, fromDay);
  }
  return days;
}
