/**
 * A site with two offices, one served by the totem and one not, their ticket keys, and tickets issued with them.
 */
import { createHash } from "node:crypto";
import type { SiteSettings } from "#schemas/messages.ts";
import { compilePlainPattern } from "#schemas/plain-pattern.ts";
import { makeSigningKey, publicKeyFromHex, type SigningKey } from "#schemas/signature.ts";
import { issueSignedTicket, type Ticket } from "#schemas/ticket.ts";
import { type EntryTime, minuteOf } from "#schemas/time.ts";
import type { JudgeContext, TicketKeys } from "./reading.ts";

/** A Tuesday, ten in the morning in Rome. */
export const NOW_MS = Date.UTC(2026, 2, 10, 9);
export const SITE_KEY = Buffer.alloc(32, 7);
export const OFFICE_KEY = Buffer.alloc(32, 11);

export const DESK = makeSigningKey();
export const DESK_TEST = makeSigningKey();
export const ELSEWHERE = makeSigningKey();
export const STRANGER = makeSigningKey();

export const SETTINGS: SiteSettings = {
  version: 1,
  totemId: "totem-1",
  siteId: "municipio",
  zone: "Europe/Rome",
  sample: true,
  wording: 3,
  languages: ["it"],
  hours: [],
  campaign: { firstDay: null, lastDay: null, withoutTicket: false },
  serves: ["office-1"],
  offices: [
    {
      number: 1,
      officeId: "office-1",
      ...{ profiles: ["signed"], plain: null },
      services: [
        { number: 10, serviceId: "anagrafe", receiptCode: null },
        { number: 11, serviceId: "tributi", receiptCode: null },
      ],
    },
    {
      ...{ number: 2, officeId: "office-2", profiles: ["signed"], plain: null },
      services: [{ number: 20, serviceId: "scuola", receiptCode: null }],
    },
  ],
  ticketKeys: [
    ticketKey(1, "office-1", DESK, "live"),
    ticketKey(2, "office-1", DESK_TEST, "test"),
    ticketKey(3, "office-2", ELSEWHERE, "live"),
  ],
  ticketRules: { validMinutes: 60, skewMinutes: 5 },
  siblings: [],
  signature: "0".repeat(128),
};

function ticketKey(number: number, officeId: string, key: SigningKey, purpose: "live" | "test") {
  return { number, issuerKeyId: `key-${number}`, officeId, publicKey: key.publicKeyHex, purpose };
}

export function timeAt(wallMs: number, clock: EntryTime["clock"] = "trusted"): EntryTime {
  return { wallMs, monotonicUs: 1_000_000, bootId: "boot-1", clock };
}

/** The n-th ticket of the served office; `changed` makes it another one. */
export function ticketOf(serial: number, changed: Partial<Ticket> = {}): Ticket {
  return {
    issuerKey: 1,
    office: 1,
    service: 10,
    minute: minuteOf(NOW_MS) - 3,
    serial: createHash("sha256").update(`${serial}`).digest("hex").slice(0, 16),
    ...changed,
  };
}

/** Its printed code. */
export function codeOf(serial: number, changed: Partial<Ticket> = {}, key: SigningKey = DESK): string {
  return issueSignedTicket(ticketOf(serial, changed), key);
}

/** A keyring with the same keys every day: what days do to keys is told elsewhere. */
export const KEYRING: TicketKeys = {
  siteKeys: () => [SITE_KEY],
  oldestSiteDay: () => null,
  officeKeys: () => [OFFICE_KEY],
};

/** What the judge knows: the settings, a moment and a mode. */
export function contextWith(
  changed: Partial<Omit<JudgeContext, "settings">> & {
    readonly settings?: Partial<SiteSettings> | null;
  } = {},
): JudgeContext {
  const { settings, ...rest } = changed;
  return {
    dayKeys: KEYRING,
    time: timeAt(NOW_MS),
    mode: "live",
    publicKey: publicKeyFromHex,
    plainPattern: (pattern) => {
      const compiled = compilePlainPattern(pattern);
      return compiled.ok ? compiled.value : null;
    },
    ...rest,
    settings: settings === null ? null : { ...SETTINGS, ...settings },
  };
}
