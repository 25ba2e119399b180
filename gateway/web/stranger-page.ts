/**
 * What is shown to who may not see a page: how to come in, or that this page is for others. Pure.
 */
import { html } from "./html.ts";
import { PAGE_WORDS, type PageLanguage } from "./page-words.ts";
import { shell, type Visit } from "./shell.ts";

/** The page for who has no session. */
export function renderStranger(
  about: { readonly sample: boolean; readonly why: "used" | "none" },
  language: PageLanguage,
): string {
  const words = PAGE_WORDS[language];
  return shell(
    { sample: about.sample, title: words.strangerTitle },
    language,
    html`<p>${about.why === "used" ? words.linkUsed : words.linkNeeded}</p>
<p>${words.howToEnter}</p>
<pre>faccine link</pre>`,
  );
}

/** For who has come in, and may not see this page. */
export function renderNotAllowed(
  about: { readonly sample: boolean; readonly visit: Visit },
  language: PageLanguage,
): string {
  const words = PAGE_WORDS[language];
  return shell({ ...about, title: words.notAllowedTitle }, language, html`<p>${words.notAllowed}</p>`);
}
