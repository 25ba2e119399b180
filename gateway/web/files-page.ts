/**
 * The page of files to download: the reports of this month and the last, what is published, the report to the ministry. Pure.
 */
import { dayStartMs, monthSpan } from "#schemas/local-day.ts";
import { type Html, html, NOTHING } from "./html.ts";
import { PAGE_WORDS, type PageLanguage, type PageWords } from "./page-words.ts";
import { shell, type Visit } from "./shell.ts";

export type FilesContent = {
  readonly sample: boolean;
  readonly visit: Visit;
  /** This month and last, `YYYY-MM`. */
  readonly months: readonly string[];
  /** The reader may see exact figures. */
  readonly exact: boolean;
  /** Months whose figures are shown to everybody who may read reports. */
  readonly settled: { readonly has: (month: string) => boolean };
};

/** The page of files. */
export function renderFiles(content: FilesContent, language: PageLanguage): string {
  const words = PAGE_WORDS[language];
  return shell(
    { ...content, title: words.files },
    language,
    html`${content.months.map((month) => monthFiles(month, content, words, language))}
<p class="note">${words.smallNote} ${content.exact ? words.exactNote : ""}</p>
<h2>${words.published}</h2>
${publishedLinks(content, words, language)}`,
  );
}

function monthFiles(month: string, content: FilesContent, words: PageWords, language: PageLanguage): Html {
  const name = monthName(month, language);
  const isSettled = content.settled.has(month);
  if (!isSettled && !content.exact) return html`<h2>${name}</h2><p>${words.notSettled}</p>`;
  // Of a month that is not settled there are exact figures or none.
  const [form, titleOf] = isSettled
    ? ["", (title: string) => title]
    : ["&exact=1", (title: string) => `${title} (${words.exactFigures})`];
  const files = [
    { path: "monthly.csv", query: `month=${month}${form}`, title: titleOf(words.monthly) },
    { path: "aggregate.csv", query: `month=${month}&by=day${form}`, title: titleOf(words.byDay) },
  ];
  const link = (path: string, query: string, title: string, what: string) =>
    html`<a href="/api/v1/reports/${path}?${query}" aria-label="${`${title}, ${name}, ${what}`}">${what}</a>`;
  return html`<h2>${name}</h2><ul class="files">${files.map(
    ({ path, query, title }) => html`<li>${title}:
${link(path, query, title, words.openData)}, ${link(path, `${query}&profile=excel-it`, title, words.excel)}, ${link(
      path.replace(".csv", ".xlsx"),
      query,
      title,
      "XLSX",
    )}${content.exact && isSettled ? html`, ${link(path, `${query}&exact=1`, title, words.exactFigures)}` : NOTHING}</li>`,
  )}</ul>`;
}

function publishedLinks({ months }: FilesContent, words: PageWords, language: PageLanguage): Html {
  const month = months.at(-1) ?? "";
  return html`<ul class="files"><li><a href="/public/${language === "it" ? "" : "en.html"}">${words.publishedMonths}</a></li>
<li><a href="/api/v1/reports/ministry.zip?from=${month}&to=${month}">${words.ministry(monthName(month, language))}</a></li></ul>`;
}

function monthName(month: string, language: PageLanguage): string {
  return new Intl.DateTimeFormat(language, { month: "long", year: "numeric", timeZone: "UTC" }).format(
    dayStartMs(monthSpan(month).from, "UTC"),
  );
}
