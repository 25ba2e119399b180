/**
 * The public page of a month as a static file: judgements by office and service with their intervals, participation, what is not counted, what
 * the office does about it, and the files. Pure: drawn from what was published, as often as words change.
 */
import { type Language, REASON_KEYS } from "#schemas/code-list.ts";
import { dayStartMs } from "#schemas/local-day.ts";
import type { Publication, PublishedRow } from "#schemas/publication.ts";
import { CURRENT_WORDING, wordsOf } from "#schemas/wording.ts";
import { type Html, html, NOTHING } from "../web/html.ts";
import { barSvg } from "./bars.ts";
import { pageName, publicShell } from "./public-shell.ts";
import { PUBLICATION_WORDS, type PublicationWords } from "./publication-words.ts";

/** What an office says of its month, by office and language; empty paragraphs are none. */
export type Actions = Readonly<Record<string, Readonly<Partial<Record<Language, string>>>>>;

type About = {
  readonly words: PublicationWords;
  readonly language: Language;
  readonly number: (count: number) => string;
  readonly percent: (tenths: number) => string;
};

/** @param actions what offices say; Italian stands in where a language is missing. */
export function monthPage(data: Publication, actions: Actions, language: Language): string {
  const words = PUBLICATION_WORDS[language];
  const about: About = {
    ...{ words, language, number: (count) => new Intl.NumberFormat(language).format(count) },
    percent: (tenths) =>
      new Intl.NumberFormat(language, { style: "percent", minimumFractionDigits: 1 }).format(tenths / 1_000),
  };
  const offices = Map.groupBy(data.rows, ({ siteId, officeId }) => `${siteId} ${officeId}`);
  const { conflict, expiredLate } = data.taken;
  return publicShell(
    { title: `${words.title}, ${monthName(data.month, language)}`, sample: data.sample, up: "../" },
    language,
    html`<p class="where">${data.administration.name}</p>
<p>${words.intro} ${words.revision(data.revision, dayName(data.day, language))}</p>
${[...offices.values()].map((rows) => officePart(rows, actions, about))}
<h2>${words.apart}</h2>
<p>${words.apartOf(conflict, expiredLate, data.missingDays)}</p>
<p class="note">${words.hiddenNote} ${words.intervalNote}</p>
<h2>${words.check}</h2>
<p>${words.checkText}</p>
<ul><li><a href="../verify/${language === "it" ? "index" : "en"}.html">${words.check}</a></li>
<li><a href="../proof/months/${data.month}.json">${words.proof}</a></li></ul>
<h2>${words.files}</h2>
<ul><li><a href="monthly.csv">${words.openData}</a> (<a href="monthly.csv-metadata.json">${words.columns}</a>)</li>
<li><a href="monthly-excel-it.csv">${words.excel}</a></li><li><a href="publication.json">JSON</a></li>
<li>${words.catalogue}: <a href="dcat.ttl">Turtle</a>, <a href="dcat.jsonld">JSON-LD</a></li></ul>
<p><a href="https://creativecommons.org/licenses/by/4.0/" rel="license">${words.licence}</a></p>
<p><a href="../${pageName(language)}">${words.allMonths}</a></p>`,
  );
}

export function monthName(month: string, language: Language): string {
  return new Intl.DateTimeFormat(language, { month: "long", year: "numeric", timeZone: "UTC" }).format(
    dayStartMs(`${month}-15`, "UTC"),
  );
}

function dayName(day: string, language: Language): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }).format(
    dayStartMs(day, "UTC"),
  );
}

function officePart(rows: readonly PublishedRow[], actions: Actions, about: About): Html {
  const { words, language } = about;
  const [first] = rows;
  if (first === undefined) return NOTHING;
  const name = first.officeName ?? words.together;
  const said = actions[first.officeId];
  const text = (said?.[language] ?? said?.it ?? "").trim();
  return html`<h2>${name}</h2>
<div class="scroll" tabindex="0" role="region" aria-label="${name}"><table role="table">
<thead role="rowgroup"><tr role="row"><th scope="col">${words.service}</th><th scope="col">${words.votes}</th><th scope="col">${words.share}</th><th scope="col">${words.reasons}</th><th scope="col">${words.participation}</th></tr></thead>
<tbody role="rowgroup">${rows.map((row) => serviceRow(row, about))}</tbody></table></div>
${text === "" ? NOTHING : html`<div class="told"><h3>${words.told}</h3>${text.split(/\n{2,}/).map((part) => html`<p>${part}</p>`)}</div>`}`;
}

function serviceRow(row: PublishedRow, about: About): Html {
  const { words, number, percent } = about;
  const { valid, participation, served } = row;
  return html`<tr role="row"><th scope="row" role="rowheader">${row.serviceName ?? words.together}</th>
<td role="cell" data-label="${words.votes}">${valid === null ? words.hidden : number(valid)}</td>
<td role="cell" data-label="${words.share}">${judgements(row, about)}</td>
<td role="cell" data-label="${words.reasons}">${reasons(row, about)}</td>
<td role="cell" data-label="${words.participation}">${participation === null || served === null ? "–" : words.participationOf(percent(participation), number(served))}</td></tr>`;
}

function judgements({ valid, green, yellow, red, score, wording }: PublishedRow, about: About): Html {
  const { words, number, percent } = about;
  if (valid === null || green === null || yellow === null || red === null) return html`${words.hidden}`;
  if (valid === 0) return html`–`;
  const { faces } = labels(wording, about.language);
  const said = [
    `${faces.green} ${number(green)}`,
    `${faces.yellow} ${number(yellow)}`,
    `${faces.red} ${number(red)}`,
  ].join(", ");
  const interval = score === null ? null : { low: score.low, high: score.high };
  return html`${barSvg({ green, yellow, red, interval, label: said })}<span class="said">${said}</span>
${score === null ? NOTHING : html`<span class="said">${faces.green} ${percent(score.share)}, ${words.interval(percent(score.low), percent(score.high))}</span>`}`;
}

function reasons({ red, reasons: counts, wording }: PublishedRow, { words, language, number }: About): Html {
  if (red === 0) return html`–`;
  const { reasons: names } = labels(wording, language);
  const lines = [...REASON_KEYS, "none" as const].filter((reason) => counts[reason] !== 0);
  // Hidden ones are named: what is left out must not look like nothing.
  const shown = lines.map((reason) => {
    const count = counts[reason];
    return html`<li>${names[reason]}: ${count === null ? words.hidden : number(count)}</li>`;
  });
  return lines.every((reason) => counts[reason] === null) ? html`${words.hidden}` : html`<ul>${shown}</ul>`;
}

/** Words of the wording that was answered; of one that this version does not know, today's. */
function labels(wording: number, language: Language) {
  const words = wordsOf(wording, language) ?? wordsOf(CURRENT_WORDING, language);
  if (words === undefined) throw new Error(`no wording in ${language}`);
  return words;
}
