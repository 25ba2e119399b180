/**
 * What the gateway tells a totem about its site, from settings and keys. Pure; version and signature are added by the
 * announcer. Holds no secret: it stays retained in the broker.
 */
import type { GatewaySettings, SiteSetting } from "#schemas/gateway-settings.ts";
import { SIBLINGS_MAX } from "#schemas/limits.ts";
import type { SiteSettings } from "#schemas/messages.ts";
import type { IssuerKeyRecord } from "../store/access-store.ts";
import type { TotemRecord } from "../store/store.ts";
import { KEYS_AT_ONCE, keysInForce } from "../tickets/keys-in-force.ts";

/** The body of the settings message, without version and signature. @param totems all there are. */
export function siteSettingsFor(
  totem: TotemRecord,
  site: SiteSetting,
  settings: GatewaySettings,
  keys: readonly IssuerKeyRecord[],
  atMs: number,
  totems: readonly Pick<TotemRecord, "totemId" | "siteId" | "publicKey">[] = [],
): Omit<SiteSettings, "version" | "signature"> {
  const here = new Set(site.offices.map((office) => office.officeId));
  return {
    totemId: totem.totemId,
    siteId: site.siteId,
    zone: site.zone,
    sample: settings.sample,
    wording: settings.wording,
    languages: [...site.languages],
    hours: site.hours.map(({ weekday, from, to }) => ({
      weekday,
      fromMinute: minuteOfDay(from),
      toMinute: minuteOfDay(to),
    })),
    campaign: {
      firstDay: settings.campaign.firstDay,
      lastDay: settings.campaign.lastDay,
      withoutTicket: settings.campaign.withoutTicket,
    },
    serves: totem.serves === null ? [...here] : totem.serves.filter((officeId) => here.has(officeId)),
    offices: site.offices.map((office) => ({
      number: office.number,
      officeId: office.officeId,
      profiles: [...(office.tickets?.profiles ?? ["signed"])],
      plain: office.tickets?.plain ?? null,
      services: office.services.map(({ number, serviceId, receiptCode = null }) => ({
        number,
        serviceId,
        receiptCode,
      })),
    })),
    ticketKeys: site.offices.flatMap(({ officeId }) =>
      (["live", "test"] as const).flatMap((purpose) =>
        keysInForce(keys, { officeId, purpose, atMs })
          .slice(-KEYS_AT_ONCE[purpose])
          .map(({ number, issuerKeyId, publicKey }) => ({
            number,
            issuerKeyId,
            officeId,
            publicKey,
            purpose,
          })),
      ),
    ),
    ticketRules: { ...settings.tickets },
    siblings: totems
      .filter(({ totemId, siteId }) => siteId === totem.siteId && totemId !== totem.totemId)
      .toSorted((one, other) => (one.totemId < other.totemId ? -1 : 1))
      .slice(0, SIBLINGS_MAX)
      .map(({ totemId, publicKey }) => ({ totemId, publicKey })),
  };
}

function minuteOfDay(clock: string): number {
  const [hours, minutes] = clock.split(":").map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}
