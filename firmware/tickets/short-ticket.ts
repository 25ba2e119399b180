/**
 * Judges a short ticket: of an office served here that prints them, made with its key of the day, for now? Pure.
 */
import { localDayOf } from "#schemas/local-day.ts";
import type { SiteSettings } from "#schemas/messages.ts";
import { isShortTicketGenuine, type ReadShortTicket, shortForm } from "#schemas/short-ticket.ts";
import { MINUTE_MS } from "#schemas/time.ts";
import { ticketSpan } from "#schemas/validity.ts";
import { type JudgeContext, marksOn, type Reading, refused, timeliness } from "./reading.ts";

export function judgeShort(read: ReadShortTicket, settings: SiteSettings, context: JudgeContext): Reading {
  const { ticket } = read;
  const office = settings.offices.find((o) => o.number === ticket.office);
  const service = office?.services.find((s) => s.number === ticket.service)?.serviceId;
  if (office === undefined || service === undefined) return refused("unknown");
  if (!office.profiles.includes("short")) return refused("unknown", service);
  const day = localDayOf(ticket.minute * MINUTE_MS, settings.zone);
  const marks = marksOn(shortForm(ticket), day, context);
  // Before its key is asked for: of a day that is over there is none, and the ticket is no forgery for that.
  if ("refusal" in marks) return refused(marks.refusal);
  const keys = context.dayKeys.officeKeys(office.officeId, day);
  if (!keys.some((key) => isShortTicketGenuine(read, key))) return refused("bad-signature");
  if (!settings.serves.includes(office.officeId)) return refused("other-office", service);
  // No office prints short tickets for a test.
  if (context.mode === "test") return refused("test-mode", service);
  const { mark, otherMarks } = marks;
  return {
    genuine: {
      ticket: { profile: "short", proof: "mac", issuerKeyId: null, minute: ticket.minute, mark, service },
      ...{ mark, otherMarks, service },
      lateOrEarly: timeliness(ticketSpan(ticket.minute, settings.ticketRules), context.time),
    },
  };
}
