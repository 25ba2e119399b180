/**
 * Judges a scanned text: is it a ticket, genuine, of an office served here, for now? Pure; whether it was used before
 * is asked of the journal by `ticket-judge.ts`. Keeps nothing: people scan health cards.
 */
import type { KeyObject } from "node:crypto";
import type { Mode, Refusal } from "#schemas/code-list.ts";
import { markOf } from "#schemas/mark.ts";
import type { SiteSettings } from "#schemas/messages.ts";
import { isTicketGenuine, type ReadTicket, readSignedTicket, signedForm } from "#schemas/ticket.ts";
import type { EntryTime } from "#schemas/time.ts";
import { ticketSpan } from "#schemas/validity.ts";
import type { GoodTicket } from "../session/events.ts";
import { isCampaignOn } from "../site-times.ts";

/** What judging needs to know. */
export type JudgeContext = {
  readonly settings: SiteSettings | null;
  readonly siteKey: Buffer;
  readonly time: EntryTime;
  readonly mode: Mode;
  readonly publicKey: (hexKey: string) => KeyObject;
};

/** A genuine ticket of an office served here; `lateOrEarly` is set when the time is not right for it. */
export type Genuine = {
  readonly ticket: GoodTicket;
  readonly mark: string;
  readonly service: string;
  readonly lateOrEarly: "expired" | "not-yet" | null;
};

export type Reading =
  | { readonly genuine: Genuine }
  | { readonly genuine: null; readonly refusal: Refusal; readonly service: string | null };

/** Everything about a scanned text but whether it was used before. */
export function readTicket(text: string, context: JudgeContext): Reading {
  const { settings } = context;
  if (settings === null || !isCampaignOn(settings, context.time)) return refused("closed");
  const read = readSignedTicket(text.trim());
  if (!read.ok) return refused(read.problem);
  if (!settings.profiles.includes("signed")) return refused("unknown");
  const key = settings.ticketKeys.find((k) => k.number === read.value.ticket.issuerKey);
  if (key === undefined) return refused("unknown");
  if (!isTicketGenuine(read.value, context.publicKey(key.publicKey))) return refused("bad-signature");
  return placed(read.value, key, settings, context);
}

function placed(
  read: ReadTicket,
  key: SiteSettings["ticketKeys"][number],
  settings: SiteSettings,
  context: JudgeContext,
): Reading {
  const { ticket } = read;
  const office = settings.offices.find((o) => o.number === ticket.office);
  const service = office?.services.find((s) => s.number === ticket.service)?.serviceId;
  // A key signs for its own office only, whatever the ticket says.
  if (office === undefined || service === undefined || key.officeId !== office.officeId)
    return refused("unknown");
  if (!settings.serves.includes(office.officeId)) return refused("other-office", service);
  if ((key.purpose === "test") !== (context.mode === "test")) return refused("test-mode", service);
  const mark = markOf(signedForm(ticket), context.siteKey);
  return {
    genuine: {
      ticket: {
        profile: "signed",
        proof: "signature",
        issuerKeyId: key.issuerKeyId,
        minute: ticket.minute,
        mark,
        service,
      },
      mark,
      service,
      lateOrEarly: timeliness(ticket.minute, settings, context.time),
    },
  };
}

/** While the clock is untrusted a ticket is accepted: the gateway judges its time at settlement. */
function timeliness(minute: number, settings: SiteSettings, time: EntryTime): Genuine["lateOrEarly"] {
  if (time.clock === "untrusted") return null;
  const span = ticketSpan(minute, settings.ticketRules);
  if (time.wallMs < span.fromMs) return "not-yet";
  return time.wallMs >= span.untilMs ? "expired" : null;
}

function refused(refusal: Refusal, service: string | null = null): Reading {
  return { genuine: null, refusal, service };
}
