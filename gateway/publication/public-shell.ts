/**
 * What every public page stands in, and the list of all months. Static files that work wherever they are put; pure.
 */
import { LANGUAGES, type Language } from "#schemas/code-list.ts";
import { framed } from "../web/frame.ts";
import { type Html, html } from "../web/html.ts";
import { PUBLICATION_WORDS } from "./publication-words.ts";

/** @param about.up the way to the public folder. */
export function publicShell(
  about: { readonly title: string; readonly sample: boolean; readonly up: string },
  language: Language,
  body: Html,
): string {
  const words = PUBLICATION_WORDS[language];
  const others = LANGUAGES.filter((one) => one !== language);
  const head = html`<link rel="stylesheet" href="${about.up}page.css">
<link rel="stylesheet" href="${about.up}public.css">
<link rel="icon" href="data:,">`;
  const nav = html`${others.map((one) => html`<a href="${pageName(one)}" lang="${one}" hreflang="${one}">${PUBLICATION_WORDS[one].name}</a> `)}`;
  const sample = about.sample ? words.sample : null;
  return framed({ language, title: about.title, head, skip: words.skip, nav, sample }, body);
}

/** The list of published months, the newest first. */
export function monthsPage(
  about: { readonly administration: string; readonly sample: boolean; readonly months: readonly string[] },
  language: Language,
  nameOf: (month: string) => string,
): string {
  const words = PUBLICATION_WORDS[language];
  const { administration, sample, months } = about;
  return publicShell(
    { title: words.title, sample, up: "" },
    language,
    html`<p class="where">${administration}</p><p>${words.intro}</p>
${
  months.length === 0
    ? html`<p>${words.noMonths}</p>`
    : html`<ul class="months">${months.toReversed().map((month) => html`<li><a href="${month}/${pageName(language)}">${nameOf(month)}</a></li>`)}</ul>`
}
<h2>${words.check}</h2><p>${words.checkText}</p>
<ul><li><a href="verify/${language === "it" ? "index" : "en"}.html">${words.check}</a></li></ul>`,
  );
}

/** The file of a page in a language. */
export function pageName(language: Language): string {
  return language === "it" ? "index.html" : `${language}.html`;
}
