/**
 * Who may ask what: bearer tokens for machines, and the session of the gateway's own page. A guard is put in front of a
 * route and names the scope the route needs. It never says which of token, expiry or revocation was wrong.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import { isTokenGood, parseToken, type Scope } from "../access/tokens.ts";
import type { Store } from "../store/store.ts";
import type { Asker, Sessions } from "./sessions.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Set by a guard; null on routes without one. */
    asker: Asker | null;
  }
}

/** A hook that lets pass only who has the scope. Put before parsing: of whom it turns away not even the body is read. */
export type Guard = (scope: Scope) => (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** What is needed to know who asks. */
type AuthParts = {
  readonly store: Pick<Store, "tokenById">;
  readonly sessions: Sessions;
  readonly nowMs: () => number;
};

/** Makes guards over the tokens of a store and the sessions of the page. */
export function guardOver(parts: AuthParts): Guard {
  return (scope) => async (request, reply) => {
    const asker = await askerOf(request, parts);
    if (asker === null) {
      reply.header("www-authenticate", 'Bearer realm="faccine"');
      return void reply.code(401).send({
        message: "a valid token is needed: send `Authorization: Bearer …`",
      });
    }
    if (!asker.scopes.includes(scope)) {
      return void reply.code(403).send({ message: `this token lacks the scope ${scope}` });
    }
    request.asker = asker;
  };
}

/** The asker behind a request, or null. A cookie is good for reading only: no other page can make it act. */
export async function askerOf(request: FastifyRequest, parts: AuthParts): Promise<Asker | null> {
  const { authorization } = request.headers;
  if (authorization !== undefined) return tokenAsker(authorization, parts);
  return request.method === "GET" ? pageAsker(request, parts) : null;
}

/** Whose session a browser's request belongs to, or null: for pages, and for forms that have been guarded (`web/forms.ts`). */
export async function pageAsker(
  request: FastifyRequest,
  { sessions, nowMs }: Pick<AuthParts, "sessions" | "nowMs">,
): Promise<Asker | null> {
  const cookie = request.cookies[sessions.cookie.name];
  return cookie === undefined ? null : sessions.find(cookie, nowMs());
}

async function tokenAsker(authorization: string, parts: AuthParts): Promise<Asker | null> {
  const [scheme, text, ...rest] = authorization.split(" ");
  if (scheme?.toLowerCase() !== "bearer" || text === undefined || rest.length > 0) return null;
  return askerWith(text, parts);
}

/** Who a token belongs to, or null for one that is not good. */
export async function askerWith(
  text: string,
  { store, nowMs }: Pick<AuthParts, "store" | "nowMs">,
): Promise<Asker | null> {
  const parsed = parseToken(text);
  if (parsed === null) return null;
  const record = await store.tokenById(parsed.tokenId);
  if (record === null || !isTokenGood(record, parsed.secret, nowMs())) return null;
  const { tokenId, name, scopes, officeId } = record;
  return { tokenId, name, scopes, officeId };
}
