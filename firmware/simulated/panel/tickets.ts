/**
 * Prints a ticket for the panel: asks the gateway, as the desk's software would. Only a demo gives a totem the means
 * for that. The code goes to the page that asked and nowhere else.
 */
import { existsSync, readFileSync } from "node:fs";
import { PROFILES } from "#schemas/code-list.ts";
import { TICKET_CODE_MAX } from "#schemas/limits.ts";
import { type Of, oneOf, record, shape, text } from "#schemas/shape.ts";
import type { TotemSettings } from "#schemas/totem-settings.ts";

/** What comes out of the printer, or why nothing does. */
export type Printed = { readonly status: number; readonly body: object };

/** Nobody waits longer at a printer. */
export const PRINT_MS = 5_000;

/** What the panel shows of the gateway's answer; what else it says stays there. */
const PRINTED_TICKET = shape(
  "printed-ticket",
  record({ code: text(TICKET_CODE_MAX), profile: oneOf(PROFILES) }),
);
export type PrintedTicket = Of<typeof PRINTED_TICKET>;

/** True when this totem was given a printer. */
export function canPrint({ issuerUrl, issuerTokenFile }: TotemSettings["simulated"]): boolean {
  return issuerUrl !== null && issuerTokenFile !== null && existsSync(issuerTokenFile);
}

/** Prints a ticket for a service. */
export async function printTicket(
  settings: TotemSettings["simulated"],
  service: string,
  waitMs = PRINT_MS,
): Promise<Printed> {
  const { issuerUrl, issuerTokenFile } = settings;
  if (issuerUrl === null || issuerTokenFile === null || !existsSync(issuerTokenFile)) {
    return { status: 404, body: { message: "this panel cannot print tickets" } };
  }
  const token = readFileSync(issuerTokenFile, "utf8").trim();
  try {
    const response = await fetch(issuerUrl, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ service }),
      signal: AbortSignal.timeout(waitMs),
    });
    const { ok, status } = response;
    if (!ok) return { status, body: { message: `the gateway printed nothing (${status})` } };
    return printed(status, await response.json());
  } catch {
    return { status: 502, body: { message: "the gateway does not answer" } };
  }
}

function printed(status: number, answer: unknown): Printed {
  const { code, profile } = (answer ?? {}) as Partial<PrintedTicket>;
  const ticket = { code, profile };
  if (PRINTED_TICKET.is(ticket)) return { status, body: ticket };
  return { status: 502, body: { message: "the gateway printed something that is no ticket" } };
}
