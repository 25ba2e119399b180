/**
 * The door of the gateway's pages: who has a session with the page's scope gets the page, anybody else is sent to sign in. Every page that
 * the menu leads to goes through it.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Scope } from "../access/tokens.ts";
import { askerOf } from "../api/auth.ts";
import type { ServerParts } from "../api/server-parts.ts";
import type { Asker } from "../api/sessions.ts";
import { languageOf } from "./language.ts";
import { signInPath } from "./next-path.ts";
import { SCRIPT_POLICY } from "./page-policy.ts";
import type { PageLanguage } from "./page-words.ts";
import type { Visit } from "./shell.ts";
import { renderNotAllowed } from "./stranger-page.ts";

export type DoorParts = Pick<ServerParts, "settings" | "store" | "sessions" | "nowMs">;

export type Visitor = {
  readonly asker: Asker;
  readonly language: PageLanguage;
  readonly visit: Visit;
};

/** A page behind the door. @param render gives the whole page, or null when it has answered itself. */
export function registerPage(
  server: FastifyInstance,
  parts: DoorParts,
  page: {
    readonly path: string;
    /** What the reader must be allowed to do; null for everybody who is signed in. */
    readonly scope: Scope | null;
    readonly render: (visitor: Visitor, request: FastifyRequest, reply: FastifyReply) => Promise<string>;
  },
): void {
  const { settings } = parts;
  const { path, scope, render } = page;
  const options = {
    schema: { hide: true },
    helmet: { contentSecurityPolicy: { directives: SCRIPT_POLICY } },
  };
  server.get(path, options, async (request, reply) => {
    const asker = await askerOf(request, parts);
    const language = languageOf(request);
    if (asker === null) return toSignIn(request, reply);
    const visit = {
      ...{ administration: settings.administration.name, scopes: asker.scopes, path },
      query: queryWithoutLanguage(request),
    };
    if (scope !== null && !asker.scopes.includes(scope)) {
      return sendPage(reply.code(403), renderNotAllowed({ ...settings, visit }, language));
    }
    return sendPage(reply, await render({ asker, language, visit }, request, reply));
  });
}

/** Sends a browser to sign in, and back to where it wanted to go. */
export function toSignIn(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const isLook = request.method === "GET" || request.method === "HEAD";
  const way = signInPath(isLook ? request.url : "/", languageOf(request));
  return reply.header("cache-control", "no-store").redirect(way, 303);
}

/** Figures are of this moment and of this reader: nobody between keeps them. */
export function sendPage(reply: FastifyReply, text: string): FastifyReply {
  return reply.type("text/html; charset=utf-8").header("cache-control", "no-store").send(text);
}

function queryWithoutLanguage({ url }: FastifyRequest): string {
  const query = new URLSearchParams(url.split("?")[1] ?? "");
  query.delete("lang");
  return query.toString();
}
