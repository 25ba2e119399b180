/**
 * Who is signed in at a desk: a token behind a cookie. In memory only, so that a restart ends all; whether the token is still good is asked
 * each time.
 */
import { secretHash } from "../access/tokens.ts";

/** A working day with its extra hours. */
const SESSION_MS = 43_200_000;
/** Desks at once; beyond, the one that signed in first has to do so again. */
const DESKS_MAX = 2_000;
/** 256 bits, so that nobody guesses one. */
const SECRET_BYTES = 32;

export type DeskSessions = {
  /** @param token the token's text, which is not kept in the browser. @returns the cookie. */
  readonly signIn: (token: string, nowMs: number) => string;
  /** The token behind a cookie, or null. */
  readonly tokenOf: (cookie: string, nowMs: number) => string | null;
  readonly signOut: (cookie: string) => void;
};

export function openDeskSessions(randomBytes: (size: number) => Buffer): DeskSessions {
  const desks = new Map<string, { readonly token: string; readonly untilMs: number }>();
  return {
    signIn: (token, nowMs) => {
      const cookie = randomBytes(SECRET_BYTES).toString("base64url");
      desks.set(secretHash(cookie), { token, untilMs: nowMs + SESSION_MS });
      const [first] = desks.keys();
      if (desks.size > DESKS_MAX && first !== undefined) desks.delete(first);
      return cookie;
    },
    tokenOf: (cookie, nowMs) => {
      const desk = desks.get(secretHash(cookie));
      return desk === undefined || nowMs >= desk.untilMs ? null : desk.token;
    },
    signOut: (cookie) => void desks.delete(secretHash(cookie)),
  };
}
