/**
 * Words on drawings, sheets and manuals: Italian for who builds and mounts in Italy, English for everybody else.
 */

/** One text in both languages. */
export type Bilingual = { readonly it: string; readonly en: string };

export const GUIDE_LANGUAGES = ["it", "en"] as const;
export type GuideLanguage = (typeof GUIDE_LANGUAGES)[number];

/** A figure as it is written there: Italian has a decimal comma. At most one decimal. */
export function figure(value: number, language: GuideLanguage): string {
  const rounded = String(Math.round(value * 10) / 10);
  return language === "it" ? rounded.replace(".", ",") : rounded;
}
