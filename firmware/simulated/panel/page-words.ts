/**
 * All words of one page: the citizen's, from the wording version in force, and the panel's own.
 */
import { CURRENT_WORDING, type Words, wordsOf } from "#schemas/wording.ts";
import { PANEL_WORDS, type PanelWords } from "./panel-words.ts";

/** Languages the panel speaks to whoever tries a totem out. */
export const PANEL_LANGUAGES = ["it", "en"] as const;
export type PanelLanguage = (typeof PANEL_LANGUAGES)[number];

export type PageWords = {
  readonly language: PanelLanguage;
  readonly wording: number;
  readonly citizen: Words;
  readonly panel: PanelWords;
};

/** A version this firmware has never heard of is shown in the words it knows. */
export function pageWords(wording: number, language: PanelLanguage): PageWords {
  const citizen = wordsOf(wording, language) ?? wordsOf(CURRENT_WORDING, language);
  if (citizen === undefined) throw new Error(`wording ${CURRENT_WORDING} has no words in ${language}`);
  return { language, wording, citizen, panel: PANEL_WORDS[language] };
}
