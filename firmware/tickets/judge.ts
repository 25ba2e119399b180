/**
 * Judges a scanned text: is it a ticket, and is it good here and now? Pure; whether it was used before is asked of the
 * journal by `ticket-judge.ts`. Keeps nothing: people scan health cards.
 */
import { readSignedTicket } from "#schemas/ticket.ts";
import { isCampaignOn } from "../site-times.ts";
import { judgePlain } from "./plain-ticket.ts";
import { type JudgeContext, type Reading, refused } from "./reading.ts";
import { judgeSigned } from "./signed-ticket.ts";

/** Everything about a scanned text but whether it was used before. */
export function readTicket(text: string, context: JudgeContext): Reading {
  const { settings } = context;
  if (settings === null || !isCampaignOn(settings, context.time)) return refused("closed");
  const code = text.trim();
  const signed = readSignedTicket(code);
  return signed.ok ? judgeSigned(signed.value, settings, context) : judgePlain(code, settings, context);
}
