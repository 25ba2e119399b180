/**
 * The parts of the page of trends that show one thing each: results by period, why votes were red, how many of the people served voted. Pure.
 */
import { REASONS } from "#schemas/code-list.ts";
import { CURRENT_WORDING, wordsOf } from "#schemas/wording.ts";
import { byService, countOf, participationOf, reasonSums, type ServiceRows } from "../dashboard/trends.ts";
import { percentTenths } from "../reports/figures.ts";
import type { ReportRow } from "../reports/rows.ts";
import { intervalChart } from "./charts/interval-chart.ts";
import { partBar } from "./charts/part-bar.ts";
import { figuresTable, type PartAbout } from "./figures-table.ts";
import { formatsOf } from "./formats.ts";
import { type Html, html, NOTHING } from "./html.ts";
import { OVERVIEW_WORDS } from "./overview-words.ts";
import { PAGE_WORDS, type PageLanguage } from "./page-words.ts";
import { TRENDS_WORDS } from "./trends-words.ts";

/** Results of each service, period by period. */
export function resultsPart(rows: readonly ReportRow[], about: PartAbout): Html {
  const words = TRENDS_WORDS[about.language];
  return html`<section><h2>${words.results}</h2><p class="note">${words.resultsNote}</p>
<div class="charts">${byService(rows).map((service) => serviceFigure(service, about))}</div></section>`;
}

function serviceFigure({ rows }: ServiceRows, about: PartAbout): Html {
  const words = TRENDS_WORDS[about.language];
  const name = about.nameOf(rows[0] as ReportRow);
  const points = rows.map((row) => ({ name: row.name.period, score: row.score }));
  return html`<figure><figcaption>${name}</figcaption>${intervalChart(points, words.resultsChart(name))}
${figuresTable(
  { summary: words.figures, subject: name },
  headOf(about.language),
  rows.map((row) => resultRow(row, about.language)),
)}</figure>`;
}

function headOf(language: PageLanguage): readonly string[] {
  const [words, overview, { columns }] = [
    TRENDS_WORDS[language],
    OVERVIEW_WORDS[language],
    PAGE_WORDS[language],
  ];
  return [
    ...[words.period, overview.votes, columns.green, columns.yellow, columns.red],
    ...REASONS.map((reason) => reasonWords(language)[reason]),
    ...[words.positive, overview.interval, words.served, overview.participation],
  ];
}

/** A row of the file. Each cell says which column it is, so that a test can hold the two against each other. */
function resultRow(row: ReportRow, language: PageLanguage): Html {
  const { number, percent } = formatsOf(language);
  const { hidden } = OVERVIEW_WORDS[language];
  const { name, line, valid, score, served, participation } = row;
  const cell = (column: string, value: number | null, none: string, write: (value: number) => string) =>
    html`<td data-column="${column}">${value === null ? none : write(value)}</td>`;
  const count = (column: string, value: number | null) => cell(column, value, hidden, number);
  return html`<tr data-row="${`${name.period} ${line.key}`}"><th scope="row">${name.period}</th>${count("votes_valid", valid)}${(["green", "yellow", "red"] as const).map((face) => count(face, countOf(row, face)))}${REASONS.map((reason) => count(`reason_${reason}`, countOf(row, `reason_${reason}`)))}${cell("green_pct", score?.share ?? null, hidden, percent)}<td>${score === null ? hidden : html`<span data-column="green_ci_low">${percent(score.low)}</span> – <span data-column="green_ci_high">${percent(score.high)}</span>`}</td>${cell("served", served, "–", number)}${cell("participation_pct", participation, "–", percent)}</tr>`;
}

/** Why votes were red. */
export function reasonsPart(rows: readonly ReportRow[], { language }: PartAbout): Html {
  const words = TRENDS_WORDS[language];
  const { number, percent } = formatsOf(language);
  const { reasons, red, hiddenRows } = reasonSums(byService(rows).flatMap((service) => service.rows));
  const names = reasonWords(language);
  return html`<section><h2>${words.reasons}</h2>
${
  red === 0
    ? html`<p>${words.noReasons}</p>`
    : html`<p>${words.reasonsOf(number(red))}</p><table class="bars"><thead><tr><th scope="col">${words.reason}</th><th scope="col">${PAGE_WORDS[language].columns.red}</th><th scope="col">${words.share}</th></tr></thead><tbody>${reasons.map(
        ({ reason, count }) =>
          html`<tr><th scope="row">${names[reason]}</th><td>${number(count)}</td><td>${partBar(count, red)}<span>${percent(percentTenths(count, red) ?? 0)}</span></td></tr>`,
      )}</tbody></table>`
}
${hiddenRows === 0 ? NOTHING : html`<p class="note">${words.reasonsHidden(hiddenRows)}</p>`}</section>`;
}

/** How many of the people served voted, with both numbers. */
export function participationPart(rows: readonly ReportRow[], { language }: PartAbout): Html {
  const [words, overview] = [TRENDS_WORDS[language], OVERVIEW_WORDS[language]];
  const { number, percent } = formatsOf(language);
  const periods = participationOf(rows);
  if (periods.length === 0) return NOTHING;
  return html`<section><h2>${overview.participation}</h2><table class="bars"><thead><tr><th scope="col">${words.period}</th><th scope="col">${overview.votes}</th><th scope="col">${words.served}</th><th scope="col">${overview.participation}</th></tr></thead><tbody>${periods.map(
    ({ period, votes, served, participation }) =>
      html`<tr><th scope="row">${period}</th><td>${number(votes)}</td><td>${number(served)}</td><td>${partBar(Math.min(participation, 1_000), 1_000)}<span>${percent(participation)}</span></td></tr>`,
  )}</tbody></table></section>`;
}

function reasonWords(language: PageLanguage) {
  const words = wordsOf(CURRENT_WORDING, language);
  if (words === undefined) throw new Error(`no wording in ${language}`);
  return words.reasons;
}
