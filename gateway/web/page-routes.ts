/**
 * The page of files at `/files`.
 * Rendered on the server and complete without any script.
 */
import type { FastifyInstance } from "fastify";
import { addDays, localDayOf, monthSpan } from "#schemas/local-day.ts";
import type { ServerParts } from "../api/server-parts.ts";
import { renderFiles } from "./files-page.ts";
import { registerPage, type Visitor } from "./page-door.ts";

type PageParts = Pick<ServerParts, "settings" | "store" | "directory" | "sessions" | "nowMs">;

export function registerPageRoutes(server: FastifyInstance, parts: PageParts): void {
  registerPage(server, parts, {
    ...{ path: "/files", scope: "reports" },
    render: async (visitor) => renderFiles(await filesOf(parts, visitor), visitor.language),
  });
}

async function filesOf(parts: PageParts, { asker, visit }: Visitor) {
  const thisMonth = localDayOf(parts.nowMs(), zoneOf(parts)).slice(0, 7);
  const lastMonth = addDays(monthSpan(thisMonth).from, -1).slice(0, 7);
  return {
    ...{ sample: parts.settings.sample, visit, months: [thisMonth, lastMonth] },
    ...{ exact: asker.scopes.includes("reports:exact"), settled: await parts.store.provedMonths() },
  };
}

function zoneOf({ directory }: PageParts): string {
  return directory.sites[0]?.zone ?? "UTC";
}
