import { describe, expect, it } from "vitest";
import { FACES, KEYS, REASON_KEYS } from "./code-list.ts";
import { allPhrases, VOICE_LANGUAGES, VOICE_TEXT_MAX, voiceLanguagesOf, voiceText } from "./voice-texts.ts";
import { CURRENT_WORDING, WORDING_VERSIONS, wordsOf } from "./wording.ts";

const PHRASES = allPhrases(KEYS);

describe("the voice", () => {
  it("has a text for every phrase, in every language and wording, within its length", () => {
    for (const wording of WORDING_VERSIONS) {
      for (const language of VOICE_LANGUAGES) {
        for (const phrase of PHRASES) {
          const text = voiceText(phrase, language, wording);
          expect(text.length, `${language} ${JSON.stringify(phrase)}`).toBeGreaterThan(5);
          expect(text.length, text).toBeLessThanOrEqual(VOICE_TEXT_MAX);
          // A phrase left open sounds as if something had been cut off; what a terminal cannot show is no text.
          expect(text).toMatch(/^[^\p{C}]*[.!?]$/u);
        }
      }
    }
  });

  it.each(VOICE_LANGUAGES)("says no two things alike in %s", (language) => {
    const texts = PHRASES.map((phrase) => voiceText(phrase, language, CURRENT_WORDING));
    expect(new Set(texts).size).toBe(texts.length);
  });

  it("says nothing in the words of the other language", () => {
    for (const phrase of PHRASES) {
      const [italian, english] = VOICE_LANGUAGES.map((one) => voiceText(phrase, one, CURRENT_WORDING));
      expect(italian).not.toBe(english);
    }
  });

  it.each(VOICE_LANGUAGES)(
    "reads the layout from the left, each key by place, shape and meaning, in %s",
    (language) => {
      const words = wordsOf(CURRENT_WORDING, language);
      const layout = voiceText({ say: "layout" }, language, CURRENT_WORDING);
      const places = [...FACES, ...REASON_KEYS].map((key) => {
        const meaning = { ...words?.faces, ...words?.reasons }[key] ?? "missing";
        expect(voiceText({ say: "key", key }, language, CURRENT_WORDING)).toContain(meaning);
        return layout.indexOf(meaning);
      });
      expect(places).not.toContain(-1);
      expect(places).toEqual([...places].sort((a, b) => a - b));
      // A colour says nothing to who cannot see it.
      expect(layout).not.toMatch(/verde|giallo|rosso|green|yellow|red\b/i);
    },
  );

  it("offers the other language in its own words", () => {
    expect(voiceText({ say: "other-language" }, "it", CURRENT_WORDING)).toContain("italiano");
    expect(voiceText({ say: "other-language" }, "en", CURRENT_WORDING)).toContain("English");
  });

  it("speaks those of a site's languages that have a voice, in the site's order, and Italian where none has", () => {
    expect(voiceLanguagesOf(["de", "en", "it"])).toEqual(["en", "it"]);
    expect(voiceLanguagesOf(["sl"])).toEqual(["it"]);
    expect(voiceLanguagesOf([])).toEqual(["it"]);
  });

  it("speaks of a wording it has never heard of in the words it knows", () => {
    expect(voiceText({ say: "choose" }, "it", 9_999)).toBe(
      voiceText({ say: "choose" }, "it", CURRENT_WORDING),
    );
  });
});
