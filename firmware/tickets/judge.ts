/**
 * Judges a scanned text: is it a ticket, and is it good here and now? Pure; whether it was used before is asked of the
 * journal by `ticket-judge.ts`. Keeps nothing: people scan health cards.
 */
import { readShortTicket } from "#schemas/short-ticket.ts";
import { readSignedTicket } from "#schemas/ticket.ts";
import { isCampaignOn } from "../site-times.ts";
import { judgePlain } from "./plain-ticket.ts";
import { type JudgeContext, type Reading, refused } from "./reading.ts";
import { judgeShort } from "./short-ticket.ts";
import { judgeSigned } from "./signed-ticket.ts";

/** Everything about a scanned text but whether it was used before. */
export function readTicket(text: string, context: JudgeContext): Reading {
  const { settings } = context;
  if (settings === null || !isCampaignOn(settings, context.time)) return refused("closed");
  const code = text.trim();
  const signed = readSignedTicket(code);
  if (signed.ok) return judgeSigned(signed.value, settings, context);
  // A receipt of a queue system that looks like a short ticket is one in four thousand million; the other way round, patterns
  // are wide.
  const read = readShortTicket(code);
  const short = read.ok ? judgeShort(read.value, settings, context) : null;
  if (short !== null && !isOfAnother(short)) return short;
  const plain = judgePlain(code, settings, context);
  return short !== null && plain.genuine === null && plain.refusal === "malformed" ? short : plain;
}

/** It may be another text that has the form of a short ticket by chance. */
function isOfAnother({ genuine, ...reading }: Reading): boolean {
  return genuine === null && "refusal" in reading && ["unknown", "bad-signature"].includes(reading.refusal);
}
