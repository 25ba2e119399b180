/**
 * `/sign-in/oidc` sends a browser to the provider of the settings, `/sign-in/oidc/callback` judges what it comes back with and opens a session.
 * Neither exists without a provider.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { CALLBACK_PATH, type Oidc } from "../access/oidc.ts";
import { ERRAND_MS } from "../access/oidc-errand.ts";
import type { Identity, OidcProblem } from "../access/oidc-identity.ts";
import { scopesOf } from "../access/roles.ts";
import type { ServerParts } from "../api/server-parts.ts";
import { languageOf } from "./language.ts";
import { nextPath } from "./next-path.ts";
import { renderOidcProblem } from "./oidc-page.ts";
import { sendPage } from "./page-door.ts";

type OidcParts = Pick<ServerParts, "settings" | "store" | "sessions" | "nowMs"> & {
  readonly oidc: Oidc | null;
};

const STATUS: Readonly<Record<OidcProblem["kind"], number>> = {
  silent: 503,
  "begin-again": 400,
  refused: 403,
  "not-trusted": 502,
  "no-role": 403,
};

export function registerOidcRoutes(server: FastifyInstance, { oidc, ...parts }: OidcParts): void {
  const setting = parts.settings.access.oidc;
  if (oidc === null || setting === null) return;
  // A look ahead (HEAD) must not begin anything, nor use a code up.
  const options = { schema: { hide: true }, exposeHeadRoute: false };
  const errand = errandCookieFor(setting.address);
  const say = (request: FastifyRequest, reply: FastifyReply, problem: OidcProblem, next: string) => {
    const about = { sample: parts.settings.sample, name: oidc.name, problem, next };
    return sendPage(reply.code(STATUS[problem.kind]), renderOidcProblem(about, languageOf(request)));
  };
  server.get<{ Querystring: { next?: unknown } }>("/sign-in/oidc", options, async (request, reply) => {
    const next = nextPath(request.query.next);
    const begun = await oidc.begin(next);
    if (begun === null) return say(request, reply, { kind: "silent" }, next);
    return reply
      .setCookie(errand.name, begun.cookie, { ...errand.rules, maxAge: ERRAND_MS / 1_000 })
      .header("cache-control", "no-store")
      .redirect(begun.url, 303);
  });
  server.get(`/${CALLBACK_PATH}`, options, async (request, reply) => {
    const [, query = ""] = request.url.split(/\?(.*)/s);
    const finished = await oidc.finish({ query, cookie: request.cookies[errand.name] });
    reply.clearCookie(errand.name, errand.rules).header("referrer-policy", "no-referrer");
    if (!finished.ok) {
      if (finished.problem.kind === "no-role") await noteNoRole(parts);
      return say(request, reply, finished.problem, "/");
    }
    await openSessionFor(finished.value.identity, oidc.name, request, reply, parts);
    return reply.header("cache-control", "no-store").redirect(nextPath(finished.value.next), 303);
  });
}

/** A new session in this browser; the one it had is over. */
async function openSessionFor(
  { identityId, name, role, officeId }: Identity,
  provider: string,
  request: FastifyRequest,
  reply: FastifyReply,
  { sessions, nowMs }: Omit<OidcParts, "oidc">,
): Promise<void> {
  await sessions.end(request.cookies[sessions.cookie.name] ?? "", nowMs());
  // In the log nobody is taken for an account of ours.
  const person = { accountId: null, name: `${name} (${provider})`, scopes: scopesOf(role), officeId };
  const cookie = await sessions.begin(person, nowMs(), identityId);
  reply.setCookie(sessions.cookie.name, cookie, sessions.cookie.rules);
}

/** Who is known there and nothing here: strangers to the provider cannot fill the log with it. */
async function noteNoRole({ store, nowMs }: Omit<OidcParts, "oidc">): Promise<void> {
  await store.noteDeed({
    atMs: nowMs(),
    kind: "sign-in-failed",
    byId: "",
    byName: "",
    what: "oidc: no role",
  });
}

function errandCookieFor(address: string) {
  const secure = address.startsWith("https:");
  return {
    name: secure ? "__Host-faccine-errand" : "faccine-errand",
    // Comes along when the provider sends the browser back.
    rules: { path: "/", httpOnly: true, sameSite: "lax", secure } as const,
  };
}
