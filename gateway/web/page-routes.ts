/**
 * The page of files at `/files`, and the one-time link that opens the gateway's pages.
 * Rendered on the server and complete without any script.
 */
import type { FastifyInstance } from "fastify";
import { addDays, localDayOf, monthSpan } from "#schemas/local-day.ts";
import { SESSION_COOKIE } from "../api/auth.ts";
import type { ServerParts } from "../api/server-parts.ts";
import { renderFiles } from "./files-page.ts";
import { languageOf } from "./language.ts";
import { registerPage, sendStranger, type Visitor } from "./page-door.ts";

type PageParts = Pick<ServerParts, "settings" | "store" | "directory" | "sessions" | "nowMs">;

export function registerPageRoutes(server: FastifyInstance, parts: PageParts): void {
  const { settings } = parts;
  // A look ahead (HEAD) must not use the link up.
  const enter = { schema: { hide: true }, exposeHeadRoute: false };
  server.get<{ Querystring: { key?: string } }>("/enter", enter, (request, reply) => {
    const cookie = parts.sessions.enter(request.query.key ?? "", parts.nowMs());
    if (cookie === null) return sendStranger(reply, { ...settings, why: "used" }, languageOf(request));
    return reply
      .setCookie(SESSION_COOKIE, cookie, {
        path: "/",
        httpOnly: true,
        sameSite: "strict",
        secure: settings.http.tlsCert !== null,
      })
      .header("cache-control", "no-store")
      .header("referrer-policy", "no-referrer")
      .redirect("/", 303);
  });
  registerPage(server, parts, {
    ...{ path: "/files", scope: "reports" },
    render: async (visitor) => renderFiles(filesOf(parts, visitor), visitor.language),
  });
}

function filesOf(parts: PageParts, { asker, visit }: Visitor) {
  const thisMonth = localDayOf(parts.nowMs(), zoneOf(parts)).slice(0, 7);
  const lastMonth = addDays(monthSpan(thisMonth).from, -1).slice(0, 7);
  return {
    ...{ sample: parts.settings.sample, visit, months: [thisMonth, lastMonth] },
    exact: asker.scopes.includes("reports:exact"),
  };
}

function zoneOf({ directory }: PageParts): string {
  return directory.sites[0]?.zone ?? "UTC";
}
