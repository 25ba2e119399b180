/**
 * Forms of the gateway's own pages. Takes one only from the page it stands on: the browser says where it comes from, and a form of a session
 * brings back that session's own token. Whoever adds a page with forms registers them in a scope guarded here.
 */
import { timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { pageAsker } from "../api/auth.ts";
import type { ServerParts } from "../api/server-parts.ts";
import type { Asker } from "../api/sessions.ts";
import { ACCOUNT_WORDS } from "./account-words.ts";
import { type Html, html, NOTHING } from "./html.ts";
import { languageOf } from "./language.ts";
import { sendPage, toSignIn } from "./page-door.ts";
import { shell } from "./shell.ts";

type FormParts = Pick<ServerParts, "sessions" | "nowMs" | "settings">;

/** Some texts and a list of choices. */
const FORM_BYTES_MAX = 16_384;
/** The field that brings back the session's token. */
const TOKEN_FIELD = "form";

/** Takes this scope's forms, from pages of our own only. For forms that need no session. */
export function takeForms(scope: FastifyInstance): void {
  scope.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string", bodyLimit: FORM_BYTES_MAX },
    (_request, body, parsed) => parsed(null, new URLSearchParams(String(body))),
  );
  scope.addHook("preHandler", async (request, reply) => {
    if (isChange(request) && !isOwnForm(request))
      return reply.code(403).send({ message: "only this page's own forms are taken" });
    return undefined;
  });
}

/** The same, for forms of who is signed in: sets `request.asker`, and sends everybody else to sign in. */
export function takeSessionForms(scope: FastifyInstance, parts: FormParts): void {
  takeForms(scope);
  scope.addHook("preHandler", async (request, reply) => {
    const asker = await pageAsker(request, parts);
    if (asker?.session === undefined) return toSignIn(request, reply);
    if (isChange(request) && !isSame(fieldOf(request, TOKEN_FIELD), asker.session.formToken))
      return refuse(request, reply, parts, "staleForm");
    request.asker = asker;
    return undefined;
  });
}

/** A hook that lets pass only sessions with a scope: put it behind `takeSessionForms`. */
export function mustHave(scope: string, parts: Pick<FormParts, "settings">) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    if (request.asker?.scopes.includes(scope) !== true) return refuse(request, reply, parts, "notForYou");
    return undefined;
  };
}

/** The hidden field without which a form of this session is not taken. */
export function formToken({ session }: Asker): Html {
  return session === undefined
    ? NOTHING
    : html`<input type="hidden" name="${TOKEN_FIELD}" value="${session.formToken}">`;
}

/** A field of a form as it was sent; empty when it was not. */
export function fieldOf({ body }: FastifyRequest, name: string): string {
  return body instanceof URLSearchParams ? (body.get(name) ?? "") : "";
}

/** All values of a field that can be chosen several times. */
export function fieldsOf({ body }: FastifyRequest, name: string): readonly string[] {
  return body instanceof URLSearchParams ? body.getAll(name) : [];
}

function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  { settings }: Pick<FormParts, "settings">,
  why: "staleForm" | "notForYou",
): FastifyReply {
  const words = ACCOUNT_WORDS[languageOf(request)];
  const text = shell(
    { sample: settings.sample, title: words.refusedTitle },
    languageOf(request),
    html`<p class="bad" role="alert">${words[why]}</p><p><a href="/">${words.toThePage}</a></p>`,
  );
  return sendPage(reply.code(403), text);
}

function isChange({ method }: FastifyRequest): boolean {
  return method !== "GET" && method !== "HEAD";
}

/**
 * A browser says where a form comes from: another site's is refused, whatever cookie comes with it. Browsers of before 2023 say it by
 * `Origin` alone, which a proxy that changes the host makes useless.
 */
export function isOwnForm({ headers }: FastifyRequest): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin";
  return URL.parse(headers.origin ?? "")?.host === headers.host && headers.host !== undefined;
}

function isSame(given: string, right: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}
