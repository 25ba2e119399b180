/**
 * The page of today: whether everything adds up, today's votes by service, live where a script runs, and the last month with its intervals. Pure.
 */

import type { LiveFigures } from "../dashboard/live-figures.ts";
import type { ShownService } from "../dashboard/shown-services.ts";
import type { ReportRow } from "../reports/rows.ts";
import type { RecountResult } from "../store/store.ts";
import { intervalBar } from "./charts/interval-bar.ts";
import { formatsOf } from "./formats.ts";
import { type Html, html, NOTHING } from "./html.ts";
import { OVERVIEW_WORDS } from "./overview-words.ts";
import { PAGE_WORDS, type PageLanguage } from "./page-words.ts";
import { shell, type Visit } from "./shell.ts";

export type OverviewContent = {
  readonly sample: boolean;
  readonly visit: Visit;
  readonly zone: string;
  readonly liveStep: number;
  readonly sums: { readonly addsUp: boolean; readonly problems: readonly string[] };
  readonly recount: RecountResult | null;
  /** Null for who may not see the fleet. */
  readonly fleet: { readonly online: number; readonly all: number; readonly alarms: number } | null;
  /** Null for who may not read reports. */
  readonly reports: ReportsContent | null;
};

export type ReportsContent = {
  readonly day: string;
  readonly services: readonly ShownService[];
  readonly places: Readonly<Record<string, LiveFigures>>;
  readonly month: string;
  readonly rows: readonly ReportRow[];
};

/** The page. */
export function renderOverview(content: OverviewContent, language: PageLanguage): string {
  const words = OVERVIEW_WORDS[language];
  const { reports } = content;
  const title = reports === null ? words.title : `${words.title}, ${formatsOf(language).day(reports.day)}`;
  return shell(
    { ...content, title, style: "/dashboard.css", ...(reports === null ? {} : { script: "/live.js" }) },
    language,
    html`${sumsBox(content, language)}
${tiles(content, language)}
<p class="live"><span id="live-state" role="status" data-on="${words.liveOn}" data-off="${words.liveOff}">${words.liveOff}</span> <a href="?lang=${language}">${words.reload}</a></p>
${reports === null ? NOTHING : html`${today(content, reports, language)}${lastMonth(reports, language)}`}`,
  );
}

function sumsBox({ sums, recount, zone }: OverviewContent, language: PageLanguage): Html {
  const words = PAGE_WORDS[language];
  const recounted = recountSentence(recount, zone, language);
  if (sums.addsUp)
    return html`<p class="sums good" role="status"><strong>✓ ${words.addsUp}</strong> ${recounted}</p>`;
  return html`<div class="sums bad" role="alert"><p><strong>✗ ${words.doesNotAddUp}</strong></p>
<ul>${sums.problems.map((problem) => html`<li>${problem}</li>`)}</ul><p>${recounted}</p></div>`;
}

function recountSentence(recount: RecountResult | null, zone: string, language: PageLanguage): string {
  const words = PAGE_WORDS[language];
  if (recount === null) return words.notRecounted;
  const when = formatsOf(language).clock(recount.atMs, zone);
  return recount.days === 0 ? words.recountedNone(when) : words.recounted(when, recount.days);
}

function tiles({ fleet, reports }: OverviewContent, language: PageLanguage): Html {
  const words = OVERVIEW_WORDS[language];
  const { number } = formatsOf(language);
  const tile = (name: string, value: Html) => html`<div class="tile"><dt>${name}</dt><dd>${value}</dd></div>`;
  const votes = Object.values(reports?.places ?? {}).reduce((sum, { valid }) => sum + (valid ?? 0), 0);
  return html`<dl class="tiles">${
    reports === null ? NOTHING : tile(words.votesToday, html`<span id="votes-today">${number(votes)}</span>`)
  }${
    fleet === null
      ? NOTHING
      : html`${tile(words.totems, html`${words.totemsOnline(number(fleet.online), number(fleet.all))}`)}${tile(words.alarms, html`${number(fleet.alarms)}`)}`
  }</dl>`;
}

