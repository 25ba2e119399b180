/**
 * What every page of the gateway stands in: header, language, the note on invented data. Pure.
 */
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
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${about.title}</title>
<link rel="stylesheet" href="/page.css">
<link rel="icon" href="data:,">
${about.style === undefined ? NOTHING : html`<link rel="stylesheet" href="${about.style}">`}
${about.script === undefined ? NOTHING : html`<script src="${about.script}" defer></script>`}
</head>
<body>
<a class="skip" href="#content">${words.skip}</a>
<header>
<p class="brand">Faccine</p>
<nav><a href="?lang=${other}" lang="${other}" hreflang="${other}">${words.otherLanguage}</a></nav>
</header>
<main id="content">
${about.sample ? html`<p class="sample" role="note">${words.sample}</p>` : NOTHING}
<h1>${about.title}</h1>
${body}
</main>
</body>
</html>
`.text;
}
