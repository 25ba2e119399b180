/**
 * The page of the fleet: how each totem is, by name. It knows of switches, disks and clocks, and shows no vote. Pure.
 */
import type { Health } from "#schemas/messages.ts";
import { MINUTE_MS } from "#schemas/time.ts";
import type { Alarm } from "../store/alarm-store.ts";
import type { TotemStatus } from "../store/store.ts";
import { FLEET_WORDS, type FleetWords } from "./fleet-words.ts";
import { formatsOf } from "./formats.ts";
import { type Html, html, NOTHING } from "./html.ts";
import type { PageLanguage } from "./page-words.ts";
import { shell, type Visit } from "./shell.ts";

export type FleetContent = {
  readonly sample: boolean;
  readonly visit: Visit;
  readonly totems: readonly Pick<
    TotemStatus,
    "totemId" | "siteId" | "online" | "seenMs" | "health" | "healthMs"
  >[];
  readonly alarms: readonly Alarm[];
  /** Names of sites by their id. */
  readonly sites: ReadonlyMap<string, string>;
  /** Only totems that are offline or have an alarm. */
  readonly onlyTrouble: boolean;
  readonly zone: string;
};

type Totem = FleetContent["totems"][number];
type Row = { readonly totem: Totem; readonly alarms: readonly Alarm[] };

/** The whole page. */
export function renderFleet(content: FleetContent, language: PageLanguage): string {
  const words = FLEET_WORDS[language];
  const rows = content.totems.map((totem) => ({
    totem,
    alarms: content.alarms.filter(({ subject }) => subject === totem.totemId),
  }));
  const trouble = rows.filter(needsLooking);
  const shown = content.onlyTrouble ? trouble : rows;
  const online = rows.filter(({ totem }) => totem.online).length;
  return shell(
    { ...content, title: words.fleet, style: "/fleet.css" },
    language,
    html`<p class="where">${words.count(rows.length, online, trouble.length)}</p>
<p>${
      content.onlyTrouble
        ? html`<a href="/fleet?lang=${language}">${words.all}</a>`
        : html`<a href="/fleet?only=trouble&lang=${language}">${words.onlyTrouble}</a>`
    }</p>
${
  shown.length === 0
    ? html`<p>${rows.length === 0 ? words.noTotems : words.noTrouble}</p>`
    : html`<ul class="fleet">${shown.map((row) => card(row, content, words, language))}</ul>`
}`,
  );
}

function needsLooking({ totem, alarms }: Row): boolean {
  return !totem.online || alarms.length > 0;
}

function card(
  { totem, alarms }: Row,
  content: FleetContent,
  words: FleetWords,
  language: PageLanguage,
): Html {
  const { totemId, siteId, online, seenMs, health } = totem;
  const formats = formatsOf(language);
  const heard = seenMs === null ? words.never : formats.clock(seenMs, content.zone);
  return html`<li class="${online ? "totem" : "totem away"}"><h2>${totemId}</h2>
<p class="${online ? "online" : "offline"}">${online ? `● ${words.online}` : `○ ${words.offline}`}</p>
${
  alarms.length === 0
    ? NOTHING
    : html`<ul class="alarms">${alarms.map(
        ({ code, detail }) =>
          html`<li><a href="/alarms/${code}?lang=${language}">${code}</a> <span lang="en">${detail}</span></li>`,
      )}</ul>`
}
<dl><dt>${words.site}</dt><dd>${content.sites.get(siteId) ?? siteId}</dd>
<dt>${words.heard}</dt><dd>${heard}</dd>${health === null ? NOTHING : healthLines(health, words, language)}</dl></li>`;
}

function healthLines(health: Health, words: FleetWords, language: PageLanguage): Html {
  const { queue, oldestUnsentMs, disk, temperatureMilliCelsius: heat } = health;
  const { number, percent } = formatsOf(language);
  const named = (state: "stuck" | "worn") =>
    health.keys.filter((one) => one.state === state).map(({ key }) => key);
  const keys = (["stuck", "worn"] as const).flatMap((state) =>
    named(state).length === 0 ? [] : [`${words[state]}: ${named(state).join(", ")}`],
  );
  const waits = oldestUnsentMs === null ? "" : ` (${words.oldest(Math.floor(oldestUnsentMs / MINUTE_MS))})`;
  const room = words.free(
    number(Math.floor(disk.freeBytes / 1_048_576)),
    percent(disk.totalBytes === 0 ? 0 : Math.floor((1_000 * disk.freeBytes) / disk.totalBytes)),
  );
  const lines: readonly (readonly [string, string])[] = [
    [words.waiting, `${number(queue.entries)}${waits}`],
    [words.clock, health.clock === "trusted" ? words.trusted : words.untrusted],
    [words.scanner, health.scanner === "ready" ? words.ready : words.unplugged],
    [words.keys, keys.length === 0 ? words.fine : keys.join("; ")],
    [words.disk, room],
    [words.heat, heat === null ? words.unknown : `${number(Math.round(heat / 1_000))} °C`],
    [words.power, powerOf(health, words)],
  ];
  return html`${lines.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}`;
}

function powerOf({ underVoltage }: Health, words: FleetWords): string {
  if (underVoltage === null) return words.unknown;
  return underVoltage ? words.weak : words.fine;
}
