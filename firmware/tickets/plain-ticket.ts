/**
 * Judges a receipt of a queue system by its shape alone: of an office served here, for now? Such a vote is kept and counted
 * apart, as unverified: whoever has seen one receipt can make up another. Pure.
 */
import { addDays, dayStartMs, type LocalDay, localDayOf, localMinuteMs } from "#schemas/local-day.ts";
import type { SiteSettings } from "#schemas/messages.ts";
import { type PlainTicket, plainForm, readPlainTicket } from "#schemas/plain-ticket.ts";
import { MINUTE_MS, minuteOf } from "#schemas/time.ts";
import { type Span, ticketSpan } from "#schemas/validity.ts";
import { type JudgeContext, marksOn, type Reading, refused, timeliness } from "./reading.ts";

type Office = SiteSettings["offices"][number];

/**
 * A form that several offices use, as those behind one queue machine do, means the one that knows its service.
 * @returns malformed when no office takes receipts of this form.
 */
export function judgePlain(text: string, settings: SiteSettings, context: JudgeContext): Reading {
  const isServed = ({ officeId }: Office) => settings.serves.includes(officeId);
  // A form that two offices use means the one served here.
  const offices = settings.offices.toSorted((one, other) => Number(isServed(other)) - Number(isServed(one)));
  let first: Reading | null = null;
  for (const office of offices) {
    const { plain, profiles } = office;
    const pattern =
      plain === null || !profiles.includes("plain") ? null : context.plainPattern(plain.pattern);
    if (plain === null || pattern === null) continue;
    const read = readPlainTicket(text, { pattern, check: plain.check });
    if (!read.ok) continue;
    const reading = placed(read.value, office, settings, context);
    if (reading.genuine !== null || reading.refusal !== "unknown") return reading;
    first ??= reading;
  }
  return first ?? refused("malformed");
}

function placed(ticket: PlainTicket, office: Office, settings: SiteSettings, context: JudgeContext): Reading {
  const named = ticket.service ?? "";
  const service = office.services.find(({ receiptCode }) => receiptCode?.toUpperCase() === named)?.serviceId;
  if (service === undefined) return refused("unknown");
  if (!settings.serves.includes(office.officeId)) return refused("other-office", service);
  // No receipt of a queue system is a test ticket.
  if (context.mode === "test") return refused("test-mode", service);
  const { wallMs } = context.time;
  const { zone, ticketRules } = settings;
  const day = dayOf(ticket, settings, context);
  const endedMs = ticket.minuteOfDay === null ? null : localMinuteMs(day, ticket.minuteOfDay, zone);
  const minute = endedMs === null ? null : minuteOf(endedMs);
  const marksOf = (one: LocalDay) => marksOn(plainForm(office.number, one, ticket), one, context);
  const marks = marksOf(day);
  if ("refusal" in marks) return refused(marks.refusal, service);
  const { mark } = marks;
  // Without a date, a receipt used just before midnight is the same one just after it.
  const isJustPastMidnight = wallMs < dayStartMs(day, zone) + ticketRules.validMinutes * MINUTE_MS;
  const before = ticket.day === null && isJustPastMidnight ? marksOf(addDays(day, -1)) : null;
  const beforeMarks = before === null || "refusal" in before ? [] : [before.mark, ...before.otherMarks];
  const otherMarks = [...marks.otherMarks, ...beforeMarks];
  const span = minute === null ? daySpan(ticket.day, settings) : ticketSpan(minute, ticketRules);
  return {
    genuine: {
      ticket: { profile: "plain", proof: "shape", issuerKeyId: null, minute, mark, service },
      ...{ mark, otherMarks, service },
      lateOrEarly: span === null ? null : timeliness(span, context.time),
    },
  };
}

/** The receipt's own day, or the one of the scan: yesterday when its time would lie ahead. */
function dayOf(
  ticket: PlainTicket,
  { zone, ticketRules }: SiteSettings,
  { time, dayKeys }: JudgeContext,
): LocalDay {
  if (ticket.day !== null) return ticket.day;
  const { wallMs } = time;
  const today = localDayOf(wallMs, zone);
  if (time.clock === "untrusted" && typeof dayKeys.siteKeys(today) === "string") {
    // A clock that fell back to the year it was made in: no receipt is refused for that, and all share one day until it is set.
    return dayKeys.oldestSiteDay() ?? today;
  }
  if (ticket.minuteOfDay === null) return today;
  const aheadMs = localMinuteMs(today, ticket.minuteOfDay, zone) - wallMs;
  return aheadMs > ticketRules.skewMinutes * MINUTE_MS ? addDays(today, -1) : today;
}

/** A receipt that prints its day only is good all of it, and as long after as any ticket. */
function daySpan(day: LocalDay | null, { zone, ticketRules }: SiteSettings): Span | null {
  if (day === null) return null;
  const lastMinute = minuteOf(dayStartMs(addDays(day, 1), zone)) - 1;
  return {
    fromMs: ticketSpan(minuteOf(dayStartMs(day, zone)), ticketRules).fromMs,
    untilMs: ticketSpan(lastMinute, ticketRules).untilMs,
  };
}
