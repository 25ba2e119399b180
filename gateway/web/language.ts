/**
 * In which language a page is answered. Pure.
 */
import type { PageLanguage } from "./page-words.ts";

/** The language asked for in the address, else the browser's first one that we have, else Italian. */
export function languageOf(request: {
  readonly query: unknown;
  readonly headers: { readonly "accept-language"?: string | undefined };
}): PageLanguage {
  const { lang } = request.query as { lang?: unknown };
  if (lang === "it" || lang === "en") return lang;
  const wanted = (request.headers["accept-language"] ?? "").toLowerCase().split(",");
  const known = wanted.map((part) => part.trim().slice(0, 2)).find((code) => code === "it" || code === "en");
  return known === "en" ? "en" : "it";
}
