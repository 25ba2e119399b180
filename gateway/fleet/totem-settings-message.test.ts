import { describe, expect, it } from "vitest";
import { GATEWAY_DEFAULTS, type GatewaySettings } from "#schemas/gateway-settings.ts";
import {
  OFFICES_PER_SITE_MAX,
  PACKET_BYTES_MAX,
  SERVICES_PER_SITE_MAX,
  SIBLINGS_MAX,
  TICKET_KEYS_MAX,
} from "#schemas/limits.ts";
import { SETTINGS } from "#schemas/messages.ts";
import { totemTopic } from "#schemas/topics.ts";
import { testTotem } from "../ingest/journal.fixture.ts";
import type { IssuerKeyRecord } from "../store/access-store.ts";
import { siteSettingsFor } from "./totem-settings-message.ts";

type Site = GatewaySettings["sites"][number];

const NOW_MS = Date.UTC(2026, 10, 26);
const longest = (name: string) => name.padEnd(40, "x");
/** A site with as many offices and services as there may be, all with the longest ids. */
const LARGEST: Site = {
  ...{ siteId: longest("site"), name: "", zone: "America/Argentina/ComodRivadavia" },
  languages: ["it", "en", "de", "fr", "sl"],
  hours: Array.from({ length: 21 }, (_, i) => ({ weekday: 1 + (i % 7), from: "08:00", to: "13:30" })),
  offices: Array.from({ length: OFFICES_PER_SITE_MAX }, (_, o) => ({
    ...{ officeId: longest(`office-${o}-`), number: 65_000 + o, name: "", uoCode: "", staff: 3 },
    services: Array.from({ length: SERVICES_PER_SITE_MAX / OFFICES_PER_SITE_MAX }, (_, s) => ({
      ...{ serviceId: longest(`service-${o}-${s}-`), number: 65_000 + s, name: "" },
      receiptCode: `${s}`.padStart(10, "0"),
    })),
    tickets: {
      profiles: ["signed", "plain"],
      plain: { pattern: "\\d".repeat(40).padEnd(200, "0"), check: "mod97" },
    },
  })),
};
const settings: GatewaySettings = {
  ...structuredClone(GATEWAY_DEFAULTS),
  ...{ administration: { name: "Comune", ipaCode: "" }, sites: [LARGEST] },
};
const key = (
  number: number,
  officeId: string,
  purpose: "live" | "test",
  endsMs: number | null = null,
): IssuerKeyRecord => ({
  ...{
    number,
    issuerKeyId: longest(`key-${number}-`),
    officeId,
    publicKey: "ab".repeat(32),
    purpose,
    createdMs: 0,
    endsMs,
  },
});
const totem = (serves: readonly string[] | null = null) => ({
  ...testTotem(longest("totem")).record,
  ...{ siteId: LARGEST.siteId, serves },
});
/** More than a site has room for, and one of another site. */
const TOTEMS = [
  ...Array.from({ length: 60 }, (_, number) => ({ ...totem(), totemId: longest(`totem-${100 + number}-`) })),
  totem(),
  { ...totem(), totemId: "elsewhere", siteId: "elsewhere" },
];
const messageOf = (serves: readonly string[] | null, keys: readonly IssuerKeyRecord[]) => ({
  ...siteSettingsFor(totem(serves), LARGEST, settings, keys, NOW_MS, TOTEMS),
  ...{ version: 2_000_000_000, signature: "ab".repeat(64) },
});

describe("the settings a totem is told", () => {
  it("fit into one packet and the contract's shape for the largest site, after any number of key rotations", () => {
    const keys = LARGEST.offices.flatMap(({ officeId }, office) =>
      Array.from({ length: 10 }, (_, rotation) => [
        key(10_000 + office * 100 + rotation, officeId, "live"),
        key(20_000 + office * 100 + rotation, officeId, "test"),
      ]).flat(),
    );
    const message = messageOf(null, keys);
    expect(SETTINGS.problems(message)).toEqual([]);
    expect(message.ticketKeys.length).toBeLessThanOrEqual(TICKET_KEYS_MAX);
    expect(message.siblings).toHaveLength(SIBLINGS_MAX);
    expect(message.siblings.map(({ totemId }) => totemId)).not.toContain(message.totemId);
    expect(message.siblings.map(({ totemId }) => totemId)).not.toContain("elsewhere");
    const bytes = JSON.stringify(message).length + totemTopic(message.totemId, "settings").length;
    expect(bytes).toBeLessThan(PACKET_BYTES_MAX - 10);
  });

  it("hold the three newest live keys in force and the newest test key of each office of the site, and of no other", () => {
    const [one, two] = LARGEST.offices.map((office) => office.officeId) as [string, string];
    const keys = [
      key(1, one, "live"),
      key(9, one, "live"),
      key(3, one, "live"),
      key(8, one, "live", NOW_MS),
      key(5, one, "live", NOW_MS + 1),
      key(2, one, "test"),
      key(6, one, "test"),
      key(4, two, "live"),
      key(7, "elsewhere", "live"),
    ];
    expect(messageOf(null, keys).ticketKeys.map((k) => [k.number, k.purpose])).toEqual([
      [3, "live"],
      [5, "live"],
      [9, "live"],
      [6, "test"],
      [4, "live"],
    ]);
  });

  it("serve all offices of the site, or those named that are here", () => {
    const [one, two] = LARGEST.offices.map((office) => office.officeId) as [string, string];
    expect(messageOf(null, []).serves).toHaveLength(OFFICES_PER_SITE_MAX);
    expect(messageOf([two, "elsewhere", one], []).serves).toEqual([two, one]);
  });

  it("say of each office which tickets it takes, and how services are named on its receipts; signed ones if nothing is said", () => {
    const [first, second] = LARGEST.offices as [Site["offices"][number], Site["offices"][number]];
    const { tickets: _, ...silent } = second;
    const services = silent.services.map(({ receiptCode: _code, ...service }) => service);
    const site = { ...LARGEST, offices: [first, { ...silent, services }] };
    const [one, two] = siteSettingsFor(totem(), site, settings, [], NOW_MS).offices;
    expect(one).toMatchObject({ profiles: ["signed", "plain"], plain: first.tickets?.plain });
    expect(one?.services[3]?.receiptCode).toBe("0000000003");
    expect(two).toMatchObject({ profiles: ["signed"], plain: null });
    expect(two?.services[3]?.receiptCode).toBeNull();
  });

  it("give hours as minutes of the day and hold no name, no staff and no secret", () => {
    const message = messageOf(null, []);
    expect(message.hours[0]).toEqual({ weekday: 1, fromMinute: 480, toMinute: 810 });
    expect(Object.keys(message.offices[0] ?? {}).sort()).toEqual([
      "number",
      "officeId",
      "plain",
      "profiles",
      "services",
    ]);
    expect(JSON.stringify(message)).not.toMatch(/password|secret|staff|"name"/i);
  });
});
