/**
 * Remembers what was asked for under a key, so that a request sent twice issues one ticket. In memory only, and only for as
 * long as the ticket is good: a code that is kept is a code that can be stolen.
 */
import { createHash } from "node:crypto";
import type { Result } from "#schemas/result.ts";
import type { IssuedTicket, IssueProblem } from "./issuer.ts";

type Issued = Result<IssuedTicket, IssueProblem>;

/** An office issues some hundred tickets an hour; beyond, the oldest are forgotten, and issued anew if asked for again. */
export const REMEMBERED_MAX = 20_000;

type Remembered = {
  /** A hash: the same key with another request is a mistake of whoever sends it. */
  readonly asked: string;
  readonly ticket: Promise<Issued>;
  readonly untilMs: number;
};

export type IssuedOnce = {
  /**
   * What was answered under this key before, or what `issue` answers now. Null when the key was used for another request.
   * One that issued nothing, or failed, is not remembered.
   */
  readonly issue: (
    key: string,
    request: object,
    issue: () => Promise<Issued>,
  ) => Promise<{ readonly ticket: Issued; readonly isAgain: boolean } | null>;
};

/** @param keepMs how long a ticket is good. */
export function openIssuedOnce({
  nowMs,
  keepMs,
}: {
  readonly nowMs: () => number;
  readonly keepMs: number;
}): IssuedOnce {
  const remembered = new Map<string, Remembered>();
  const makeRoom = () => {
    for (const [key, { untilMs }] of remembered) {
      // In the order they were asked for: the first that is still good ends the look.
      if (untilMs > nowMs() && remembered.size < REMEMBERED_MAX) break;
      remembered.delete(key);
    }
  };
  return {
    issue: async (key, request, issue) => {
      makeRoom();
      const asked = createHash("sha256").update(JSON.stringify(request)).digest("hex");
      const known = remembered.get(key);
      if (known !== undefined)
        return known.asked === asked ? { ticket: await known.ticket, isAgain: true } : null;
      const ticket = issue();
      remembered.set(key, { asked, ticket, untilMs: nowMs() + keepMs });
      const forget = () => remembered.delete(key);
      ticket.then((issued) => issued.ok || forget(), forget);
      return { ticket: await ticket, isAgain: false };
    },
  };
}
