/**
 * From what the session says to what the voice has a text for: ten refusals are three answers to a citizen.
 */
import { ANSWER_TO } from "#schemas/code-list.ts";
import type { VoicePhrase } from "#schemas/voice-texts.ts";
import type { Phrase } from "./events.ts";

export function voicePhraseOf(phrase: Phrase): VoicePhrase {
  return phrase.say === "refused" ? { say: "refused", answer: ANSWER_TO[phrase.refusal] } : phrase;
}
