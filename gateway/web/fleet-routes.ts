/**
 * The pages `/fleet` and `/alarms`, and one for each kind of alarm. For who may see the fleet; nothing on them is about a vote.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { ALARM_CODES } from "#schemas/alarms.ts";
import { readRunbooks } from "../alerts/runbook.ts";
import type { ServerParts } from "../api/server-parts.ts";
import { renderAlarms, renderRunbook } from "./alarms-page.ts";
import { renderFleet } from "./fleet-page.ts";
import { registerPage } from "./page-door.ts";

/** Ended alarms and messages shown: what happened lately, not the archive. */
const LATELY = 20;

const GUIDES = join(import.meta.dirname, "../guides");

export function registerFleetRoutes(
  server: FastifyInstance,
  parts: Pick<ServerParts, "settings" | "store" | "directory" | "sessions" | "nowMs">,
): void {
  const { store, directory, settings } = parts;
  const { sample } = settings;
  const zone = directory.sites[0]?.zone ?? "UTC";
  registerPage(server, parts, {
    ...{ path: "/fleet", scope: "fleet" },
    render: async ({ visit, language }, request) =>
      renderFleet(
        {
          ...{ sample, visit, zone, totems: await store.totemStatuses(), alarms: await store.alarms() },
          sites: new Map(settings.sites.map(({ siteId, name }) => [siteId, name])),
          onlyTrouble: (request.query as { readonly only?: unknown }).only === "trouble",
        },
        language,
      ),
  });
  registerPage(server, parts, {
    ...{ path: "/alarms", scope: "fleet" },
    render: async ({ visit, language }) =>
      renderAlarms(
        {
          ...{ sample, visit, zone, alarms: await store.alarms() },
          cleared: await store.clearedAlarms(LATELY),
          deliveries: await store.deliveries(LATELY),
        },
        language,
      ),
  });
  const runbooks = {
    it: readRunbooks(readFileSync(join(GUIDES, "alarms.it.md"), "utf8")),
    en: readRunbooks(readFileSync(join(GUIDES, "alarms.md"), "utf8")),
  };
  for (const code of ALARM_CODES) {
    registerPage(server, parts, {
      ...{ path: `/alarms/${code}`, scope: "fleet" },
      render: async ({ visit, language }) => {
        const runbook = runbooks[language].get(code);
        if (runbook === undefined) throw new Error(`the guide of alarms says nothing of ${code}`);
        return renderRunbook({ sample, visit, code, runbook }, language);
      },
    });
  }
}
