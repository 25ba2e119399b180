/**
 * What is shown to who is signed in and may not see a page. Pure.
 */
import { html } from "./html.ts";
import { PAGE_WORDS, type PageLanguage } from "./page-words.ts";
import { shell, type Visit } from "./shell.ts";

/** For who has come in, and may not see this page. */
export function renderNotAllowed(
  about: { readonly sample: boolean; readonly visit: Visit },
  language: PageLanguage,
): string {
  const words = PAGE_WORDS[language];
  return shell({ ...about, title: words.notAllowedTitle }, language, html`<p>${words.notAllowed}</p>`);
}
