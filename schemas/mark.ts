/**
 * The spent mark of a ticket: equal for equal tickets of a site, and meaningless once the site key is destroyed. Made over
 * the ticket without its proof, so that who proves the same ticket otherwise has not got another one. Pure.
 */
import { createHmac } from "node:crypto";
import { canonicalBytes } from "./canonical.ts";
import type { plainForm } from "./plain-ticket.ts";
import type { shortForm } from "./short-ticket.ts";
import type { signedForm } from "./ticket.ts";

/** A mark is the first 128 bits of its HMAC: enough that no two tickets of a site ever share one by chance. */
const MARK_BYTES = 16;

/** A ticket without its proof; the profile keeps tickets of one kind apart from those of another. */
export type TicketForm = ReturnType<typeof signedForm | typeof shortForm | typeof plainForm>;

/** The mark, in lower-case hex. */
export function markOf(form: TicketForm, siteKey: Buffer): string {
  const digest = createHmac("sha256", siteKey).update(canonicalBytes(form)).digest();
  return digest.subarray(0, MARK_BYTES).toString("hex");
}
