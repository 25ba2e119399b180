/**
 * The gateway's day keys: a site's, which it holds only to seal it to the site's totems, and an office's, with which it also
 * proves short tickets. They lie in one file, go on from day to day, and are destroyed when the last ticket of a day is over;
 * no backup may hold them.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  DAY_KEY_BYTES,
  type DayKey,
  dayKeyText,
  FRESH_AHEAD_DAYS,
  freshDayAfter,
  type KeyScope,
  keysOn,
  movedOn,
  oldestKeyDay,
  parseDayKeys,
  withKey,
} from "#schemas/day-keys.ts";
import type { GatewaySettings, SiteSetting } from "#schemas/gateway-settings.ts";
import { addDays, type LocalDay, localDayOf } from "#schemas/local-day.ts";
import type { SealedKeys } from "#schemas/sealed-keys.ts";
import { writeSecret } from "#schemas/secret-file.ts";
import { watchSteadiness } from "#schemas/steady-time.ts";

export type DayKeyParts = {
  readonly dataDir: string;
  readonly sites: readonly SiteSetting[];
  readonly ticketRules: GatewaySettings["tickets"];
  readonly nowMs: () => number;
  /** A clock that nobody can set: keys are destroyed by time that has gone evenly. */
  readonly monotonicMs: () => number;
  readonly randomBytes: (size: number) => Buffer;
};

export type DayKeyStore = {
  /** What the totems of a site need today. */
  readonly ofSite: (site: SiteSetting) => { readonly day: LocalDay; readonly keys: SealedKeys };
  /** What they need from a day to come on, made from nothing that anybody holds today. Offices' keys go on as they are. */
  readonly freshOfSite: (site: SiteSetting) => { readonly day: LocalDay; readonly keys: SealedKeys };
  /** An office's key of a day; null once it is destroyed. */
  readonly ofOffice: (officeId: string, day: LocalDay) => Buffer | null;
  /** A site's key of a day, for the marks of its tickets; null once it is destroyed. */
  readonly ofSiteOn: (siteId: string, day: LocalDay) => Buffer | null;
  /** To be called every minute: destroys the keys of days whose tickets are all over. @returns of how many scopes. */
  readonly destroyOld: () => number;
};

/** The file, in the folder of the gateway's keys. */
export function dayKeyFile(dataDir: string): string {
  return join(dataDir, "keys", "day-keys.json");
}

/** Opens the store, making today's keys where there are none. @throws for a file that does not hold keys, with what to do. */
export function openDayKeys(parts: DayKeyParts): DayKeyStore {
  const { sites, ticketRules, nowMs, randomBytes } = parts;
  const file = dayKeyFile(parts.dataDir);
  let keys = readKeys(file);
  const change = (next: readonly DayKey[]) => {
    if (next === keys) return;
    writeSecret(file, dayKeyText(next));
    keys = next;
  };
  const keyOn = (scope: KeyScope, day: LocalDay) => keysOn(keys, scope, day)[0] ?? null;
  const ensured = (scope: KeyScope, day: LocalDay): Buffer => {
    const known = keyOn(scope, day);
    if (known !== null) return known;
    const key = randomBytes(DAY_KEY_BYTES);
    change(withKey(keys, { scope, fromDay: day, key }));
    return key;
  };
  const freshOfSite = ({ siteId, zone }: SiteSetting) => {
    const scope: KeyScope = `site/${siteId}`;
    const today = localDayOf(nowMs(), zone);
    const coming = freshDayAfter(keys, scope, today);
    const day = coming ?? addDays(today, FRESH_AHEAD_DAYS);
    if (coming === null) change(withKey(keys, { scope, fromDay: day, key: randomBytes(DAY_KEY_BYTES) }));
    const key = keyOn(scope, day);
    if (key === null) throw new Error(`no key of ${scope} on ${day}`);
    return { day, keys: { site: key.toString("hex"), offices: [] } };
  };
  const isSteadyAt = watchSteadiness();
  const destroyOld = () => {
    if (!isSteadyAt({ wallMs: nowMs(), monotonicMs: parts.monotonicMs() })) return 0;
    const destroyed = sites.flatMap((site) => {
      const mine = new Set<KeyScope>(scopesOf(site));
      const moved = movedOn(
        keys.filter(({ scope }) => mine.has(scope)),
        oldestKeyDay(nowMs(), site.zone, ticketRules),
      );
      if (moved.destroyed.length > 0) {
        change([...keys.filter(({ scope }) => !mine.has(scope)), ...moved.keys]);
      }
      return moved.destroyed;
    });
    return destroyed.length;
  };
  const known = new Set(sites.flatMap(scopesOf));
  // Of what the settings name no more nobody would say when its day is over.
  if (keys.some(({ scope }) => !known.has(scope))) change(keys.filter(({ scope }) => known.has(scope)));
  for (const site of sites) {
    const today = localDayOf(nowMs(), site.zone);
    for (const scope of scopesOf(site)) ensured(scope, today);
  }
  return {
    ofSite: (site) => {
      const day = localDayOf(nowMs(), site.zone);
      const offices = shortOffices(site).map(({ officeId }) => ({
        officeId,
        key: ensured(`office/${officeId}`, day).toString("hex"),
      }));
      return { day, keys: { site: ensured(`site/${site.siteId}`, day).toString("hex"), offices } };
    },
    freshOfSite,
    ofOffice: (officeId, day) => keyOn(`office/${officeId}`, day),
    ofSiteOn: (siteId, day) => keyOn(`site/${siteId}`, day),
    destroyOld,
  };
}

function scopesOf(site: SiteSetting): readonly KeyScope[] {
  return [`site/${site.siteId}`, ...shortOffices(site).map(({ officeId }) => `office/${officeId}` as const)];
}

function shortOffices({ offices }: SiteSetting): SiteSetting["offices"] {
  return offices.filter(({ tickets }) => tickets?.profiles.includes("short") === true);
}

/** Keys are never replaced by themselves: until the totems have the new ones, a ticket could be used twice. */
function readKeys(file: string): readonly DayKey[] {
  if (!existsSync(file)) return [];
  const read = parseDayKeys(readFileSync(file, "utf8"));
  if (read.ok) return read.value;
  throw new Error(
    `${file} does not hold day keys (${read.problem.where}: ${read.problem.expected}): move it away to begin with new ones; for an hour, a ticket may then be used at two totems`,
  );
}
