/**
 * The page of today at `/`, and its stream at `/live`.
 */
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { addDays, monthSpan } from "#schemas/local-day.ts";
import type { Guard } from "../api/auth.ts";
import type { ServerParts } from "../api/server-parts.ts";
import { statusOf } from "../api/status.ts";
import { shownServices } from "../dashboard/shown-services.ts";
import { settledThrough } from "../reports/settled.ts";
import { isReported } from "../reports/tally.ts";
import { type LiveBoard, openLiveBoard } from "./live-board.ts";
import { registerLiveRoutes, rightsOf } from "./live-routes.ts";
import { type OverviewContent, type ReportsContent, renderOverview } from "./overview-page.ts";
import { registerPage, type Visitor } from "./page-door.ts";
import type { ReadRows } from "./recent-rows.ts";

export type OverviewParts = Pick<
  ServerParts,
  "settings" | "store" | "directory" | "sessions" | "nowMs" | "log"
> & { readonly guard: Guard; readonly readRows: ReadRows; readonly tickMs?: number };

export function registerOverviewRoutes(server: FastifyInstance, parts: OverviewParts): void {
  const board = openLiveBoard(parts);
  const script = stripTypeScriptTypes(readFileSync(join(import.meta.dirname, "browser/live.ts"), "utf8"));
  server.get("/live.js", { schema: { hide: true } }, (_, reply) =>
    reply.type("text/javascript; charset=utf-8").header("cache-control", "max-age=3600").send(script),
  );
  registerLiveRoutes(server, { ...parts, board });
  registerPage(server, parts, {
    ...{ path: "/", scope: null },
    render: async (visitor) => renderOverview(await contentOf(parts, board, visitor), visitor.language),
  });
}

async function contentOf(parts: OverviewParts, board: LiveBoard, visitor: Visitor): Promise<OverviewContent> {
  const { settings, store, directory } = parts;
  const { asker, visit } = visitor;
  const may = (scope: string) => asker.scopes.includes(scope);
  const { addsUp, problems, totems, alarms } = statusOf(
    await store.totemStatuses(),
    await store.alarms(),
    settings.live.step,
  );
  return {
    ...{
      sample: settings.sample,
      visit,
      zone: directory.sites[0]?.zone ?? "UTC",
      liveStep: settings.live.step,
    },
    // What is wrong is told by totem, and with exact figures: for who watches the fleet.
    sums: { addsUp, problems: may("fleet") ? problems : [] },
    recount: await store.lastRecount(),
    fleet: may("fleet")
      ? { online: totems.filter(({ online }) => online).length, all: totems.length, alarms: alarms.length }
      : null,
    reports: may("reports") ? await reportsOf(parts, board, visitor) : null,
  };
}

async function reportsOf(
  parts: OverviewParts,
  board: LiveBoard,
  { asker }: Visitor,
): Promise<ReportsContent> {
  const rights = rightsOf(asker);
  if (rights.isExact) await parts.store.noteAccess(asker.tokenId, "live", parts.nowMs());
  const { day, places } = await board.view(rights);
  // The last month that is settled; before there is one, the last month, of which nothing is shown yet.
  const settled = settledThrough(await parts.store.provedMonths());
  const month = (settled ?? addDays(monthSpan(day.slice(0, 7)).from, -1)).slice(0, 7);
  const { from, to } = monthSpan(month);
  // The month as anybody may see it, also for who may see more: reading exact figures is asked for, never a by-product.
  const span = { fromDay: from, toDay: to };
  const rows = await parts.readRows({ span, by: "month", isExact: false, officeId: rights.officeId });
  return {
    ...{ day, places, month, services: shownServices(parts.directory.sites, rights) },
    rows: rows.filter(({ line }) => isReported(line.tally)),
  };
}
