import { describe, expect, it } from "vitest";
import { GATEWAY_DEFAULTS, GATEWAY_SETTINGS, type GatewaySettings } from "#schemas/gateway-settings.ts";
import { OFFICES_MAX, SERVICES_PER_SITE_MAX } from "#schemas/limits.ts";
import { problemLine } from "#schemas/read-settings.ts";
import { directoryOf, settingsProblems } from "./directory.ts";

type Office = GatewaySettings["sites"][number]["offices"][number];
type Site = GatewaySettings["sites"][number];

const office = (officeId: string, number = 1, services: Office["services"] = []): Office => ({
  ...{ officeId, number, name: officeId, uoCode: "", staff: 5 },
  services: services.length > 0 ? services : [{ serviceId: `${officeId}-desk`, number: 1, name: "Desk" }],
});
const site = (siteId: string, options: Partial<Site> = {}): Site => ({
  ...{
    siteId,
    name: siteId,
    zone: "Europe/Rome",
    languages: ["it"],
    hours: [],
    offices: [office(`${siteId}-office`)],
  },
  ...options,
});
const settings = (options: Partial<GatewaySettings> = {}): GatewaySettings => ({
  ...structuredClone(GATEWAY_DEFAULTS),
  ...{ administration: { name: "Comune", ipaCode: "c_x" }, sites: [site("town-hall")] },
  ...options,
});
const http = (options: Partial<GatewaySettings["http"]>) => ({
  http: { ...GATEWAY_DEFAULTS.http, ...options },
});
const mqtt = (options: Partial<GatewaySettings["mqtt"]>) => ({
  mqtt: { ...GATEWAY_DEFAULTS.mqtt, ...options },
});
const campaign = (firstDay: string | null, lastDay: string | null) => ({
  campaign: { ...GATEWAY_DEFAULTS.campaign, firstDay, lastDay },
});
const offices = (count: number, prefix = "office"): readonly Office[] =>
  Array.from({ length: count }, (_, i) => office(`${prefix}-${i}`, i + 1));
const services = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ serviceId: `service-${i}`, number: i + 1, name: "x" }));

