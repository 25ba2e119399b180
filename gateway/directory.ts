/**
 * The administration as the settings describe it, looked up by id: sites, offices, services. Pure. Also says what is
 * wrong with it beyond its shape.
 */
import type {
  GatewaySettings,
  OfficeSetting,
  ServiceSetting,
  SiteSetting,
} from "#schemas/gateway-settings.ts";
import { LIVE_STEP_MIN, OFFICES_MAX, SERVICES_PER_SITE_MAX } from "#schemas/limits.ts";
import { isLocalDay, isWholeHourZone } from "#schemas/local-day.ts";
import type { SettingsProblem } from "#schemas/read-settings.ts";
import { receiptProblems } from "#schemas/receipts.ts";
import { WORDING_VERSIONS } from "#schemas/wording.ts";
import { oidcProblems } from "./access/oidc-problems.ts";
import type { SiteRules } from "./store/store.ts";

export type FoundService = {
  readonly site: SiteSetting;
  readonly office: OfficeSetting;
  readonly service: ServiceSetting;
};

export type Directory = {
  readonly sites: readonly SiteSetting[];
  readonly site: (siteId: string) => SiteSetting | undefined;
  readonly office: (
    officeId: string,
  ) => { readonly site: SiteSetting; readonly office: OfficeSetting } | undefined;
  readonly service: (serviceId: string) => FoundService | undefined;
  /** What the ingest needs to know of each site. */
  readonly rules: readonly SiteRules[];
};

/** Indexes the settings. */
export function directoryOf(settings: GatewaySettings): Directory {
  const sites = new Map(settings.sites.map((site) => [site.siteId, site]));
  const offices = new Map(
    settings.sites.flatMap((site) =>
      site.offices.map((office) => [office.officeId, { site, office }] as const),
    ),
  );
  const services = new Map(
    [...offices.values()].flatMap(({ site, office }) =>
      office.services.map((service) => [service.serviceId, { site, office, service }] as const),
    ),
  );
  return {
    sites: settings.sites,
    site: (siteId) => sites.get(siteId),
    office: (officeId) => offices.get(officeId),
    service: (serviceId) => services.get(serviceId),
    rules: settings.sites.map((site) => ({
      siteId: site.siteId,
      zone: site.zone,
      wording: settings.wording,
      ticketRules: settings.tickets,
      officeOf: Object.fromEntries(
        site.offices.flatMap((office) =>
          office.services.map((service) => [service.serviceId, office.officeId]),
        ),
      ),
    })),
  };
}

/** Everything wrong with the settings that a shape cannot say. */
export function settingsProblems(settings: GatewaySettings): readonly SettingsProblem[] {
  const offices = settings.sites.flatMap((site) => site.offices);
  const services = offices.flatMap((office) => office.services);
  return [
    ...repeated(
      "siteId",
      settings.sites.map((site) => site.siteId),
    ),
    ...repeated(
      "officeId",
      offices.map((office) => office.officeId),
    ),
    ...repeated(
      "serviceId",
      services.map((service) => service.serviceId),
    ),
    // Rows of the monthly report are told apart by it.
    ...repeated(
      "uoCode",
      offices.map((office) => office.uoCode).filter((code) => code !== ""),
    ),
    ...settings.sites.flatMap(siteProblems),
    ...dayProblems(settings),
    ...(WORDING_VERSIONS.includes(settings.wording)
      ? []
      : [
          {
            name: "wording",
            value: String(settings.wording),
            expected: `must be one of ${WORDING_VERSIONS.join(", ")}`,
          },
        ]),
    ...limitProblems(settings, offices.length),
    ...brokerProblems(settings.mqtt),
    ...listenProblems("http", settings.http),
    ...oidcProblems(
      settings.access.oidc,
      offices.map((office) => office.officeId),
    ),
    ...(settings.mqtt.url === null ? listenProblems("mqtt", settings.mqtt) : []),
  ];
}

function limitProblems({ live, sample }: GatewaySettings, offices: number): readonly SettingsProblem[] {
  return [
    ...(offices <= OFFICES_MAX
      ? []
      : [{ name: "sites", value: `${offices} offices`, expected: `must be at most ${OFFICES_MAX}` }]),
    // Promise 8: only invented votes may be watched one by one.
    ...(live.step >= LIVE_STEP_MIN || sample
      ? []
      : [
          {
            name: "live.step",
            value: String(live.step),
            expected: `must be at least ${LIVE_STEP_MIN} unless the data are a sample`,
          },
        ]),
  ];
}

