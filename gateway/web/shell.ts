/**
 * The frame of the pages that the gateway serves: its styles, its words, the other language. Pure.
 */
import { framed } from "./frame.ts";
import { type Html, html, NOTHING } from "./html.ts";
import { PAGE_WORDS, type PageLanguage } from "./page-words.ts";

/** A whole page. @param about.script a script of ours that makes it more comfortable; the page works without. */
export function shell(
  about: {
    readonly sample: boolean;
    readonly title: string;
    readonly style?: string;
    readonly script?: string;
  },
  language: PageLanguage,
  body: Html,
): string {
  const words = PAGE_WORDS[language];
  const other = language === "it" ? "en" : "it";
  const head = html`<link rel="stylesheet" href="/page.css">
<link rel="icon" href="data:,">
${about.style === undefined ? NOTHING : html`<link rel="stylesheet" href="${about.style}">`}
${about.script === undefined ? NOTHING : html`<script src="${about.script}" defer></script>`}`;
  const nav = html`<a href="?lang=${other}" lang="${other}" hreflang="${other}">${words.otherLanguage}</a>`;
  const sample = about.sample ? words.sample : null;
  return framed({ language, title: about.title, head, skip: words.skip, nav, sample }, body);
}
