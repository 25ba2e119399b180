/**
 * The pages `/fleet` and `/alarms`, and one for each kind of alarm. For who may see the fleet; nothing on them is about a vote.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ALARM_CODES, ALARM_NOTE_MAX } from "#schemas/alarms.ts";
import { readRunbooks } from "../alerts/runbook.ts";
import type { ServerParts } from "../api/server-parts.ts";
import { renderAlarms, renderRunbook } from "./alarms-page.ts";
import { renderFleet } from "./fleet-page.ts";
import { fieldOf, formToken, mustHave, takeSessionForms } from "./forms.ts";
import { languageOf } from "./language.ts";
import { registerPage } from "./page-door.ts";

type FleetParts = Pick<ServerParts, "settings" | "store" | "directory" | "sessions" | "nowMs">;

/** Ended alarms and messages shown: what happened lately, not the archive. */
const LATELY = 20;

const GUIDES = join(import.meta.dirname, "../guides");

export function registerFleetRoutes(server: FastifyInstance, parts: FleetParts): void {
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
  registerAlarms(server, parts, zone);
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

function registerAlarms(server: FastifyInstance, parts: FleetParts, zone: string): void {
  const { store, settings } = parts;
  registerPage(server, parts, {
    ...{ path: "/alarms", scope: "fleet" },
    render: async ({ asker, visit, language }) =>
      renderAlarms(
        {
          ...{ sample: settings.sample, visit, zone, alarms: await store.alarms() },
          cleared: await store.clearedAlarms(LATELY),
          deliveries: await store.deliveries(LATELY),
        },
        language,
        formToken(asker),
      ),
  });
  server.register((scope, _, done) => {
    takeSessionForms(scope, parts);
    const guard = { schema: { hide: true }, preHandler: mustHave("fleet", parts) };
    scope.post("/alarms/acknowledge", guard, async (request, reply) => {
      await acknowledge(request, parts);
      // Gone meanwhile or kept: the page says how things stand.
      return reply.redirect(`/alarms?lang=${languageOf(request)}`, 303);
    });
    done();
  });
}

async function acknowledge(request: FastifyRequest, { store, nowMs }: FleetParts): Promise<void> {
  const { asker } = request;
  const code = ALARM_CODES.find((one) => one === fieldOf(request, "code"));
  if (asker === null || code === undefined) return;
  const subject = fieldOf(request, "subject");
  const note = fieldOf(request, "note")
    .replace(/\p{Cc}+/gu, " ")
    .slice(0, ALARM_NOTE_MAX);
  const atMs = nowMs();
  await store.acknowledgeAlarm(
    code,
    subject,
    { by: asker.name, note, atMs },
    {
      atMs,
      kind: "alarm-acknowledged",
      byId: asker.tokenId,
      byName: asker.name,
      what: `${code} ${subject}`.trim(),
    },
  );
}
