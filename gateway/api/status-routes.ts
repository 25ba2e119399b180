/**
 * `GET /status`, and `POST /links`: a fresh one-time link to the gateway's page.
 */
import type { FastifyInstance } from "fastify";
import { STATUS_ANSWER } from "#schemas/api.ts";
import { record, text } from "#schemas/shape.ts";
import type { Guard } from "./auth.ts";
import type { ServerParts } from "./server-parts.ts";
import { FIRST_ACCOUNT } from "./sessions.ts";
import { statusOf } from "./status.ts";

export function registerStatusRoutes(
  api: FastifyInstance,
  parts: Pick<ServerParts, "store" | "settings" | "sessions" | "nowMs"> & { readonly guard: Guard },
): void {
  const { store, settings, sessions, nowMs, guard } = parts;
  api.get(
    "/status",
    {
      preParsing: guard("fleet"),
      schema: {
        summary: "Votes by what became of them, per totem and in all, and whether everything adds up",
        tags: ["fleet"],
        security: [{ token: [] }],
        response: { 200: STATUS_ANSWER.schema },
      },
    },
    async () => statusOf(await store.totemStatuses(), await store.alarms(), settings.live.step),
  );
  api.post(
    "/links",
    {
      preParsing: guard("fleet"),
      schema: {
        summary: "A link that opens the gateway's page once, with this token's scopes",
        tags: ["fleet"],
        security: [{ token: [] }],
        response: { 201: record({ path: text(200) }) },
      },
    },
    async (request, reply) => {
      const scopes = request.asker?.scopes ?? [];
      const more = scopes.includes("admin") ? [FIRST_ACCOUNT] : [];
      const key = await sessions.makeLink([...scopes, ...more], nowMs());
      return reply.code(201).send({ path: `/enter?key=${key}` });
    },
  );
}
