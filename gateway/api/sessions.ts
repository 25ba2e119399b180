/**
 * One-time links and the sessions they open. Kept in memory only: a restart ends them all. A link is good once and for
 * a short time; both are kept as hashes, so that a memory dump opens nothing.
 */
import type { Scope } from "../access/tokens.ts";
import { secretHash } from "../access/tokens.ts";

/** Long enough to find the browser, short enough that a link in a terminal's history is dead. */
const LINK_MS = 3_600_000;
/** A working day. */
const SESSION_MS = 43_200_000;
/** Links and sessions alive at once; beyond, the oldest goes. */
const ALIVE_MAX = 100;
/** 256 bits, so that nobody guesses one. */
const SECRET_BYTES = 32;

/** Who asks: a token or a session, by an id that may stand in the access log. */
export type Asker = {
  readonly tokenId: string;
  readonly name: string;
  readonly scopes: readonly string[];
  /** The only office whose tickets it may issue; null for all. */
  readonly officeId: string | null;
};

export type Sessions = {
  /** A new link's key. */
  readonly makeLink: (scopes: readonly Scope[], nowMs: number) => string;
  /** Opens a session with a link's key: its cookie, or null for a key that is unknown, used or too old. */
  readonly enter: (key: string, nowMs: number) => string | null;
  /** Who a cookie belongs to, or null. */
  readonly find: (cookie: string, nowMs: number) => Asker | null;
};

type Alive = { readonly scopes: readonly Scope[]; readonly untilMs: number };

/** Starts with none. */
export function openSessions(randomBytes: (size: number) => Buffer): Sessions {
  const links = new Map<string, Alive>();
  const sessions = new Map<string, Alive>();
  const add = (map: Map<string, Alive>, scopes: readonly Scope[], untilMs: number) => {
    const secret = randomBytes(SECRET_BYTES).toString("base64url");
    map.set(secretHash(secret), { scopes, untilMs });
    const [oldest] = map.keys();
    if (map.size > ALIVE_MAX && oldest !== undefined) map.delete(oldest);
    return secret;
  };
  return {
    makeLink: (scopes, nowMs) => add(links, scopes, nowMs + LINK_MS),
    enter: (key, nowMs) => {
      const name = secretHash(key);
      const link = links.get(name);
      links.delete(name);
      if (link === undefined || nowMs >= link.untilMs) return null;
      return add(sessions, link.scopes, nowMs + SESSION_MS);
    },
    find: (cookie, nowMs) => {
      const name = secretHash(cookie);
      const session = sessions.get(name);
      if (session === undefined) return null;
      if (nowMs >= session.untilMs) {
        sessions.delete(name);
        return null;
      }
      return { tokenId: `page-${name.slice(0, 12)}`, name: "page", scopes: session.scopes, officeId: null };
    },
  };
}
