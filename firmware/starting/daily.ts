/**
 * What a totem does once a day, in rounds of a minute: destroys the keys of days that are over, states each day, counts the minutes it was
 * in service. Only by trusted time that has gone evenly for an hour: none of it can be undone.
 */
import { type LocalDay, localDayOf } from "#schemas/local-day.ts";
import { watchSteadiness } from "#schemas/steady-time.ts";
import type { EntryTime } from "#schemas/time.ts";
import type { DayKeyring, Journal, Log } from "../ports.ts";
import { destroyOldKeys } from "../tickets/key-destruction.ts";
import type { SiteBox } from "./gateway-listener.ts";

/** Where the journal keeps the minutes in service, by day. */
const KEPT_UPTIME = "uptime-minutes";
/** Each time is a commit; a power cut forgets this many minutes at most. */
const KEEP_UPTIME_EVERY = 10;
/** A day's minutes are told by its statement; days that are not stated yet are few. */
const UPTIME_DAYS_MAX = 60;
/** Statements in one round: after months without the time, the session must not wait for all of them. */
const STATEMENTS_PER_ROUND = 20;

export type DailyParts = {
  readonly keyring: DayKeyring;
  readonly journal: Pick<Journal, "append" | "keep" | "kept" | "stateNextDay">;
  readonly site: SiteBox;
  readonly entryTime: () => EntryTime;
  /** 256 random bits in hex. */
  readonly freshSeed: () => string;
  /** Called when the journal holds more than before. */
  readonly onEntries: () => void;
  readonly log: Log;
};

type Uptime = Record<LocalDay, number>;

/** @returns one round, to be made every minute. */
export function openDailyRound(parts: DailyParts): () => Promise<void> {
  const { journal, keyring, site, log } = parts;
  const isSteadyAt = watchSteadiness();
  let uptime: Uptime | null = null;
  let rounds = 0;
  return async () => {
    const time = parts.entryTime();
    const isTrusted = time.clock === "trusted";
    const isSure = isSteadyAt(
      isTrusted ? { wallMs: time.wallMs, monotonicMs: time.monotonicUs / 1_000 } : null,
    );
    const told = await destroyOldKeys({ keyring, journal, settings: () => site.settings }, time, isSure);
    uptime ??= JSON.parse((await journal.kept(KEPT_UPTIME)) ?? "{}") as Uptime;
    if (site.settings !== null && isTrusted) {
      uptime = oneMinuteMore(uptime, localDayOf(time.wallMs, site.settings.zone));
      if (rounds++ % KEEP_UPTIME_EVERY === 0) await journal.keep(KEPT_UPTIME, JSON.stringify(uptime));
    }
    const stated = isSure && site.settings !== null ? await stateDays(parts, time, uptime) : 0;
    if (stated > 0) log.info("days-stated", { days: stated });
    if (told + stated > 0) parts.onEntries();
  };
}

function oneMinuteMore(uptime: Uptime, day: LocalDay): Uptime {
  const days = Object.entries({ ...uptime, [day]: (uptime[day] ?? 0) + 1 });
  return Object.fromEntries(days.toSorted(([a], [b]) => (a < b ? -1 : 1)).slice(-UPTIME_DAYS_MAX));
}

/** States the days that are over; stops at the first that cannot be written. */
async function stateDays(
  { journal, site, freshSeed }: DailyParts,
  time: EntryTime,
  uptimeMinutes: Uptime,
): Promise<number> {
  const zone = site.settings?.zone ?? "UTC";
  for (let days = 0; days < STATEMENTS_PER_ROUND; days++) {
    const stated = await journal.stateNextDay({ time, zone, uptimeMinutes, seed: freshSeed() });
    if (!stated.ok || stated.value === null) return days;
  }
  return STATEMENTS_PER_ROUND;
}
