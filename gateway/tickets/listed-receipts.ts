/**
 * Reads a list of receipts that an office's queue system says it gave out, into their marks. Keeps no code, and repeats none when it says
 * what is wrong. Pure.
 */
import type { OfficeSetting, SiteSetting } from "#schemas/gateway-settings.ts";
import { addDays, isLocalDay, type LocalDay, localDayOf, localMinuteMs } from "#schemas/local-day.ts";
import { markOf } from "#schemas/mark.ts";
import { compilePlainPattern } from "#schemas/plain-pattern.ts";
import { type PlainRules, type PlainTicket, plainForm, readPlainTicket } from "#schemas/plain-ticket.ts";
import { fail, ok, type Result } from "#schemas/result.ts";
import { MINUTE_MS } from "#schemas/time.ts";
import type { ListedReceipt } from "../store/listed-store.ts";

export type ListContext = {
  readonly site: SiteSetting;
  readonly office: OfficeSetting;
  readonly nowMs: number;
  readonly skewMinutes: number;
  /** The site's key of a day; null once it is destroyed. */
  readonly siteKeyOn: (day: LocalDay) => Buffer | null;
};

/** Problems named of one list; the rest are most likely the same. */
const PROBLEMS_MAX = 20;

/** @returns a mark for each code, in their order; or what is wrong, by the code's position. */
export function readListed(
  { codes, day }: { readonly codes: readonly string[]; readonly day?: LocalDay | undefined },
  context: ListContext,
): Result<readonly ListedReceipt[], readonly string[]> {
  const rules = plainRules(context.office);
  if (rules === null) return fail([`office: ${context.office.officeId} takes no plain receipts`]);
  if (day !== undefined && !isLocalDay(day)) return fail([`day = ${day}: is in no calendar`]);
  const today = localDayOf(context.nowMs, context.site.zone);
  const receipts: ListedReceipt[] = [];
  const problems: string[] = [];
  for (const [at, code] of codes.entries()) {
    const read = readOne(code, { rules, day, today }, context);
    if (read.ok) receipts.push(read.value);
    else problems.push(`codes, number ${at + 1}: ${read.problem}`);
    if (problems.length === PROBLEMS_MAX) break;
  }
  return problems.length === 0 ? ok(receipts) : fail(problems);
}

function plainRules({ tickets }: OfficeSetting): PlainRules | null {
  if (tickets?.plain === undefined || !tickets.profiles.includes("plain")) return null;
  const pattern = compilePlainPattern(tickets.plain.pattern);
  return pattern.ok ? { pattern: pattern.value, check: tickets.plain.check } : null;
}

function readOne(
  code: string,
  {
    rules,
    day: given,
    today,
  }: { readonly rules: PlainRules; readonly day?: LocalDay | undefined; readonly today: LocalDay },
  context: ListContext,
): Result<ListedReceipt, string> {
  const { office, siteKeyOn } = context;
  const read = readPlainTicket(code.trim(), rules);
  if (!read.ok) return fail("does not look as the office's receipts do, or its check digit is wrong");
  const ticket = read.value;
  const named = ticket.service ?? "";
  if (!office.services.some(({ receiptCode }) => receiptCode?.toUpperCase() === named))
    return fail("names a service that the settings do not");
  if (ticket.day !== null && given !== undefined && ticket.day !== given)
    return fail(`is of ${ticket.day}, the list of ${given}`);
  const day = ticket.day ?? given ?? dayByItsTime(ticket, today, context);
  if (day > today) return fail(`is of ${day}, after today`);
  const key = siteKeyOn(day);
  if (key === null)
    return fail(`is of ${day}, whose key is destroyed: lists must come before the day's last ticket is over`);
  return ok({ mark: markOf(plainForm(office.number, day, ticket), key), day });
}

/** As a totem does it: a receipt whose time would lie ahead is yesterday's. */
function dayByItsTime(
  { minuteOfDay }: PlainTicket,
  today: LocalDay,
  { site, nowMs, skewMinutes }: ListContext,
): LocalDay {
  if (minuteOfDay === null) return today;
  const aheadMs = localMinuteMs(today, minuteOfDay, site.zone) - nowMs;
  return aheadMs > skewMinutes * MINUTE_MS ? addDays(today, -1) : today;
}