/** Name and password for an outside broker come together or not at all. */
function brokerProblems({
  url,
  username,
  passwordFile,
}: GatewaySettings["mqtt"]): readonly SettingsProblem[] {
  if (url === null || (username === null) === (passwordFile === null)) return [];
  const [given, missing] =
    username === null ? ["mqtt.passwordFile", "mqtt.username"] : ["mqtt.username", "mqtt.passwordFile"];
  return [
    {
      name: given,
      value: String(username ?? passwordFile),
      expected: `must be given together with ${missing}`,
    },
  ];
}

function siteProblems(site: SiteSetting): readonly SettingsProblem[] {
  const name = `sites.${site.siteId}`;
  const serviceCount = site.offices.reduce((sum, office) => sum + office.services.length, 0);
  return [
    ...(isWholeHourZone(site.zone)
      ? []
      : [
          {
            name: `${name}.zone`,
            value: site.zone,
            expected: "must be an IANA time zone of whole hours, such as Europe/Rome",
          },
        ]),
    ...(serviceCount <= SERVICES_PER_SITE_MAX
      ? []
      : [
          {
            name: `${name}.offices`,
            value: `${serviceCount} services`,
            expected: `must be at most ${SERVICES_PER_SITE_MAX}`,
          },
        ]),
    ...repeated(
      `${name}: office number`,
      site.offices.map((office) => String(office.number)),
    ),
    ...site.offices.flatMap((office) =>
      repeated(
        `${name}.${office.officeId}: service number`,
        office.services.map((s) => String(s.number)),
      ),
    ),
    ...site.offices.flatMap((office) =>
      receiptProblems({
        profiles: office.tickets?.profiles ?? ["signed"],
        plain: office.tickets?.plain ?? null,
        number: office.number,
        serviceNumbers: office.services.map((service) => service.number),
        receiptCodes: office.services.map(({ receiptCode }) => receiptCode ?? null),
      }).map((problem) => ({ ...problem, name: `${name}.${office.officeId}.${problem.name}` })),
    ),
    ...site.hours
      .filter((hours) => hours.from >= hours.to)
      .map((hours) => ({
        name: `${name}.hours`,
        value: `${hours.from}-${hours.to}`,
        expected: "must open before it closes",
      })),
  ];
}

function dayProblems(settings: GatewaySettings): readonly SettingsProblem[] {
  const { firstDay, lastDay } = settings.campaign;
  const wrong = Object.entries({ firstDay, lastDay })
    .filter(([, day]) => day !== null && !isLocalDay(day))
    .map(([name, day]) => ({
      name: `campaign.${name}`,
      value: String(day),
      expected: "must be a day, YYYY-MM-DD",
    }));
  if (wrong.length > 0 || firstDay === null || lastDay === null || firstDay <= lastDay) return wrong;
  return [{ name: "campaign.lastDay", value: lastDay, expected: `must not be before firstDay, ${firstDay}` }];
}

/** Promise 11: nothing listens beyond this machine without TLS. */
function listenProblems(
  name: "http" | "mqtt",
  listen: { readonly host: string; readonly tlsCert: string | null; readonly tlsKey: string | null },
): readonly SettingsProblem[] {
  if ((listen.tlsCert === null) !== (listen.tlsKey === null)) {
    return [
      {
        name: `${name}.tlsCert`,
        value: String(listen.tlsCert),
        expected: `must be given together with ${name}.tlsKey`,
      },
    ];
  }
  if (isLoopback(listen.host) || listen.tlsCert !== null) return [];
  const variables = `FACCINE_${name.toUpperCase()}_TLS_CERT and FACCINE_${name.toUpperCase()}_TLS_KEY`;
  return [
    {
      name: `${name}.host`,
      value: listen.host,
      expected: `reaches beyond this machine, which needs TLS: set ${variables}, or listen on 127.0.0.1 behind a proxy`,
    },
  ];
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

function repeated(name: string, values: readonly string[]): readonly SettingsProblem[] {
  const seen = new Set<string>();
  const twice = new Set(values.filter((value) => seen.size === seen.add(value).size));
  return [...twice].map((value) => ({ name, value, expected: "must be used once only" }));
}
