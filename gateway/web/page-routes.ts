/**
 * The gateway's page at `/`, opened by a one-time link: sums per totem, files to download, whether everything adds up.
 * Rendered on the server and complete without any script.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { FastifyInstance, FastifyReply } from "fastify";
import { addDays, localDayOf, monthSpan } from "#schemas/local-day.ts";
import { type Guard, SESSION_COOKIE } from "../api/auth.ts";
import type { ServerParts } from "../api/server-parts.ts";
import { statusOf } from "../api/status.ts";
import { languageOf } from "./language.ts";
import { renderPage, renderStranger } from "./page.ts";
import type { PageLanguage } from "./page-words.ts";

type PageParts = Pick<ServerParts, "settings" | "store" | "directory" | "sessions" | "nowMs"> & {
  readonly guard: Guard;
};

export function registerPageRoutes(server: FastifyInstance, parts: PageParts): void {
  const style = readFileSync(join(import.meta.dirname, "page.css"), "utf8");
  server.get("/page.css", { schema: { hide: true } }, (_, reply) =>
    reply.type("text/css; charset=utf-8").header("cache-control", "max-age=3600").send(style),
  );
  // A look ahead (HEAD) must not use the link up.
  const enter = { schema: { hide: true }, exposeHeadRoute: false };
  server.get<{ Querystring: { key?: string } }>("/enter", enter, (request, reply) => {
    const cookie = parts.sessions.enter(request.query.key ?? "", parts.nowMs());
    if (cookie === null) return stranger(reply, parts, languageOf(request), "used");
    return reply
      .setCookie(SESSION_COOKIE, cookie, {
        path: "/",
        httpOnly: true,
        sameSite: "strict",
        secure: parts.settings.http.tlsCert !== null,
      })
      .header("cache-control", "no-store")
      .header("referrer-policy", "no-referrer")
      .redirect("/", 303);
  });
  server.get("/", { schema: { hide: true } }, async (request, reply) => {
    const cookie = request.cookies[SESSION_COOKIE];
    const asker = cookie === undefined ? null : parts.sessions.find(cookie, parts.nowMs());
    const language = languageOf(request);
    if (asker === null) return stranger(reply, parts, language, "none");
    const html = renderPage(await contentOf(parts, asker.scopes), language);
    return sendPage(reply, html);
  });
}

async function contentOf(parts: PageParts, scopes: readonly string[]) {
  const { settings, store, directory, nowMs } = parts;
  const zone = directory.sites[0]?.zone ?? "UTC";
  const thisMonth = localDayOf(nowMs(), zone).slice(0, 7);
  const lastMonth = addDays(monthSpan(thisMonth).from, -1).slice(0, 7);
  return {
    administration: settings.administration.name,
    sample: settings.sample,
    status: statusOf(await store.totemStatuses(), await store.alarms(), settings.live.step),
    recount: await store.lastRecount(),
    months: [thisMonth, lastMonth],
    exact: scopes.includes("reports:exact"),
    nowMs: nowMs(),
    zone,
  };
}

function stranger(
  reply: FastifyReply,
  { settings }: PageParts,
  language: PageLanguage,
  why: "used" | "none",
): FastifyReply {
  return sendPage(reply.code(401), renderStranger({ sample: settings.sample, why }, language));
}

function sendPage(reply: FastifyReply, html: string): FastifyReply {
  return reply.type("text/html; charset=utf-8").header("cache-control", "no-store").send(html);
}
