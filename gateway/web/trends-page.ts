/**
 * The page of trends as HTML: what is asked for, and its parts. Every chart has its figures in a table; nothing is told by colour alone. Pure.
 */
import type { ShownService } from "../dashboard/shown-services.ts";
import { TREND_PERIODS, type TrendsQuery } from "../dashboard/trends-query.ts";
import type { ReportRow } from "../reports/rows.ts";
import type { PartAbout } from "./figures-table.ts";
import { formatsOf } from "./formats.ts";
import { type Html, html, NOTHING } from "./html.ts";
import type { PageLanguage } from "./page-words.ts";
import { shell, type Visit } from "./shell.ts";
import { funnelPart, type HeatContent, heatPart, type YearContent, yearPart } from "./trends-compare.ts";
import { participationPart, reasonsPart, resultsPart } from "./trends-results.ts";
import { TRENDS_WORDS } from "./trends-words.ts";

export type TrendsContent = {
  readonly sample: boolean;
  readonly visit: Visit;
  readonly services: readonly ShownService[];
  readonly mayExact: boolean;
  /** What was asked for as it came, for the form. */
  readonly asked: Readonly<Record<string, string>>;
  /** What is wrong with the question, or the answer. */
  readonly answer: { readonly problem: string } | { readonly isUnsettled: true } | TrendsAnswer;
};

export type TrendsAnswer = {
  readonly query: TrendsQuery;
  /** The last day that is shown. */
  readonly lastDay: string;
  /** Of all that the reader may see, and of what was chosen. */
  readonly all: readonly ReportRow[];
  readonly chosen: readonly ReportRow[];
  /** Set where nothing was chosen, and the first office stands for the many. */
  readonly standIn: string | null;
  readonly heat: HeatContent | null;
  readonly year: YearContent | null;
};

/** The page. */
export function renderTrends(content: TrendsContent, language: PageLanguage): string {
  const words = TRENDS_WORDS[language];
  const { answer } = content;
  return shell(
    { ...content, title: words.title, style: "/dashboard.css" },
    language,
    html`${form(content, language)}
${"isUnsettled" in answer ? html`<p>${words.unsettled}</p>` : "problem" in answer ? html`<p class="sums bad" role="alert"><strong>${words.wrong}</strong> <span lang="en">${answer.problem}</span></p>` : parts(content, answer, language)}`,
  );
}

function form({ services, asked, mayExact }: TrendsContent, language: PageLanguage): Html {
  const words = TRENDS_WORDS[language];
  const offices = new Map(services.map(({ place, officeName }) => [place.officeId, officeName]));
  const option = (value: string, name: string, chosen: string | undefined) =>
    html`<option value="${value}"${value === (chosen ?? "") ? html` selected` : NOTHING}>${name}</option>`;
  return html`<form class="choose" method="get" action="/trends">
<input type="hidden" name="lang" value="${language}">
<label>${words.from} <input type="date" name="from" value="${asked["from"] ?? ""}" required></label>
<label>${words.to} <input type="date" name="to" value="${asked["to"] ?? ""}" required></label>
<label>${words.by} <select name="by">${TREND_PERIODS.map((by) => option(by, words.periods[by], asked["by"]))}</select></label>
<label>${words.office} <select name="office">${option("", words.allOffices, asked["office"])}${[...offices].filter(([id]) => id !== "").map(([id, name]) => option(id, name, asked["office"]))}</select></label>
${mayExact ? html`<label class="tick"><input type="checkbox" name="exact" value="1"${asked["exact"] === "1" ? html` checked` : NOTHING}> ${words.exact}</label>` : NOTHING}
<button type="submit">${words.show}</button>
</form>`;
}

function parts({ services }: TrendsContent, answer: TrendsAnswer, language: PageLanguage): Html {
  const words = TRENDS_WORDS[language];
  const { shortDay } = formatsOf(language);
  const { query, chosen, all, standIn } = answer;
  const known = new Map(services.map((service) => [service.key, service]));
  const nameOf = ({ line }: ReportRow) => {
    const service = known.get(line.placeKey);
    const { officeId, serviceId } = line.place;
    return `${service?.serviceName ?? (serviceId || "…")}, ${service?.officeName ?? officeId}`;
  };
  const about: PartAbout = { language, nameOf, isExact: query.isExact };
  return html`<p>${words.span(shortDay(query.span.fromDay), shortDay(answer.lastDay))} ${query.isExact ? "" : words.settledNote} <a href="/api/v1/reports/aggregate.csv?${csvQuery(query)}">${words.csv}</a>.</p>
${standIn === null ? NOTHING : html`<p class="note">${words.firstOffice(standIn)}</p>`}
${all.length === 0 ? html`<p>${words.nothing}</p>` : html`${resultsPart(chosen, about)}${reasonsPart(chosen, about)}${participationPart(chosen, about)}${heatPart(answer.heat, about)}${funnelPart(all, about)}${yearPart(answer.year, about)}`}`;
}

function csvQuery({ span, by, isExact }: TrendsQuery): string {
  return `from=${span.fromDay}&to=${span.toDay}&by=${by}${isExact ? "&exact=1" : ""}`;
}
