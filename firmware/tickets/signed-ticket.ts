/**
 * Judges a signed ticket: known to the settings, genuine, of an office served here, for now? Pure.
 */
import { localDayOf } from "#schemas/local-day.ts";
import type { SiteSettings } from "#schemas/messages.ts";
import { isTicketGenuine, type ReadTicket, signedForm } from "#schemas/ticket.ts";
import { MINUTE_MS } from "#schemas/time.ts";
import { ticketSpan } from "#schemas/validity.ts";
import { type JudgeContext, marksOn, type Reading, refused, timeliness } from "./reading.ts";

export function judgeSigned(read: ReadTicket, settings: SiteSettings, context: JudgeContext): Reading {
  const key = settings.ticketKeys.find((k) => k.number === read.ticket.issuerKey);
  if (key === undefined) return refused("unknown");
  if (!isTicketGenuine(read, context.publicKey(key.publicKey))) return refused("bad-signature");
  const { ticket } = read;
  const office = settings.offices.find((o) => o.number === ticket.office);
  const service = office?.services.find((s) => s.number === ticket.service)?.serviceId;
  // A key signs for its own office only, whatever the ticket says.
  if (office === undefined || service === undefined || key.officeId !== office.officeId)
    return refused("unknown");
  if (!office.profiles.includes("signed")) return refused("unknown", service);
  if (!settings.serves.includes(office.officeId)) return refused("other-office", service);
  if ((key.purpose === "test") !== (context.mode === "test")) return refused("test-mode", service);
  const day = localDayOf(ticket.minute * MINUTE_MS, settings.zone);
  const marks = marksOn(signedForm(ticket), day, context);
  if ("refusal" in marks) return refused(marks.refusal, service);
  const { mark, otherMarks } = marks;
  const { issuerKeyId } = key;
  return {
    genuine: {
      ticket: { profile: "signed", proof: "signature", issuerKeyId, minute: ticket.minute, mark, service },
      ...{ mark, otherMarks, service },
      lateOrEarly: timeliness(ticketSpan(ticket.minute, settings.ticketRules), context.time),
    },
  };
}
