/**
 * The voice's recordings as files: what each is called and where it is looked for. A name is the hash of what is said
 * and of who says it, so that a changed text has no recording until it is rendered again, and never an old one.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { KEYS } from "#schemas/code-list.ts";
import { allPhrases, VOICE_LANGUAGES, type VoiceLanguage, voiceText } from "#schemas/voice-texts.ts";
import { WORDING_VERSIONS } from "#schemas/wording.ts";

/** How espeak-ng speaks each language. British for English: the nearer one in Europe. */
export const ESPEAK_VOICES: Readonly<Record<VoiceLanguage, string>> = { it: "it", en: "en-gb" };

/** Words a minute: slower than espeak-ng's 175, for places with noise and listeners who hear a voice for the first time. */
export const WORDS_PER_MINUTE = 150;

/** Where recordings lie that were installed with the program instead of being rendered here. */
export const INSTALLED_RECORDINGS = "/usr/local/share/faccine/voice";

/** One recording: what is said in it and the name of its file. */
export type Recording = { readonly language: VoiceLanguage; readonly text: string; readonly file: string };

export const RECORDING_NAME = /^[0-9a-f]{32}\.wav$/;

export function recordingOf(text: string, language: VoiceLanguage): Recording {
  const said = JSON.stringify(["espeak-ng", ESPEAK_VOICES[language], WORDS_PER_MINUTE, text]);
  const file = `${createHash("sha256").update(said).digest("hex").slice(0, 32)}.wav`;
  return { language, text, file };
}

/** Every recording a totem may need: all phrases, in all languages with a voice, of all wordings; each once. */
export function allRecordings(): readonly Recording[] {
  const recordings = WORDING_VERSIONS.flatMap((wording) =>
    VOICE_LANGUAGES.flatMap((language) =>
      allPhrases(KEYS).map((phrase) => recordingOf(voiceText(phrase, language, wording), language)),
    ),
  );
  return [...new Map(recordings.map((one) => [one.file, one])).values()];
}

/** The folder's own copy of a recording before an installed one; null when it was never rendered. */
export function findRecording({ file }: Recording, folders: readonly string[]): string | null {
  return folders.map((folder) => join(folder, file)).find((path) => existsSync(path)) ?? null;
}
