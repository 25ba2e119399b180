/**
 * All words of one page: the citizen's, from the wording version in force, and the panel's own.
 */
import { KEYS } from "#schemas/code-list.ts";
import { allPhrases, phraseName, type VoiceLanguage, voiceText } from "#schemas/voice-texts.ts";
import { CURRENT_WORDING, type Words, wordsOf } from "#schemas/wording.ts";
import { ASKED_ITEMS } from "../../self-test/items.ts";
import { askSentence } from "../../self-test/report-words.ts";
import { PANEL_WORDS, type PanelWords } from "./panel-words.ts";

/** Languages the panel speaks to whoever tries a totem out. */
export const PANEL_LANGUAGES = ["it", "en"] as const;
export type PanelLanguage = (typeof PANEL_LANGUAGES)[number];

export type PageWords = {
  readonly language: PanelLanguage;
  readonly wording: number;
  readonly citizen: Words;
  readonly panel: PanelWords;
  /** What the self-test asks a technician for, by item. */
  readonly selfTest: Readonly<Record<string, string>>;
  /** What the voice says, by language and the phrase's name: it speaks the citizen's language, not the page's. */
  readonly voice: Readonly<Record<VoiceLanguage, Readonly<Record<string, string>>>>;
};

/** A version this firmware has never heard of is shown in the words it knows. */
export function pageWords(wording: number, language: PanelLanguage): PageWords {
  const citizen = wordsOf(wording, language) ?? wordsOf(CURRENT_WORDING, language);
  if (citizen === undefined) throw new Error(`wording ${CURRENT_WORDING} has no words in ${language}`);
  return {
    language,
    wording,
    citizen,
    panel: PANEL_WORDS[language],
    selfTest: Object.fromEntries(
      ASKED_ITEMS.map(({ item, step }) => [item, askSentence(step, item, language)]),
    ),
    voice: { it: voiceTexts(wording, "it"), en: voiceTexts(wording, "en") },
  };
}

function voiceTexts(wording: number, language: VoiceLanguage): Readonly<Record<string, string>> {
  return Object.fromEntries(
    allPhrases(KEYS).map((phrase) => [phraseName(phrase), voiceText(phrase, language, wording)]),
  );
}
