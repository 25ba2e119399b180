/**
 * `POST /tickets`: a receipt's code for a service that has just ended. Answers what to print and keeps nothing of it.
 */
import type { FastifyInstance } from "fastify";
import { TICKET_ANSWER, TICKET_REQUEST, type TicketRequest } from "#schemas/api.ts";
import { MINUTE_MS } from "#schemas/time.ts";
import type { Guard } from "./auth.ts";
import type { ServerParts } from "./server-parts.ts";

export function registerTicketRoutes(
  api: FastifyInstance,
  parts: Pick<ServerParts, "issuer" | "settings" | "nowMs"> & { readonly guard: Guard },
): void {
  const { issuer, settings, nowMs, guard } = parts;
  const { validMinutes, skewMinutes } = settings.tickets;
  api.post<{ Body: TicketRequest }>(
    "/tickets",
    {
      preHandler: guard("issue"),
      schema: {
        summary: "Issue a ticket for a service that has ended",
        tags: ["tickets"],
        security: [{ token: [] }],
        body: TICKET_REQUEST.schema,
        response: { 201: TICKET_ANSWER.schema },
      },
    },
    async (request, reply) => {
      const { service, endedAtMs = nowMs() } = request.body;
      const ageMs = nowMs() - endedAtMs;
      if (ageMs < -skewMinutes * MINUTE_MS || ageMs > validMinutes * MINUTE_MS) {
        return reply.code(422).send({
          message: `endedAtMs: must be within the last ${validMinutes} minutes, or no ticket for it would be good`,
        });
      }
      const ticket = await issuer.issue(service, endedAtMs, "live");
      if (ticket === null) {
        return reply.code(422).send({ message: "service: no service of this administration has this id" });
      }
      return reply.code(201).header("cache-control", "no-store").send(ticket);
    },
  );
}
