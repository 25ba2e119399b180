/**
 * When a day closes: at three in the morning of the second day after it, in local time, whoever is missing. Pure.
 */
import { addDays, type LocalDay, localClock, localDayOf } from "#schemas/local-day.ts";

/** A totem that was off over a closed day still sends what it has in time, and the third morning's figures are final. */
export const CLOSES_AFTER_DAYS = 2;
/** After the night's recount, before anybody comes to work. */
export const CLOSES_AT_MINUTE = 3 * 60;

/** The last day that is over and has had its time, in every zone there are sites in. */
export function dayToClose(nowMs: number, zones: readonly string[]): LocalDay {
  const [first = "", ...others] = zones.map((zone) => dayToCloseIn(nowMs, zone));
  return others.reduce((earliest, day) => (day < earliest ? day : earliest), first);
}

function dayToCloseIn(nowMs: number, zone: string): LocalDay {
  const isMorning = localClock(nowMs, zone).minuteOfDay >= CLOSES_AT_MINUTE;
  return addDays(localDayOf(nowMs, zone), isMorning ? -CLOSES_AFTER_DAYS : -CLOSES_AFTER_DAYS - 1);
}
