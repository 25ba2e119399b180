/**
 * What the assist key is called, on the plate, on the panel and in reports: one name wherever a person reads it.
 */
import type { VoiceLanguage } from "./voice-texts.ts";

export const ASSIST_WORDS: Readonly<Record<VoiceLanguage, { readonly name: string; readonly hint: string }>> =
  {
    it: { name: "Assistenza", hint: "voce e più tempo" },
    en: { name: "Assistance", hint: "voice and more time" },
  };