function today({ liveStep, sums }: OverviewContent, reports: ReportsContent, language: PageLanguage): Html {
  const words = OVERVIEW_WORDS[language];
  const { day, services, places } = reports;
  if (services.length === 0) return html`<p>${words.noServices}</p>`;
  const offices = Map.groupBy(services, ({ place }) => `${place.siteId} ${place.officeId}`);
  return html`<h2>${words.today}</h2>
<div id="today" class="offices" data-day="${day}" data-adds-up="${String(sums.addsUp)}" data-hidden="${words.hidden}">${[...offices.values()].map((own) => todayTable(own, places, language))}</div>
<p class="note">${liveStep > 1 ? words.step(liveStep) : words.stepOne}</p>`;
}

const FIGURES = ["valid", "green", "yellow", "red"] as const;

function todayTable(
  services: readonly ShownService[],
  places: ReportsContent["places"],
  language: PageLanguage,
): Html {
  const words = OVERVIEW_WORDS[language];
  const { columns } = PAGE_WORDS[language];
  const { number } = formatsOf(language);
  const name = services[0]?.officeName ?? "";
  const cell = (figures: LiveFigures | undefined, figure: (typeof FIGURES)[number]) => {
    const count = figures?.[figure];
    const text =
      count === undefined
        ? figure === "valid"
          ? words.gathering
          : "–"
        : count === null
          ? words.hidden
          : number(count);
    return html`<td data-figure="${figure}" data-label="${figure === "valid" ? words.votes : columns[figure]}">${text}</td>`;
  };
  return html`<table class="cards" role="table"><caption>${name}</caption>
<thead role="rowgroup"><tr role="row"><th scope="col">${words.service}</th><th scope="col">${words.votes}</th>${(["green", "yellow", "red"] as const).map((face) => html`<th scope="col"><span class="face ${face}" aria-hidden="true"></span> ${columns[face]}</th>`)}</tr></thead>
<tbody>${services.map(
    ({ key, serviceName }) =>
      html`<tr data-place="${key}"><th scope="row">${serviceName ?? words.together}</th>${FIGURES.map((figure) => cell(places[key], figure))}</tr>`,
  )}</tbody></table>`;
}

function lastMonth({ month, rows, services }: ReportsContent, language: PageLanguage): Html {
  const words = OVERVIEW_WORDS[language];
  const name = formatsOf(language).month(month);
  return html`<h2>${words.lastMonth(name)}</h2>
${rows.length === 0 ? html`<p>${words.noVotes}</p>` : monthTable(rows, services, name, language)}
<p class="note">${words.smallNote}</p>`;
}

function monthTable(
  rows: readonly ReportRow[],
  services: readonly ShownService[],
  name: string,
  language: PageLanguage,
): Html {
  const words = OVERVIEW_WORDS[language];
  const { number, percent } = formatsOf(language);
  const known = new Map(services.map((service) => [service.key, service]));
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${words.lastMonth(name)}"><table class="cards results">
<thead><tr><th scope="col">${words.service}</th><th scope="col">${words.votes}</th><th scope="col">${words.green}</th><th scope="col">${words.interval}</th><th scope="col">${words.participation}</th></tr></thead>
<tbody>${rows.map(({ line, valid, score, participation, served }) => {
    const service = known.get(line.placeKey);
    const [low, high] = score === null ? ["", ""] : [percent(score.low), percent(score.high)];
    return html`<tr><th scope="row">${service?.serviceName ?? words.together}<small>${service?.officeName ?? ""}</small></th>
<td data-label="${words.votes}">${valid === null ? words.hidden : number(valid)}</td>
<td data-label="${words.green}">${score === null ? words.hidden : percent(score.share)}</td>
<td data-label="${words.interval}">${score === null ? words.hidden : html`${intervalBar(score, words.intervalOf(percent(score.share), low, high))}<span class="said">${low} – ${high}</span>`}</td>
<td data-label="${words.participation}">${participation === null || served === null || valid === null ? "–" : words.participationOf(percent(participation), number(valid), number(served))}</td></tr>`;
  })}</tbody></table></div>`;
}
