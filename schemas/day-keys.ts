/**
 * The keys of the day: a site's, under which its tickets' marks are made, and an office's, which proves its short tickets.
 * Each day's key comes from the one before and cannot be turned back: who holds today's makes tomorrow's without a network,
 * and once a day's key is destroyed nobody can tell any more which ticket a mark was made of. Pure.
 */
import { hkdfSync } from "node:crypto";
import { calendarDay } from "./entry-time.ts";
import { OFFICES_MAX, SITES_MAX } from "./limits.ts";
import { addDays, dayNumber, isLocalDay, type LocalDay, localDayOf } from "./local-day.ts";
import { fail, ok, type Result } from "./result.ts";
import { hex, list, pattern, record, type ShapeProblem, shape } from "./shape.ts";
import { MINUTE_MS } from "./time.ts";

/** 256 bits, as long as the hash that moves it on. */
export const DAY_KEY_BYTES = 32;

/** Whose key it is: `site/municipio`, `office/anagrafe`. */
export type KeyScope = `site/${string}` | `office/${string}`;

/** A chain of keys from one day on: the key of that day, from which those of all later days follow. */
export type DayKey = { readonly scope: KeyScope; readonly fromDay: LocalDay; readonly key: Buffer };

/**
 * How far ahead of the oldest key held a later one is made: a totem that has not known the time for more than a year has to
 * be looked after, and no ticket may make it work through a century.
 */
export const DAYS_AHEAD_MAX = 400;

/**
 * Days before its first one that a fresh chain of a site is told to its totems: whoever copied today's key makes the keys of no more than
 * twice as many days, and a totem that had a network once in these days has the same key as the others.
 */
export const FRESH_AHEAD_DAYS = 14;

/**
 * Chains of one scope held at once. A gateway that lost its keys begins a new chain; the one before still tells what was used a
 * moment ago. The third is the one that was told for a day to come.
 */
const CHAINS_MAX = 3;

/** Day keys as they lie in a file: of a gateway at most those of all sites and offices there can be. */
export const DAY_KEY_FILE = shape(
  "day-key-file",
  record({
    keys: list(
      record({
        scope: pattern("^(site|office)/[a-z0-9-]{1,40}$", 47, "whose key it is"),
        fromDay: calendarDay(),
        key: hex(DAY_KEY_BYTES),
      }),
      (SITES_MAX + OFFICES_MAX) * CHAINS_MAX,
    ),
  }),
);

/** The next day's key: HKDF-SHA-256 (RFC 5869) without salt, its info the scope and the day it is for. */
function nextKey(key: Buffer, scope: KeyScope, day: LocalDay): Buffer {
  return Buffer.from(hkdfSync("sha256", key, "", `faccine/v1/day-key/${scope}/${day}`, DAY_KEY_BYTES));
}

/**
 * The keys that may be in use on a day, the one in force first; more than one only after the gateway lost its keys.
 * @returns none for a day whose key was destroyed or is too far ahead.
 */
export function keysOn(keys: readonly DayKey[], scope: KeyScope, day: LocalDay): readonly Buffer[] {
  return keys
    .filter((key) => key.scope === scope && key.fromDay <= day)
    .filter(({ fromDay }) => dayNumber(day) - dayNumber(fromDay) <= DAYS_AHEAD_MAX)
    .map((key) => movedTo(key, day).key)
    .toReversed();
}

/** The keys with one that came from the gateway; unchanged when it is what is in force already. */
export function withKey(keys: readonly DayKey[], fresh: DayKey): readonly DayKey[] {
  const inForce = keysOn(keys, fresh.scope, fresh.fromDay)[0];
  if (inForce?.equals(fresh.key) === true) return keys;
  const others = keys.filter(({ scope }) => scope !== fresh.scope);
  const before = keys.filter(({ scope, fromDay }) => scope === fresh.scope && fromDay <= fresh.fromDay);
  return [...others, ...before.slice(1 - CHAINS_MAX), fresh];
}

/** The day of a scope's first chain that begins after a day; null when none was begun yet. */
export function freshDayAfter(keys: readonly DayKey[], scope: KeyScope, day: LocalDay): LocalDay | null {
  return keys.find((key) => key.scope === scope && key.fromDay > day)?.fromDay ?? null;
}

/** What moving on leaves, and the day up to which the keys of each scope were destroyed. */
export type MovedOn = {
  readonly keys: readonly DayKey[];
  readonly destroyed: readonly { readonly scope: KeyScope; readonly throughDay: LocalDay }[];
};

/** Destroys the keys of all days before `day`: they are in what is returned no more, and cannot be made from it. */
export function movedOn(keys: readonly DayKey[], day: LocalDay): MovedOn {
  const old = keys.filter(({ fromDay }) => fromDay < day);
  if (old.length === 0) return { keys, destroyed: [] };
  // A chain that was replaced served tickets of days before only.
  const isReplaced = (key: DayKey, at: number) =>
    keys.some((other, place) => place > at && other.scope === key.scope && other.fromDay < day);
  const left = keys.filter((key, at) => !isReplaced(key, at));
  return {
    keys: left.map((key) => (key.fromDay < day ? movedTo(key, day) : key)),
    destroyed: [...new Set(old.map(({ scope }) => scope))].map((scope) => ({
      scope,
      throughDay: addDays(day, -1),
    })),
  };
}

/**
 * The oldest day of which a ticket may still be good, by trusted time: the keys of days before it are to be destroyed.
 * @param rules validity of a ticket and how far clocks may differ, in minutes.
 */
export function oldestKeyDay(
  nowMs: number,
  zone: string,
  rules: { readonly validMinutes: number; readonly skewMinutes: number },
): LocalDay {
  // The whole last minute of a day is granted (`ticketSpan`), and ends where the next day begins.
  return localDayOf(nowMs - (rules.validMinutes + rules.skewMinutes) * MINUTE_MS, zone);
}

/** The text of a file that holds these keys. */
export function dayKeyText(keys: readonly DayKey[]): string {
  const file = {
    keys: keys.map(({ scope, fromDay, key }) => ({ scope, fromDay, key: key.toString("hex") })),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** Reads such a file. The problem names the place, never what stands there. */
export function parseDayKeys(text: string): Result<readonly DayKey[], ShapeProblem> {
  const parsed = DAY_KEY_FILE.parse(jsonOf(text));
  if (!parsed.ok) return fail(parsed.problem);
  const wrong = parsed.value.keys.findIndex(({ fromDay }) => !isLocalDay(fromDay));
  if (wrong >= 0) {
    const where = `/keys/${wrong}/fromDay`;
    return fail({ shape: DAY_KEY_FILE.name, where, expected: "must be in the calendar" });
  }
  return ok(
    parsed.value.keys.map(({ scope, fromDay, key }) => ({
      scope: scope as KeyScope,
      fromDay,
      key: Buffer.from(key, "hex"),
    })),
  );
}

function movedTo(from: DayKey, day: LocalDay): DayKey {
  let { fromDay, key } = from;
  while (fromDay < day) {
    fromDay = addDays(fromDay, 1);
    key = nextKey(key, from.scope, fromDay);
  }
  return { scope: from.scope, fromDay, key };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
