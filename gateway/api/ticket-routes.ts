/**
 * `POST /tickets`: a receipt's code for a service that has just ended, as data or as a picture. Answers what to print and
 * stores nothing of it.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { TICKET_ANSWER, TICKET_REQUEST, type TicketRequest } from "#schemas/api.ts";
import { MINUTE_MS } from "#schemas/time.ts";
import { openIssuedOnce } from "../tickets/issued-once.ts";
import type { IssuedTicket, IssueProblem } from "../tickets/issuer.ts";
import { ticketPng, ticketSvg } from "../tickets/ticket-drawing.ts";
import { ticketEscPos } from "../tickets/ticket-receipt.ts";
import type { Guard } from "./auth.ts";
import type { ServerParts } from "./server-parts.ts";

/** The forms a ticket is answered in; the first one when nothing is asked for. */
const FORMS: Readonly<
  Record<string, (ticket: IssuedTicket) => IssuedTicket | string | Buffer | Promise<Buffer>>
> = {
  "application/json": (ticket) => ticket,
  "image/svg+xml": ({ code, profile }) => ticketSvg(code, profile),
  "image/png": ({ code, profile }) => ticketPng(code, profile),
  // For a receipt printer; no such type is registered.
  "application/x-escpos": ({ code, profile }) => ticketEscPos(code, profile),
};

const PROBLEMS: Readonly<Record<IssueProblem, string>> = {
  "unknown-service": "service: no service of this administration has this id",
  "not-taken": "profile: the service's office takes no tickets of this kind that can be issued here",
  "all-used": "service: so many short tickets were issued for this minute that something must be wrong",
  "key-destroyed": "endedAtMs: is so long ago that the key of that day is destroyed",
};

/** Every request brings other headers, too. The same key again, with the same token, is answered with the same ticket. */
const HEADERS = {
  type: "object",
  properties: { "idempotency-key": { type: "string", pattern: "^[ -~]{1,100}$", maxLength: 100 } },
} as const;

export function registerTicketRoutes(
  api: FastifyInstance,
  parts: Pick<ServerParts, "issuer" | "settings" | "directory" | "nowMs"> & { readonly guard: Guard },
): void {
  const { issuer, settings, directory, nowMs, guard } = parts;
  const { validMinutes, skewMinutes } = settings.tickets;
  const once = openIssuedOnce({ nowMs, keepMs: (validMinutes + 2 * skewMinutes) * MINUTE_MS });
  api.post<{ Body: TicketRequest }>(
    "/tickets",
    {
      preParsing: guard("issue"),
      schema: {
        summary:
          "Issue a ticket for a service that has ended; as JSON, SVG, PNG or ESC/POS commands, as the Accept header says",
        tags: ["tickets"],
        security: [{ token: [] }],
        headers: HEADERS,
        body: TICKET_REQUEST.schema,
        response: { 201: TICKET_ANSWER.schema },
      },
    },
    async (request, reply) => {
      const form = formAskedFor(request);
      if (form === null) {
        return reply.code(406).send({ message: `Accept: must be one of ${Object.keys(FORMS).join(", ")}` });
      }
      const { service, endedAtMs = nowMs(), profile } = request.body;
      const ageMs = nowMs() - endedAtMs;
      if (ageMs < -skewMinutes * MINUTE_MS || ageMs > validMinutes * MINUTE_MS) {
        return reply.code(422).send({
          message: `endedAtMs: must be within the last ${validMinutes} minutes, or no ticket for it would be good`,
        });
      }
      const officeId = request.asker?.officeId ?? null;
      if (officeId !== null && directory.service(service)?.office.officeId !== officeId) {
        return reply.code(403).send({ message: `service: this token issues tickets of ${officeId} only` });
      }
      const issue = () => issuer.issue({ serviceId: service, endedAtMs, purpose: "live", profile });
      const key = request.headers["idempotency-key"];
      const answer =
        typeof key === "string"
          ? await once.issue(`${request.asker?.tokenId} ${key}`, request.body, issue)
          : { ticket: await issue(), isAgain: false };
      if (answer === null) {
        return reply.code(422).send({ message: "idempotency-key: was used for another request" });
      }
      if (!answer.ticket.ok) {
        return reply.code(422).send({ message: PROBLEMS[answer.ticket.problem] });
      }
      if (answer.isAgain) void reply.header("idempotent-replayed", "true");
      const content = await FORMS[form]?.(answer.ticket.value);
      return reply.code(201).header("cache-control", "no-store").type(form).send(content);
    },
  );
}

/** The first form named that there is, or null when others are asked for only. Weights are for browsers, not for tills. */
function formAskedFor({ headers }: FastifyRequest): string | null {
  const [usual = ""] = Object.keys(FORMS);
  const named = (headers.accept ?? "*/*")
    .split(",")
    .map((one) => one.split(";")[0]?.trim().toLowerCase() ?? "");
  const found = named.find(
    (one) => one in FORMS || one === "*/*" || one === "application/*" || one === "image/*",
  );
  if (found === undefined) return null;
  if (found in FORMS) return found;
  return found === "image/*" ? "image/svg+xml" : usual;
}
