/**
 * The settings file of the gateway: the administration with its sites, offices and services, where to listen, and the
 * rules of the campaign. Secrets live in files of their own.
 */
import { accessSettings } from "./access-settings.ts";
import { LANGUAGES } from "./code-list.ts";
import { calendarDay } from "./entry-time.ts";
import {
  CLOCK_SKEW_MINUTES,
  LIVE_STEP_MAX,
  LIVE_STEP_MIN,
  OFFICES_PER_SITE_MAX,
  SERVICES_PER_OFFICE_MAX,
  SITES_MAX,
  TICKET_VALID_MINUTES,
} from "./limits.ts";
import { plainReceipts, receiptCode, takenProfiles } from "./receipts.ts";
import {
  flag,
  id,
  integer,
  list,
  nullable,
  type Of,
  oneOf,
  optional,
  pattern,
  record,
  shape,
  text,
} from "./shape.ts";
import { LOG_LEVELS, mqttUrl } from "./totem-settings.ts";
import { CURRENT_WORDING } from "./wording.ts";

const PATH_MAX = 4_096;
const HOST_MAX = 253;
/** One for each day of two months: each is as large as the database. */
const BACKUPS_MAX = 62;
/** Names are printed in reports and pages: the length of a long office name in Italy's index of administrations. */
const NAME_MAX = 200;

const number = () => integer(1, 65_535);
/** `HH:MM`, to 24:00. */
const clock = () => pattern("^([01]\\d|2[0-3]):[0-5]\\d$|^24:00$", 5, "a time, HH:MM, to 24:00");

/** Who is told: a mailing list stands for more. */
const RECIPIENTS_MAX = 20;
const address = () => pattern("^[^\\s@<>,;]{1,64}@[^\\s@<>,;]{1,190}$", 255, "an e-mail address");
/** Alarms name totems: they leave the machine encrypted. */
const webhookUrl = () =>
  pattern(
    "^(https://|http://(127\\.0\\.0\\.1|localhost|\\[::1\\])(:|/))[!-~]{1,2000}$",
    2_030,
    "an https address",
  );

/** People at an office or behind a service: more than any administration employs. */
const people = () => integer(0, 100_000);

const service = () =>
  record({
    serviceId: id(),
    number: number(),
    name: text(NAME_MAX),
    // People who provide it, where these are fewer than the office's: see `staff` there.
    staff: optional(people()),
    // How plain receipts name it, see `tickets` of its office; "" where they name none.
    receiptCode: optional(receiptCode()),
  });

const office = () =>
  record({
    officeId: id(),
    number: number(),
    name: text(NAME_MAX),
    // The office's code in the IPA index of public administrations; empty when it has none.
    uoCode: pattern("^[A-Za-z0-9]{0,10}$", 10),
    // People working there: figures of fewer than three are shown only within their parent (promise 10).
    staff: people(),
    services: list(service(), SERVICES_PER_OFFICE_MAX, 1),
    // Left out: signed tickets only.
    tickets: optional(record({ profiles: takenProfiles(), plain: optional(plainReceipts()) })),
  });

const site = () =>
  record({
    siteId: id(),
    name: text(NAME_MAX),
    zone: text(64),
    languages: list(oneOf(LANGUAGES), LANGUAGES.length, 1),
    hours: list(record({ weekday: integer(1, 7), from: clock(), to: clock() }), 21),
    offices: list(office(), OFFICES_PER_SITE_MAX, 1),
  });

