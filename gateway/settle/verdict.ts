/**
 * What becomes of a vote: a published rule, the same for every vote. Pure.
 *
 * First committed at the gateway wins; later votes with an equal mark are conflicts: kept, counted, published. A vote
 * whose ticket had run out claims nothing. When that becomes known only later, because its totem's clock was untrusted
 * and its boot's offset came afterwards, the vote is `expired-late` from then on, its ticket is free again, and the first
 * committed of the conflicts it had caused takes its place: the same outcome as if the time had been known at once.
 */
import type { Verdict } from "#schemas/code-list.ts";
import type { VoteEntry } from "#schemas/entry.ts";
import type { SiteSettings } from "#schemas/messages.ts";
import { ticketSpan } from "#schemas/validity.ts";
import type { Placement } from "./placement.ts";

/**
 * The verdict on a vote that is the first with its mark; whether it is decides between it and a conflict.
 * @param isListed its queue system has said that it gave out a receipt with this mark.
 */
export function verdictOf(
  vote: VoteEntry,
  placement: Placement,
  rules: SiteSettings["ticketRules"],
  isListed: boolean,
): Exclude<Verdict, "conflict" | "late"> {
  if (vote.mode === "test") return "test";
  if (vote.ticket.proof === "none" || (vote.ticket.proof === "shape" && !isListed)) return "unverified";
  // A totem with trusted time judged its tickets itself; without, the ticket was accepted and is judged here.
  if (vote.time.clock === "trusted") return "accepted";
  return isOutsideValidity(vote.ticket.minute, placement, rules) ? "expired-late" : "accepted";
}

/** The verdict on a vote without trusted time, once more is known of when it was cast. */
export function verdictAnew(
  before: Verdict,
  minute: number | null,
  placement: Placement,
  rules: SiteSettings["ticketRules"],
): Verdict {
  const judged = before === "accepted" || before === "conflict";
  return judged && isOutsideValidity(minute, placement, rules) ? "expired-late" : before;
}

/** A good vote whose day was closed before it arrived, or was placed there, is late: it counts, and is told apart. */
export function lateIf(isClosed: boolean, verdict: Verdict): Verdict {
  return isClosed && verdict === "accepted" ? "late" : verdict;
}

/** True when no moment at which the vote may have been cast lies within its ticket's validity. */
export function isOutsideValidity(
  minute: number | null,
  placement: Placement,
  rules: SiteSettings["ticketRules"],
): boolean {
  if (minute === null) return false;
  const span = ticketSpan(minute, rules);
  return placement.latestMs < span.fromMs || placement.earliestMs >= span.untilMs;
}

/** True for votes whose mark must be unique: tests and votes without proof claim no ticket. */
export function claimsTicket(verdict: Verdict): boolean {
  return verdict === "accepted" || verdict === "late";
}
