/**
 * The desk's pages at `/desk`, for an office without a queue system: sign in with a token of the office, press the service that has ended,
 * print its receipt. Keeps no ticket, and nothing about who pressed.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { MINUTE_MS } from "#schemas/time.ts";
import { askerWith } from "../api/auth.ts";
import type { ServerParts } from "../api/server-parts.ts";
import { openIssuedOnce } from "../tickets/issued-once.ts";
import { ticketSvg } from "../tickets/ticket-drawing.ts";
import { renderDesk, renderDeskSignIn, renderReceipt } from "./desk-page.ts";
import { openDeskSessions } from "./desk-sessions.ts";
import { isOwnForm } from "./forms.ts";
import { languageOf } from "./language.ts";
import { SCRIPT_POLICY } from "./page-policy.ts";

type DeskParts = Pick<ServerParts, "settings" | "store" | "directory" | "issuer" | "nowMs" | "randomBytes">;
type Desk = NonNullable<ReturnType<ServerParts["directory"]["office"]>> & { readonly tokenId: string };

const COOKIE = "faccine-desk";
/** A form of a token, a service and a key. */
const FORM_BYTES_MAX = 4_096;
const KEY_BYTES = 16;
const KEY = /^[0-9a-f]{2,32}$/;

export function registerDeskRoutes(server: FastifyInstance, parts: DeskParts): void {
  for (const [name, type] of [
    ["desk.css", "text/css"],
    ["desk.js", "text/javascript"],
  ] as const) {
    const text = readFileSync(join(import.meta.dirname, name), "utf8");
    server.get(`/${name}`, { schema: { hide: true } }, (_, reply) =>
      reply.type(`${type}; charset=utf-8`).header("cache-control", "max-age=3600").send(text),
    );
  }
  // A scope of its own: nowhere else are forms taken.
  server.register((scope, _, done) => {
    scope.addContentTypeParser(
      "application/x-www-form-urlencoded",
      { parseAs: "string", bodyLimit: FORM_BYTES_MAX },
      (_request, body, parsed) => parsed(null, Object.fromEntries(new URLSearchParams(String(body)))),
    );
    scope.addHook("preHandler", async (request, reply) => {
      if (request.method !== "GET" && !isOwnForm(request))
        return reply.code(403).send({ message: "only this page's own forms are taken" });
      return undefined;
    });
    registerForms(scope, parts);
    done();
  });
}

function registerForms(scope: FastifyInstance, parts: DeskParts): void {
  const { settings, nowMs, randomBytes, issuer } = parts;
  const { sample } = settings;
  const sessions = openDeskSessions(randomBytes);
  const { validMinutes, skewMinutes } = settings.tickets;
  const once = openIssuedOnce({ nowMs, keepMs: (validMinutes + 2 * skewMinutes) * MINUTE_MS });
  const hidden = { schema: { hide: true } };
  const cookieRules = {
    ...({ path: "/desk", httpOnly: true, sameSite: "strict" } as const),
    secure: settings.http.tlsCert !== null,
  };
  const deskOf = (request: FastifyRequest) => {
    const token = sessions.tokenOf(request.cookies[COOKIE] ?? "", nowMs());
    return token === null ? null : deskBehind(token, parts);
  };
  const signInPage = (request: FastifyRequest, reply: FastifyReply, isWrong: boolean) =>
    page(reply.code(isWrong ? 401 : 200), renderDeskSignIn({ sample, isWrong }, languageOf(request)));
  const deskPage = (request: FastifyRequest, reply: FastifyReply, { office }: Desk, isRefused: boolean) => {
    const key = randomBytes(KEY_BYTES).toString("hex");
    const content = { sample, office: office.name, services: office.services, key, isRefused };
    return page(reply.code(isRefused ? 422 : 200), renderDesk(content, languageOf(request)));
  };
  scope.get("/desk", hidden, async (request, reply) => {
    const desk = await deskOf(request);
    return desk === null ? signInPage(request, reply, false) : deskPage(request, reply, desk, false);
  });
  scope.post("/desk/sign-in", hidden, async (request, reply) => {
    const token = textOf(request, "code").trim();
    if ((await deskBehind(token, parts)) === null) return signInPage(request, reply, true);
    return reply
      .setCookie(COOKIE, sessions.signIn(token, nowMs()), cookieRules)
      .redirect(`/desk?lang=${languageOf(request)}`, 303);
  });
  scope.post("/desk/sign-out", hidden, (request, reply) => {
    sessions.signOut(request.cookies[COOKIE] ?? "");
    return reply.clearCookie(COOKIE, cookieRules).redirect(`/desk?lang=${languageOf(request)}`, 303);
  });
  scope.post(
    "/desk/receipt",
    // Printing by itself takes a script.
    { ...hidden, helmet: { contentSecurityPolicy: { directives: SCRIPT_POLICY } } },
    async (request, reply) => {
      const desk = await deskOf(request);
      if (desk === null) return signInPage(request, reply, true);
      const { office, site, tokenId } = desk;
      const service = office.services.find(({ serviceId }) => serviceId === textOf(request, "service"));
      const key = textOf(request, "key");
      // Keys are remembered for an hour: only ones as short as this page makes them.
      if (service === undefined || !KEY.test(key)) return deskPage(request, reply, desk, true);
      const { serviceId } = service;
      const answer = await once.issue(`${tokenId} ${key}`, { serviceId }, () =>
        issuer.issue({ serviceId, endedAtMs: nowMs(), purpose: "live" }),
      );
      if (answer === null || !answer.ticket.ok) return deskPage(request, reply, desk, true);
      const { code, profile, minute } = answer.ticket.value;
      const content = {
        ...{
          sample,
          administration: settings.administration.name,
          office: office.name,
          service: service.name,
        },
        ...{
          drawing: ticketSvg(code, profile),
          untilMs: (minute + validMinutes) * MINUTE_MS,
          zone: site.zone,
        },
      };
      return page(reply.code(201), renderReceipt(content, languageOf(request)));
    },
  );
}

/** The office whose tickets a token issues, and nothing else; null for any other token. */
async function deskBehind(token: string, { store, nowMs, directory }: DeskParts): Promise<Desk | null> {
  const asker = await askerWith(token, { store, nowMs });
  if (asker === null || asker.officeId === null || !asker.scopes.includes("issue")) return null;
  const found = directory.office(asker.officeId);
  return found === undefined ? null : { ...found, tokenId: asker.tokenId };
}

function textOf({ body }: FastifyRequest, name: string): string {
  const value = (body as Readonly<Record<string, unknown>> | null)?.[name];
  return typeof value === "string" ? value : "";
}

function page(reply: FastifyReply, html: string): FastifyReply {
  return reply.type("text/html; charset=utf-8").header("cache-control", "no-store").send(html);
}