export const GATEWAY_SETTINGS = shape(
  "gateway-settings",
  record({
    // True only for invented data; every page and file then says "dati di esempio".
    sample: flag(),
    dataDir: text(PATH_MAX),
    administration: record({ name: text(NAME_MAX), ipaCode: pattern("^[a-z0-9_]{0,20}$", 20) }),
    sites: list(site(), SITES_MAX, 1),
    campaign: record({
      firstDay: nullable(calendarDay()),
      lastDay: nullable(calendarDay()),
      // The worker agreement's reference (art. 4 L. 300/1970); gaming statistics stay off without it.
      agreement: nullable(text(NAME_MAX)),
      withoutTicket: flag(),
    }),
    wording: integer(1, 9999),
    tickets: record({ validMinutes: integer(1, 1_440), skewMinutes: integer(0, 60) }),
    http: record({
      host: text(HOST_MAX),
      port: integer(0, 65_535),
      tlsCert: nullable(text(PATH_MAX)),
      tlsKey: nullable(text(PATH_MAX)),
    }),
    // Who vouches for people beside the gateway's own accounts.
    access: accessSettings(),
    mqtt: record({
      // An outside broker; null starts the embedded one.
      url: nullable(mqttUrl()),
      username: nullable(text(100)),
      passwordFile: nullable(text(PATH_MAX)),
      caFile: nullable(text(PATH_MAX)),
      host: text(HOST_MAX),
      port: integer(0, 65_535),
      tlsCert: nullable(text(PATH_MAX)),
      tlsKey: nullable(text(PATH_MAX)),
    }),
    // Live figures per face move in steps of this many votes (promise 8). Below five only with sample data.
    live: record({ step: integer(1, LIVE_STEP_MAX) }),
    // Who is told of alarms. A totem is silent after so many minutes of its site's opening hours without a word.
    alerts: record({
      silentMinutes: integer(5, 1_440),
      // Red votes of a day that are surely more than so many in a hundred; null looks at none.
      redPercent: nullable(integer(1, 99)),
      // In these hours, of the first site's clock, nobody is told: they hear afterwards.
      quiet: nullable(record({ from: clock(), to: clock() })),
      webhook: nullable(record({ url: webhookUrl(), secretFile: text(PATH_MAX) })),
      // `smtp://` or `smtps://` with name and password, in a file of its own.
      mail: nullable(
        record({ urlFile: text(PATH_MAX), from: address(), to: list(address(), RECIPIENTS_MAX, 1) }),
      ),
    }),
    // The public page of a month: made on this day of the next one. The address it is put at, for the catalogue of open data; null leaves
    // addresses relative.
    publication: record({
      day: integer(1, 28),
      url: nullable(pattern("^https://[!-~]{1,2000}/$", 2_010, "an https address that ends in /")),
    }),
    // Where backups are made; null for `backups` in the data folder. On another disk, they survive the loss of this one.
    backup: record({ folder: nullable(text(PATH_MAX)), keep: integer(1, BACKUPS_MAX) }),
    log: record({ level: oneOf(LOG_LEVELS) }),
  }),
);
export type GatewaySettings = Of<typeof GATEWAY_SETTINGS>;
export type OidcSetting = NonNullable<GatewaySettings["access"]["oidc"]>;
export type SiteSetting = GatewaySettings["sites"][number];
export type OfficeSetting = SiteSetting["offices"][number];
export type ServiceSetting = OfficeSetting["services"][number];

/** What the gateway's settings are when its file says nothing else. The administration has no default. */
export const GATEWAY_DEFAULTS = {
  sample: false,
  dataDir: "/var/lib/faccine",
  campaign: { firstDay: null, lastDay: null, agreement: null, withoutTicket: false },
  wording: CURRENT_WORDING,
  tickets: { validMinutes: TICKET_VALID_MINUTES, skewMinutes: CLOCK_SKEW_MINUTES },
  http: { host: "127.0.0.1", port: 8080, tlsCert: null, tlsKey: null },
  access: { oidc: null },
  mqtt: {
    url: null,
    username: null,
    passwordFile: null,
    caFile: null,
    host: "127.0.0.1",
    port: 1883,
    tlsCert: null,
    tlsKey: null,
  },
  live: { step: LIVE_STEP_MIN },
  alerts: { silentMinutes: 30, redPercent: 40, quiet: null, webhook: null, mail: null },
  publication: { day: 5, url: null },
  backup: { folder: null, keep: 7 },
  log: { level: "info" },
} as const;
