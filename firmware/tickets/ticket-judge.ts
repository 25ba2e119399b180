/**
 * The ticket judge in service: reads the text with the settings and keys in force and asks the journal whether the
 * ticket was used here before.
 */
import { OFFICES_PER_SITE_MAX, TICKET_KEYS_MAX } from "#schemas/limits.ts";
import type { SiteSettings } from "#schemas/messages.ts";
import { compilePlainPattern } from "#schemas/plain-pattern.ts";
import { publicKeyFromHex } from "#schemas/signature.ts";
import type { Journal, TicketJudge } from "../ports.ts";
import type { Judgement } from "../session/events.ts";
import { readTicket } from "./judge.ts";
import type { TicketKeys } from "./reading.ts";

/** A judge for one totem. `settings` is asked at each scan, because the gateway may have changed them. */
export function openTicketJudge(parts: {
  readonly journal: Pick<Journal, "isSpent">;
  readonly settings: () => SiteSettings | null;
  readonly dayKeys: TicketKeys;
  /** Whether another totem of the site has told that it took this ticket. */
  readonly isSpentElsewhere?: (mark: string) => boolean;
}): TicketJudge {
  const publicKey = remembered(publicKeyFromHex, TICKET_KEYS_MAX);
  const plainPattern = remembered((pattern: string) => {
    const compiled = compilePlainPattern(pattern);
    return compiled.ok ? compiled.value : null;
  }, OFFICES_PER_SITE_MAX);
  return {
    judge: async (text, { time, mode }): Promise<Judgement> => {
      const { dayKeys } = parts;
      const context = { settings: parts.settings(), dayKeys, time, mode, publicKey, plainPattern };
      const reading = readTicket(text, context);
      if (reading.genuine === null) {
        return { good: false, refusal: reading.refusal, mark: null, service: reading.service };
      }
      const { ticket, mark, otherMarks, service, lateOrEarly } = reading.genuine;
      // Used comes first: the code of a session that just ended is greeted, even in the minute its ticket expires.
      const spent = await Promise.all([mark, ...otherMarks].map((one) => parts.journal.isSpent(one)));
      const isElsewhere = [mark, ...otherMarks].some((one) => parts.isSpentElsewhere?.(one) === true);
      const refusal = spent.includes(true) ? "used" : isElsewhere ? "used-elsewhere" : lateOrEarly;
      return refusal === null ? { good: true, ticket, mark, mode } : { good: false, refusal, mark, service };
    },
  };
}

/** Importing a key or compiling a pattern costs more than using it. Never more are kept than settings can name. */
function remembered<T>(make: (text: string) => T, keptMax: number): (text: string) => T {
  const kept = new Map<string, T>();
  return (text) => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const made = make(text);
    // Years of changes: those in use come back with the next scans.
    if (kept.size >= keptMax) kept.clear();
    kept.set(text, made);
    return made;
  };
}