describe("the settings' problems", () => {
  it("are none for a plain administration", () => {
    expect(GATEWAY_SETTINGS.is(settings())).toBe(true);
    expect(settingsProblems(settings())).toEqual([]);
  });

  it("name the rows of a provider's roles that would show more or less than they say", () => {
    const setting = (...roles: NonNullable<GatewaySettings["access"]["oidc"]>["roles"]) =>
      settings({
        access: {
          oidc: {
            ...{ name: "Login", issuer: "https://login.example", address: "https://gateway.example/" },
            ...{ clientId: "faccine", clientSecretFile: "/etc/faccine/oidc", roleClaim: "groups", roles },
          },
        },
      });
    const problems = (...roles: Parameters<typeof setting>) =>
      settingsProblems(setting(...roles)).map(problemLine);
    const good = setting(
      { value: "it", role: "admin" },
      { value: "desk", role: "office", officeId: "town-hall-office" },
    );
    expect(GATEWAY_SETTINGS.is(good)).toBe(true);
    expect(settingsProblems(good)).toEqual([]);
    expect(problems({ value: "desk", role: "office" })).toEqual([
      expect.stringContaining("access.oidc.roles.0.officeId"),
    ]);
    expect(problems({ value: "desk", role: "office", officeId: "elsewhere" })).toEqual([
      expect.stringContaining("must be an office of the settings"),
    ]);
    expect(problems({ value: "it", role: "admin", officeId: "town-hall-office" })).toEqual([
      expect.stringContaining("must be left out"),
    ]);
  });

  it.each(["http://login.example", "ftp://login.example", "https://login.example/ x", "login.example"])(
    "take no provider at %s: what is said to it is a secret",
    (issuer) => {
      const oidc = {
        ...{ name: "Login", issuer, address: "https://gateway.example/", clientId: "faccine" },
        ...{ clientSecretFile: "/x", roleClaim: "groups", roles: [{ value: "it", role: "admin" as const }] },
      };
      expect(GATEWAY_SETTINGS.is(settings({ access: { oidc } }))).toBe(false);
      expect(
        GATEWAY_SETTINGS.is(settings({ access: { oidc: { ...oidc, issuer: "https://login.example" } } })),
      ).toBe(true);
    },
  );

  it.each<[string, Partial<GatewaySettings>, string, string, string]>([
    [
      "a site named twice",
      { sites: [site("a"), site("a", { offices: [office("b")] })] },
      "siteId",
      "a",
      "used once only",
    ],
    [
      "an office named twice",
      {
        sites: [
          site("a", { offices: [office("x", 1), office("x", 2, [{ serviceId: "y", number: 1, name: "" }])] }),
        ],
      },
      "officeId",
      "x",
      "used once only",
    ],
    [
      "a service named twice",
      {
        sites: [
          site("a"),
          site("b", { offices: [office("c", 1, [{ serviceId: "a-office-desk", number: 1, name: "" }])] }),
        ],
      },
      "serviceId",
      "a-office-desk",
      "used once only",
    ],
    [
      "an office number twice in a site",
      { sites: [site("a", { offices: [office("x", 3), office("y", 3)] })] },
      "sites.a: office number",
      "3",
      "used once only",
    ],
    [
      "a service number twice in an office",
      {
        sites: [
          site("a", {
            offices: [
              office("x", 1, [
                { serviceId: "s", number: 2, name: "" },
                { serviceId: "t", number: 2, name: "" },
              ]),
            ],
          }),
        ],
      },
      "sites.a.x: service number",
      "2",
      "used once only",
    ],
    [
      "a service that its receipts cannot name",
      {
        sites: [
          site("a", {
            offices: [
              {
                ...office("x"),
                tickets: { profiles: ["plain"], plain: { pattern: "(?<number>\\d{3})", check: "none" } },
              },
            ],
          }),
        ],
      },
      "sites.a.x.receiptCode",
      "none",
      "exactly one service",
    ],
    [
      "a zone nobody knows",
      { sites: [site("a", { zone: "Europe/Atlantis" })] },
      "sites.a.zone",
      "Europe/Atlantis",
      "IANA time zone",
    ],
    [
      "a zone of half hours",
      { sites: [site("a", { zone: "Asia/Kolkata" })] },
      "sites.a.zone",
      "Asia/Kolkata",
      "whole hours",
    ],
    [
      "too many services at a site",
      { sites: [site("a", { offices: [office("x", 1, services(SERVICES_PER_SITE_MAX)), office("y", 2)] })] },
      "sites.a.offices",
      `${SERVICES_PER_SITE_MAX + 1} services`,
      `at most ${SERVICES_PER_SITE_MAX}`,
    ],
    [
      "too many offices in all",
      {
        sites: [
          site("a", { offices: [...offices(401, "v")] }),
          ...["w", "x", "y", "z"].map((id) => site(id, { offices: [...offices(400, id)] })),
        ],
      },
      "sites",
      `${OFFICES_MAX + 1} offices`,
      `at most ${OFFICES_MAX}`,
    ],
    [
      "hours that end before they begin",
      { sites: [site("a", { hours: [{ weekday: 1, from: "13:00", to: "08:30" }] })] },
      "sites.a.hours",
      "13:00-08:30",
      "open before it closes",
    ],
    [
      "a day that is in no calendar",
      campaign("2026-02-30", null),
      "campaign.firstDay",
      "2026-02-30",
      "a day",
    ],
    [
      "a campaign that ends before it begins",
      campaign("2026-03-01", "2026-02-01"),
      "campaign.lastDay",
      "2026-02-01",
      "2026-03-01",
    ],
    ["a wording nobody has written", { wording: 99 }, "wording", "99", "one of"],
    ["single votes shown live", { live: { step: 1 } }, "live.step", "1", "at least 5"],
    ["HTTP open to the world", http({ host: "0.0.0.0" }), "http.host", "0.0.0.0", "FACCINE_HTTP_TLS_CERT"],
    [
      "HTTP on a name of its own",
      http({ host: "gateway.example" }),
      "http.host",
      "gateway.example",
      "needs TLS",
    ],
    [
      "an address that only looks like loopback",
      http({ host: "127.0.0.1.example" }),
      "http.host",
      "127.0.0.1.example",
      "needs TLS",
    ],
    ["MQTT open to the world", mqtt({ host: "::" }), "mqtt.host", "::", "FACCINE_MQTT_TLS_CERT"],
    [
      "a certificate without its key",
      http({ tlsCert: "/c.pem" }),
      "http.tlsCert",
      "/c.pem",
      "together with http.tlsKey",
    ],
    [
      "a key without its certificate",
      mqtt({ tlsKey: "/k.pem" }),
      "mqtt.tlsCert",
      "null",
      "together with mqtt.tlsKey",
    ],
    [
      "a name for the broker without a password",
      mqtt({ url: "mqtts://b", username: "x" }),
      "mqtt.username",
      "x",
      "mqtt.passwordFile",
    ],
    [
      "a password for the broker without a name",
      mqtt({ url: "mqtts://b", passwordFile: "/p" }),
      "mqtt.passwordFile",
      "/p",
      "mqtt.username",
    ],
  ])("name %s, its value and what was expected", (_, options, name, value, expected) => {
    const problems = settingsProblems(settings(options));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toEqual({ name, value, expected: expect.stringContaining(expected) });
    expect(problemLine(problems[0] as never)).toBe(`${name} = ${value}: ${problems[0]?.expected}`);
  });

  it.each<[string, Partial<GatewaySettings>]>([
    ["any loopback address", http({ host: "127.9.9.9" })],
    ["IPv6 loopback", mqtt({ host: "::1" })],
    ["the world with TLS", { ...http({ host: "0.0.0.0", tlsCert: "/c", tlsKey: "/k" }) }],
    ["no listening of its own with an outside broker", mqtt({ url: "mqtts://b", host: "0.0.0.0" })],
    ["single votes of invented data", { sample: true, live: { step: 1 } }],
    ["a campaign of one day", campaign("2026-03-01", "2026-03-01")],
    ["office numbers that two sites share", { sites: [site("a"), site("b")] }],
    [
      "as many offices as there may be",
      { sites: [site("a", { offices: [...offices(SERVICES_PER_SITE_MAX)] })] },
    ],
    ["hours to midnight", { sites: [site("a", { hours: [{ weekday: 7, from: "08:00", to: "24:00" }] })] }],
  ])("are none for %s", (_, options) => {
    expect(settingsProblems(settings(options))).toEqual([]);
  });
});

describe("the directory", () => {
  const directory = directoryOf(settings({ sites: [site("a"), site("b", { zone: "Europe/Lisbon" })] }));

  it("finds sites, offices and services by their ids", () => {
    expect(directory.site("b")?.zone).toBe("Europe/Lisbon");
    expect(directory.office("b-office")?.site.siteId).toBe("b");
    expect(directory.service("a-office-desk")).toMatchObject({
      site: { siteId: "a" },
      office: { officeId: "a-office" },
    });
    expect([directory.site("c"), directory.office("c"), directory.service("c")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("tells the ingest what it needs of each site", () => {
    expect(directory.rules).toEqual([
      {
        ...{ siteId: "a", zone: "Europe/Rome", wording: GATEWAY_DEFAULTS.wording },
        ...{ ticketRules: GATEWAY_DEFAULTS.tickets, officeOf: { "a-office-desk": "a-office" } },
      },
      expect.objectContaining({
        siteId: "b",
        zone: "Europe/Lisbon",
        officeOf: { "b-office-desk": "b-office" },
      }),
    ]);
  });
});
