/**
 * `GET /totems/{totemId}/readiness`: the readiness reports of a totem's self-tests, for whoever looks after the fleet.
 */
import type { FastifyInstance } from "fastify";
import { READINESS_ANSWER } from "#schemas/api.ts";
import { id, record, type Static } from "#schemas/shape.ts";
import type { Guard } from "./auth.ts";
import type { ServerParts } from "./server-parts.ts";

const PARAMS = record({ totemId: id() });

export function registerReadinessRoutes(
  api: FastifyInstance,
  { store, guard }: Pick<ServerParts, "store"> & { readonly guard: Guard },
): void {
  api.get<{ Params: Static<typeof PARAMS> }>(
    "/totems/:totemId/readiness",
    {
      preParsing: guard("fleet"),
      schema: {
        summary: "What the self-tests of a totem found, the latest first",
        tags: ["fleet"],
        security: [{ token: [] }],
        params: PARAMS,
        response: { 200: READINESS_ANSWER.schema },
      },
    },
    async (request, reply) => {
      const { totemId } = request.params;
      const reports = await store.readiness(totemId);
      if (reports === null) return reply.code(404).send({ message: `no totem is named ${totemId}` });
      return { reports };
    },
  );
}
