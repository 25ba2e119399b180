/**
 * Remembers a browser that was signed in to an account, by a cookie, so that strangers who guess at the account cannot slow its owner down.
 * It opens nothing. The key is made anew at each start, as the counts of tries are.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { DAY_MS } from "#schemas/time.ts";
import type { ServerParts } from "../api/server-parts.ts";

const COOKIE = "faccine-known";
const KEY_BYTES = 32;
const ID_BYTES = 16;
/** As long as browsers keep a cookie at all. */
const KEPT_DAYS = 400;

export type KnownBrowsers = {
  /** The browser's own id where it was signed in to the account before, or null. */
  readonly known: (request: FastifyRequest, accountId: string) => string | null;
  readonly remember: (reply: FastifyReply, accountId: string, known: string | null) => void;
};

export function openKnownBrowsers({
  randomBytes,
  sessions,
}: Pick<ServerParts, "randomBytes" | "sessions">): KnownBrowsers {
  const key = randomBytes(KEY_BYTES);
  const sealOf = (accountId: string, id: string) =>
    createHmac("sha256", key).update(`${accountId} ${id}`).digest("base64url");
  return {
    known: (request, accountId) => {
      const [id = "", seal = ""] = (request.cookies[COOKIE] ?? "").split(".");
      const [given, right] = [Buffer.from(seal), Buffer.from(sealOf(accountId, id))];
      return given.length === right.length && timingSafeEqual(given, right) ? id : null;
    },
    remember: (reply, accountId, known) => {
      const id = known ?? randomBytes(ID_BYTES).toString("base64url");
      const { secure, httpOnly, sameSite } = sessions.cookie.rules;
      const maxAge = (KEPT_DAYS * DAY_MS) / 1_000;
      reply.setCookie(COOKIE, `${id}.${sealOf(accountId, id)}`, {
        path: "/sign-in",
        httpOnly,
        sameSite,
        secure,
        maxAge,
      });
    },
  };
}
