/**
 * The frame of the pages that the gateway serves: its styles, its words, its menu, the other language. Pure.
 */
import { framed } from "./frame.ts";
import { type Html, html, NOTHING } from "./html.ts";
import { type MenuEntry, menuFor } from "./navigation.ts";
import { PAGE_WORDS, type PageLanguage } from "./page-words.ts";

/** Who a page is made for, and which one it is. */
export type Visit = {
  readonly administration: string;
  readonly scopes: readonly string[];
  /** The page's own path, as the menu has it. */
  readonly path: string;
  /** What else the address says, without the language: kept when the language is changed. */
  readonly query?: string;
};

export type About = {
  readonly sample: boolean;
  readonly title: string;
  readonly style?: string;
  /** A script of ours that makes the page more comfortable; it works without. */
  readonly script?: string;
  /** Left out for who is not signed in: there is no menu then. */
  readonly visit?: Visit;
  /** The same as a visit's, for who is not signed in. */
  readonly query?: string;
  /** Where the page is read again, when it answers a form that was sent elsewhere. */
  readonly readAt?: string;
};

/** A whole page. */
export function shell(about: About, language: PageLanguage, body: Html): string {
  const { visit } = about;
  const words = PAGE_WORDS[language];
  const other = language === "it" ? "en" : "it";
  const head = html`<link rel="stylesheet" href="/page.css">
<link rel="stylesheet" href="/fonts.css">
<link rel="icon" href="data:,">
${about.style === undefined ? NOTHING : html`<link rel="stylesheet" href="${about.style}">`}
${about.script === undefined ? NOTHING : html`<script src="${about.script}" defer></script>`}`;
  const query = visit?.query ?? about.query ?? "";
  const kept = query === "" ? "" : `${query}&`;
  const languages = html`<a href="${about.readAt ?? ""}?${kept}lang=${other}" lang="${other}" hreflang="${other}">${words.otherLanguage}</a>`;
  return framed(
    {
      ...{ language, title: about.title, head, skip: words.skip },
      nav: visit === undefined ? languages : html`${links(visit, "person", language)} ${languages}`,
      sample: about.sample ? words.sample : null,
      ...(visit === undefined ? {} : { owner: visit.administration, menu: menu(visit, language) }),
    },
    body,
  );
}

function menu(visit: Visit, language: PageLanguage): Html {
  return html`<nav class="menu" aria-label="${PAGE_WORDS[language].pages}"><ul>${links(visit, "pages", language).map((link) => html`<li>${link}</li>`)}</ul></nav>`;
}

function links({ scopes, path }: Visit, group: MenuEntry["group"], language: PageLanguage): readonly Html[] {
  return menuFor(scopes, group).map((entry) => {
    const here = entry.path === path ? html` aria-current="page"` : NOTHING;
    return html`<a href="${entry.path}?lang=${language}"${here}>${entry.words[language]}</a>`;
  });
}
