/**
 * What a browser carries in a cookie while it is away at the provider: what the answer must fit, and where to go on
 * afterwards. Pure. It is no secret from that browser: whoever changes it spoils their own sign-in, and nobody else's.
 */

import { TIME_MAX_MS } from "#schemas/limits.ts";
import { integer, type Of, pattern, record, shape } from "#schemas/shape.ts";

/** Time to find the telephone with the second factor; beyond, one begins again. */
export const ERRAND_MS = 600_000;
/** Longer than any address our pages make; what it may lead to is judged where it is followed. */
const NEXT_MAX = 1_000;
/** A cookie longer than this is none of ours: browsers send at most 4096 bytes. */
const COOKIE_MAX = 4_096;

const secret = () => pattern("^[A-Za-z0-9_-]{43}$", 43);

const ERRAND = shape(
  "oidc-errand",
  record({
    // Comes back in the provider's answer.
    state: secret(),
    // Comes back in the provider's signed word.
    nonce: secret(),
    // Proves to the provider that who brings the code is who set out (PKCE).
    verifier: secret(),
    next: pattern("^/[!-~]*$", NEXT_MAX),
    begunMs: integer(0, TIME_MAX_MS),
  }),
);
export type Errand = Of<typeof ERRAND>;

/** An errand as the text of a cookie. */
export function errandCookie(errand: Errand): string {
  return Buffer.from(JSON.stringify(errand)).toString("base64url");
}

/** The errand of a cookie; null for none, one that was changed beyond reading, and one begun too long ago. */
export function errandIn(cookie: string | undefined, nowMs: number): Errand | null {
  if (cookie === undefined || cookie.length > COOKIE_MAX) return null;
  const errand = parsed(Buffer.from(cookie, "base64url").toString());
  if (!ERRAND.is(errand)) return null;
  return nowMs >= errand.begunMs && nowMs < errand.begunMs + ERRAND_MS ? errand : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
