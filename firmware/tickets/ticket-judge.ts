/**
 * The ticket judge in service: reads the text with the settings and keys in force and asks the journal whether the
 * ticket was used here before.
 */
import type { KeyObject } from "node:crypto";
import { TICKET_KEYS_MAX } from "#schemas/limits.ts";
import type { SiteSettings } from "#schemas/messages.ts";
import { publicKeyFromHex } from "#schemas/signature.ts";
import type { Journal, TicketJudge } from "../ports.ts";
import type { Judgement } from "../session/events.ts";
import { readTicket } from "./judge.ts";

/** A judge for one totem. `settings` is asked at each scan, because the gateway may have changed them. */
export function openTicketJudge(parts: {
  readonly journal: Pick<Journal, "isSpent">;
  readonly settings: () => SiteSettings | null;
  readonly siteKey: Buffer;
}): TicketJudge {
  const publicKey = rememberKeys();
  return {
    judge: async (text, { time, mode }): Promise<Judgement> => {
      const context = { settings: parts.settings(), siteKey: parts.siteKey, time, mode, publicKey };
      const reading = readTicket(text, context);
      if (reading.genuine === null) {
        return { good: false, refusal: reading.refusal, mark: null, service: reading.service };
      }
      const { ticket, mark, service, lateOrEarly } = reading.genuine;
      // Used comes first: the code of a session that just ended is greeted, even in the minute its ticket expires.
      const refusal = (await parts.journal.isSpent(mark)) ? "used" : lateOrEarly;
      return refusal === null ? { good: true, ticket, mark, mode } : { good: false, refusal, mark, service };
    },
  };
}

/** Importing a key costs more than checking a signature with it. Never more are kept than settings can name. */
function rememberKeys(): (hexKey: string) => KeyObject {
  const keys = new Map<string, KeyObject>();
  return (hexKey) => {
    const known = keys.get(hexKey);
    if (known !== undefined) return known;
    const key = publicKeyFromHex(hexKey);
    // Years of rotation: the keys in use come back with the next scans.
    if (keys.size >= TICKET_KEYS_MAX) keys.clear();
    keys.set(hexKey, key);
    return key;
  };
}
