/**
 * The parts of the page of trends that compare: hours of the week, services with each other, a month with the same one a year earlier. Pure.
 */
import { funnelOf, limitsAt } from "../dashboard/funnel.ts";
import { byService, differenceOf, type HeatCell, type HeatMap, scoreOf } from "../dashboard/trends.ts";
import { percentTenths } from "../reports/figures.ts";
import type { ReportRow } from "../reports/rows.ts";
import { funnelPlot } from "./charts/funnel-plot.ts";
import { intervalBar } from "./charts/interval-bar.ts";
import { figuresTable, type PartAbout } from "./figures-table.ts";
import { formatsOf } from "./formats.ts";
import { type Html, html, NOTHING } from "./html.ts";
import { OVERVIEW_WORDS } from "./overview-words.ts";
import { TRENDS_WORDS } from "./trends-words.ts";

export type HeatContent = { readonly map: HeatMap; readonly firstDay: string; readonly lastDay: string };

/** Hours and weekdays: the table is the chart. @param heat null where an office must be chosen first. */
export function heatPart(heat: HeatContent | null, { language }: PartAbout): Html {
  const words = TRENDS_WORDS[language];
  if (heat === null) return html`<section><h2>${words.heat}</h2><p>${words.heatChoose}</p></section>`;
  const { shortDay, number } = formatsOf(language);
  const { cells, hidden } = heat.map;
  const hours = cells.map(({ hour }) => hour);
  const [first, last] = [Math.min(...hours), Math.max(...hours)];
  const shown = cells.length === 0 ? [] : Array.from({ length: last - first + 1 }, (_, n) => first + n);
  const cellAt = (weekday: number, hour: number) =>
    cells.find((one) => one.weekday === weekday && one.hour === hour);
  const days = [1, 2, 3, 4, 5, 6, 7].filter(
    (day) => day <= 5 || cells.some(({ weekday }) => weekday === day),
  );
  return html`<section><h2>${words.heat}</h2>
<p class="note">${words.heatNote(shortDay(heat.firstDay), shortDay(heat.lastDay))} ${hidden === 0 ? "" : words.heatHidden(hidden)}</p>
${
  cells.length === 0
    ? html`<p>${words.nothing}</p>`
    : html`<div class="scroll" tabindex="0" role="region" aria-label="${words.heat}"><table class="heat"><thead><tr><th scope="col">${words.hour}</th>${days.map((day) => html`<th scope="col">${words.weekdays[day - 1] ?? ""}</th>`)}</tr></thead><tbody>${shown.map((hour) => html`<tr><th scope="row">${hour}–${hour + 1}</th>${days.map((day) => heatCell(cellAt(day, hour), language, number))}</tr>`)}</tbody></table></div>`
}</section>`;
}

function heatCell(
  cell: HeatCell | undefined,
  language: PartAbout["language"],
  number: (count: number) => string,
): Html {
  if (cell === undefined) return html`<td></td>`;
  const votes = html`<small>${TRENDS_WORDS[language].votesOf(number(cell.votes))}</small>`;
  if (cell.score === null) return html`<td>–${votes}</td>`;
  // Five shades: below half, then by eighths: shares of green crowd at the top.
  const shade = cell.score.share < 500 ? 0 : Math.min(4, 1 + Math.floor((cell.score.share - 500) / 125));
  return html`<td class="shade-${shade}">${formatsOf(language).percent(cell.score.share)}${votes}</td>`;
}

/** Services compared without ranking them. */
export function funnelPart(rows: readonly ReportRow[], about: PartAbout): Html {
  const words = TRENDS_WORDS[about.language];
  const [overview, { number, percent }] = [OVERVIEW_WORDS[about.language], formatsOf(about.language)];
  const inputs = byService(rows).flatMap(({ rows: own }) => {
    const score = scoreOf(own, about.isExact);
    return score === null
      ? []
      : [{ name: about.nameOf(own[0] as ReportRow), part: score.green, whole: score.votes }];
  });
  const funnel = funnelOf(inputs);
  if (funnel === null) return html`<section><h2>${words.funnel}</h2><p>${words.funnelNothing}</p></section>`;
  const asTenths = (share: number) => percent(Math.round(share * 1_000));
  const labels = { label: words.funnelLabel, votes: words.votesAxis };
  return html`<section><h2>${words.funnel}</h2><p class="note">${words.funnelNote(asTenths(funnel.overall))}</p>
<figure>${funnelPlot(funnel, labels, number)}
${figuresTable(
  { summary: words.figures, subject: words.funnel },
  ["", overview.service, overview.votes, words.positive, words.limits, words.verdict],
  funnel.points.map(({ name, part, whole, verdict }, at) => {
    const { low95, high95 } = limitsAt(funnel.overall, whole);
    return html`<tr><td>${at + 1}</td><th scope="row">${name}</th><td>${number(whole)}</td><td>${percent(percentTenths(part, whole) ?? 0)}</td><td>${asTenths(low95)} – ${asTenths(high95)}</td><td>${words.verdicts[verdict]}</td></tr>`;
  }),
)}</figure></section>`;
}

export type YearContent = {
  readonly now: string;
  readonly before: string;
  readonly rowsNow: readonly ReportRow[];
  readonly rowsThen: readonly ReportRow[];
};

/** A month beside the same one a year earlier: summers are not springs. @param year null where no whole month was asked for. */
export function yearPart(year: YearContent | null, about: PartAbout): Html {
  if (year === null) return NOTHING;
  const words = TRENDS_WORDS[about.language];
  const { month } = formatsOf(about.language);
  const title = html`<h2>${words.year(month(year.now), month(year.before))}</h2>`;
  if (year.rowsThen.length === 0) return html`<section>${title}<p>${words.yearNothing}</p></section>`;
  const then = new Map(year.rowsThen.map((row) => [row.line.key, row]));
  const overview = OVERVIEW_WORDS[about.language];
  return html`<section>${title}<div class="scroll" tabindex="0" role="region" aria-label="${words.year(year.now, year.before)}"><table class="cards results"><thead><tr><th scope="col">${overview.service}</th><th scope="col">${month(year.now)}</th><th scope="col">${month(year.before)}</th><th scope="col">${words.difference}</th></tr></thead><tbody>${year.rowsNow.map((row) => yearRow(row, then.get(row.line.key), year, about))}</tbody></table></div></section>`;
}

function yearRow(now: ReportRow, then: ReportRow | undefined, year: YearContent, about: PartAbout): Html {
  const { percent, month } = formatsOf(about.language);
  const [words, overview] = [TRENDS_WORDS[about.language], OVERVIEW_WORDS[about.language]];
  const cell = (row: ReportRow | undefined, name: string) => {
    const score = row?.score ?? null;
    if (score === null)
      return html`<td data-label="${name}">${row === undefined ? "–" : overview.hidden}</td>`;
    const [share, low, high] = [percent(score.share), percent(score.low), percent(score.high)];
    return html`<td data-label="${name}">${intervalBar(score, overview.intervalOf(share, low, high))}<span class="said">${share} (${low} – ${high})</span></td>`;
  };
  const isKnown = now.score !== null && then?.score != null;
  const difference = isKnown ? differenceOf(now.score, then.score) : "unknown";
  return html`<tr><th scope="row">${about.nameOf(now)}</th>${cell(now, month(year.now))}${cell(then, month(year.before))}<td data-label="${words.difference}">${words.differences[difference]}</td></tr>`;
}
