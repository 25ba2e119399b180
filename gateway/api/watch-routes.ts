/**
 * `GET /watch`: signs of gaming in a month, for whoever may see exact figures. Off until the campaign records the worker agreement;
 * every look is written down first.
 */
import type { FastifyInstance } from "fastify";
import { FLAGS_SHOWN_MAX, WATCH_ANSWER, type WatchAnswer } from "#schemas/api.ts";
import { calendarMonth } from "#schemas/entry-time.ts";
import { isLocalDay } from "#schemas/local-day.ts";
import { record, type Static, text } from "#schemas/shape.ts";
import { FALSE_FLAG_RATE } from "../watch/watch-month.ts";
import type { Guard } from "./auth.ts";
import type { ServerParts } from "./server-parts.ts";
import { readWatch } from "./watch-reader.ts";

const QUERY = record({ month: calendarMonth() });
const MESSAGE = record({ message: text(1_000) });

/** Rarer than this is said as this: it is rare enough. */
const ONE_IN_MAX = 1_000_000_000;

export function registerWatchRoutes(
  api: FastifyInstance,
  parts: Pick<ServerParts, "store" | "directory" | "settings" | "nowMs"> & { readonly guard: Guard },
): void {
  const { store, settings, nowMs, guard } = parts;
  api.get<{ Querystring: Static<typeof QUERY> }>(
    "/watch",
    {
      preParsing: guard("reports:exact"),
      schema: {
        summary: "Services whose month shows signs of gaming: questions to ask, no proof",
        tags: ["reports"],
        security: [{ token: [] }],
        querystring: QUERY,
        response: { 200: WATCH_ANSWER.schema, 400: MESSAGE, 409: MESSAGE },
      },
    },
    async (request, reply) => {
      const { month } = request.query;
      if (!isLocalDay(`${month}-01`))
        return reply.code(400).send({ message: `month = ${month}: must be a month` });
      const { agreement } = settings.campaign;
      if (agreement === null) {
        return reply.code(409).send({
          message:
            "signs of gaming are not looked for: the setting campaign.agreement names no worker agreement",
        });
      }
      await store.noteAccess(request.asker?.tokenId ?? "", `watch?month=${month}`, nowMs());
      const { flags, judged, leftOut } = await readWatch(parts, month);
      return {
        ...{ month, agreement, judged, leftOut, falseFlagPerMille: FALSE_FLAG_RATE * 1_000 },
        flags: flags.slice(0, FLAGS_SHOWN_MAX).map(({ chance, ...flag }) => ({
          ...flag,
          oneIn: Math.min(ONE_IN_MAX, Math.round(1 / Math.max(chance, 1 / ONE_IN_MAX))),
        })),
      } satisfies WatchAnswer;
    },
  );
}
