/**
 * `POST /served/receipts`: an office's queue system says which receipts it gave out. From then on votes with them count; those that came
 * before are counted with the list. A list is taken whole or not at all, and no code of it is kept.
 */
import type { FastifyInstance } from "fastify";
import { LISTED_RECEIPTS, type ListedReceipts } from "#schemas/api.ts";
import { LISTED_MAX } from "#schemas/limits.ts";
import { integer, list, optional, record, text } from "#schemas/shape.ts";
import { readListed } from "../tickets/listed-receipts.ts";
import type { Guard } from "./auth.ts";
import type { ServerParts } from "./server-parts.ts";

const ANSWER = record({ listed: integer(0, LISTED_MAX), knownBefore: integer(0, LISTED_MAX) });
const REFUSAL = record({ message: text(1_000), problems: optional(list(text(1_000), 100)) });

export function registerListedRoutes(
  api: FastifyInstance,
  parts: Pick<ServerParts, "store" | "directory" | "nowMs" | "settings" | "siteKeyOn"> & {
    readonly guard: Guard;
  },
): void {
  const { store, directory, nowMs, settings, siteKeyOn, guard } = parts;
  api.post<{ Body: ListedReceipts }>(
    "/served/receipts",
    {
      preParsing: guard("served"),
      schema: {
        summary:
          "Which receipts of an existing queue system were given out: votes with them count, others stay unverified",
        tags: ["served"],
        security: [{ token: [] }],
        body: LISTED_RECEIPTS.schema,
        response: { 200: ANSWER, 400: REFUSAL, 401: REFUSAL, 403: REFUSAL, 422: REFUSAL },
      },
    },
    async (request, reply) => {
      const { office: officeId, ...asked } = request.body;
      const found = directory.office(officeId);
      if (found === undefined)
        return reply.code(422).send({ message: `office = ${officeId}: no office has this id` });
      const { site, office } = found;
      const rules = settings.tickets;
      const read = readListed(asked, {
        ...{ site, office, nowMs: nowMs(), skewMinutes: rules.skewMinutes },
        siteKeyOn: (day) => siteKeyOn(site.siteId, day),
      });
      if (!read.ok) return reply.code(422).send({ message: read.problem[0], problems: read.problem });
      const listed = await store.listReceipts(read.value, rules, nowMs());
      return reply.send({ listed, knownBefore: read.value.length - listed });
    },
  );
}
