/**
 * The invented town every measurement is made in: one site, 20 offices with 5 services each.
 * Names hold accents, commas and quotes, so that an export has something to quote.
 */
import { GATEWAY_DEFAULTS, GATEWAY_SETTINGS, type GatewaySettings } from "#schemas/gateway-settings.ts";
import { problemLine, readSettings } from "#schemas/read-settings.ts";

export const SITE_ID = "municipio";
export const ZONE = "Europe/Rome";
const OFFICES = 20;
const SERVICES_PER_OFFICE = 5;
/** Above the number below which an office's figures are hidden (promise 10). */
const STAFF = 12;

/** What a gateway's settings file holds. */
export type TownSettings = Omit<
  GatewaySettings,
  | "campaign"
  | "wording"
  | "tickets"
  | "live"
  | "alerts"
  | "publication"
  | "backup"
  | "log"
  | "mqtt"
  | "http"
  | "access"
> & {
  readonly http: { readonly port: number };
  readonly mqtt: { readonly port: number };
};

/** The settings of the town's gateway; as JSON they are YAML too. */
export function townSettings(at: {
  readonly dataDir: string;
  readonly httpPort: number;
  readonly mqttPort: number;
}): TownSettings {
  return {
    sample: true,
    dataDir: at.dataDir,
    administration: { name: "Comune di Prova (inventato)", ipaCode: "" },
    sites: [
      {
        siteId: SITE_ID,
        name: "Municipio",
        zone: ZONE,
        languages: ["it", "en"],
        hours: [],
        offices: Array.from({ length: OFFICES }, (_, index) => office(index + 1)),
      },
    ],
    http: { port: at.httpPort },
    mqtt: { port: at.mqttPort },
  };
}

/** The town's settings with every default filled in. */
export function fullTownSettings(): GatewaySettings {
  const yaml = JSON.stringify(townSettings({ dataDir: "gateway", httpPort: 0, mqttPort: 0 }));
  const read = readSettings({ shape: GATEWAY_SETTINGS, defaults: GATEWAY_DEFAULTS, yaml, env: {} });
  if (!read.ok) throw new Error(read.problem.map(problemLine).join("\n"));
  return read.value;
}

/** The ids of all offices and services of the town. */
export const TOWN_PLACES: readonly { readonly officeId: string; readonly serviceId: string }[] = Array.from(
  { length: OFFICES },
  (_, index) => office(index + 1),
).flatMap(({ officeId, services }) => services.map(({ serviceId }) => ({ officeId, serviceId })));

/** The services of the first office: what one totem at its door is voted for. */
export const FIRST_OFFICE_SERVICES: readonly string[] = TOWN_PLACES.slice(0, SERVICES_PER_OFFICE).map(
  ({ serviceId }) => serviceId,
);

function office(number: number): GatewaySettings["sites"][number]["offices"][number] {
  return {
    officeId: `ufficio-${number}`,
    number,
    name: `Ufficio "Città, quartiere ${number}"`,
    uoCode: "",
    staff: STAFF,
    services: Array.from({ length: SERVICES_PER_OFFICE }, (_, index) => ({
      serviceId: `servizio-${number}-${index + 1}`,
      number: index + 1,
      name: `Servizio n. ${index + 1}, sportello ${number}`,
    })),
  };
}
