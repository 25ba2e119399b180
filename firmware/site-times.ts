/**
 * What the site's settings say about a moment: is the campaign on, is the office open. Pure. While the clock is
 * untrusted neither is held against a citizen: the gateway judges the time at settlement.
 */
import { addDays, dayStartMs, type LocalDay, localDayOf } from "#schemas/local-day.ts";
import type { SiteSettings } from "#schemas/messages.ts";
import type { EntryTime } from "#schemas/time.ts";
import { isOpenAt } from "#schemas/validity.ts";

/** True from the campaign's first day to its last one, both included. */
export function isCampaignOn(site: SiteSettings, time: EntryTime): boolean {
  const { firstDay, lastDay } = site.campaign;
  if (time.clock === "untrusted" || (firstDay === null && lastDay === null)) return true;
  const today = localDayOf(time.wallMs, site.zone);
  return (firstDay === null || today >= firstDay) && (lastDay === null || today <= lastDay);
}

/** True outside the opening hours. They never refuse a vote, they flag it. */
export function isAfterHours(site: SiteSettings | null, time: EntryTime): boolean {
  if (site === null || time.clock === "untrusted") return false;
  return !isOpenAt(time.wallMs, site.zone, site.hours);
}

/** True when a face alone makes a vote: the campaign says so, and it is on. */
export function isWithoutTicket(site: SiteSettings | null, time: EntryTime): boolean {
  return site?.campaign.withoutTicket === true && isCampaignOn(site, time);
}

/** The end of the last day that the gateway has closed; null when none is, or nobody knows in what zone. */
export function closedBeforeMs(
  closedThrough: LocalDay | null,
  site: Pick<SiteSettings, "zone"> | null,
): number | null {
  return closedThrough === null || site === null ? null : dayStartMs(addDays(closedThrough, 1), site.zone);
}
