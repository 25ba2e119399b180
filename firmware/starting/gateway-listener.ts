/**
 * What follows from what the gateway says: settings take force, keys are opened and kept, the clock learns the time.
 */
import { localDayOf } from "#schemas/local-day.ts";
import type { DayKeys, SiteSettings } from "#schemas/messages.ts";
import { openKeys } from "#schemas/sealed-keys.ts";
import { publicKeyFromHex, type SigningKey } from "#schemas/signature.ts";
import { MINUTE_MS } from "#schemas/time.ts";
import type { Clock, DayKeyring, Indicators, Journal, Log, UplinkListener } from "../ports.ts";
import { readSpent } from "../sync/downlink.ts";
import type { SpentElsewhere } from "../tickets/spent-elsewhere.ts";
import type { Totem } from "../totem.ts";

/** Where the latest trusted time is kept, so that a replayed receipt cannot set the clock back over a restart. */
export const KEPT_TRUSTED_MS = "trusted-ms";

/** The settings in force; the gateway may replace them at any time. */
export type SiteBox = { settings: SiteSettings | null };

export type ListenerParts = {
  readonly totem: Pick<Totem, "recordFault">;
  readonly clock: Clock;
  readonly journal: Pick<Journal, "keep">;
  readonly indicators: Pick<Indicators, "play">;
  readonly keyring: DayKeyring;
  readonly elsewhere: SpentElsewhere;
  readonly journalKey: SigningKey;
  readonly site: SiteBox;
  /** The latest trusted time of earlier starts. */
  readonly trustedMs: number;
  readonly log: Log;
};

export function gatewayListener(parts: ListenerParts): UplinkListener {
  const { totem, clock, journal, indicators, site, log } = parts;
  let { trustedMs } = parts;
  return {
    onSettings: (next) => {
      site.settings = next;
      log.info("settings", { version: next.version });
    },
    onSpent: (totemId, payload) => takeSpent(parts, totemId, payload),
    onKeys: (message) => takeKeys(parts, message),
    onTime: (timeMs) => {
      clock.timeReceived(timeMs);
      // A replayed receipt is older: it must not lower what a restart begins from. A minute is near enough for a
      // floor, and saves a commit for each receipt of a long backlog.
      if (timeMs < trustedMs + MINUTE_MS) return;
      trustedMs = timeMs;
      void journal.keep(KEPT_TRUSTED_MS, String(timeMs));
    },
    onFault: (code, part) => totem.recordFault(code, "failed", part),
    onConnection: () => undefined,
    onIdentify: () => indicators.play("ready"),
  };
}

/** Only the word of a totem that the gateway's settings name is believed, and only about tickets: it can do no more than refuse one. */
function takeSpent({ site, elsewhere, clock, log }: ListenerParts, totemId: string, payload: Buffer): void {
  const sibling = site.settings?.siblings.find((one) => one.totemId === totemId);
  if (sibling === undefined) return;
  const spent = readSpent(payload, publicKeyFromHex(sibling.publicKey));
  if (!spent.ok) {
    log.warn("spent-refused", { totem: totemId, problem: spent.problem });
    return;
  }
  const at = { nowMs: clock.nowMs(), keepMs: ticketKeepMs(site) };
  const taken = elsewhere.take(totemId, spent.value.marks, at);
  if (taken < spent.value.marks.length) log.warn("spent-too-many", { totem: totemId });
}

/** How long a ticket may be good after it was taken somewhere, clocks that differ included. */
export function ticketKeepMs({ settings }: SiteBox): number {
  const { validMinutes, skewMinutes } = settings?.ticketRules ?? { validMinutes: 0, skewMinutes: 0 };
  return (1 + validMinutes + 2 * skewMinutes) * MINUTE_MS;
}

async function takeKeys(parts: ListenerParts, { totemId, day, sealed }: DayKeys): Promise<void> {
  const { keyring, clock, site, journalKey, log } = parts;
  const keys = await openKeys(sealed, { totemId, day }, journalKey);
  if (keys === null) return log.warn("keys-not-opened", { day });
  const time = clock.entryTime();
  const zone = time.clock === "trusted" ? site.settings?.zone : undefined;
  const today = zone === undefined ? null : localDayOf(time.wallMs, zone);
  // Never which keys: only that there are some.
  if (keyring.take(keys, day, today)) log.info("keys", { day });
  else log.warn("keys-of-another-day", { day });
}
