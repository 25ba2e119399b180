import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { canonicalText } from "./canonical.ts";
import { ANSWER_TO, FACES, KEYS, LANGUAGES, REASON_KEYS, REFUSAL_ANSWERS, REFUSALS } from "./code-list.ts";
import { CURRENT_WORDING, WORDING_VERSIONS, WORDS, type Words, wordsOf } from "./wording.ts";

/** Every text of a language, with its place. */
function textsOf(words: object, path = ""): readonly (readonly [string, string])[] {
  return Object.entries(words).flatMap(([name, value]) =>
    typeof value === "string" ? [[`${path}/${name}`, value] as const] : textsOf(value, `${path}/${name}`),
  );
}

const everyLanguage = WORDING_VERSIONS.flatMap((version) =>
  LANGUAGES.map((language) => ({ version, language })),
);

describe("the wording", () => {
  it.each(everyLanguage)(
    "of version $version is complete in $language and within its lengths",
    ({ version, language }) => {
      const words = wordsOf(version, language);
      expect(WORDS.problems(words)).toEqual([]);
      for (const [, text] of textsOf(words as Words)) expect(text.trim().length).toBeGreaterThan(0);
    },
  );

  it.each(everyLanguage)(
    "tells no two keys apart by the same words in $language",
    ({ version, language }) => {
      const words = wordsOf(version, language) as Words;
      const names = [
        ...FACES.map((face) => words.faces[face]),
        ...REASON_KEYS.map((key) => words.reasons[key]),
      ];
      expect(new Set(names).size).toBe(names.length);
    },
  );

  it("is written once in each language: no sentence was left in another one", () => {
    for (const version of WORDING_VERSIONS) {
      const seen = new Map<string, string>();
      for (const language of LANGUAGES) {
        for (const [place, text] of textsOf(wordsOf(version, language) as Words)) {
          const where = `${place}: ${text}`;
          expect(seen.get(where), where).toBeUndefined();
          seen.set(where, language);
        }
      }
    }
  });

  it("names the programme's faces and reasons in Italian as the programme does", () => {
    const words = wordsOf(1, "it") as Words;
    expect(Object.values(words.reasons).slice(0, 4)).toEqual([
      "Tempo di attesa",
      "Comportamento del personale",
      "Necessità di tornare",
      "Esito negativo",
    ]);
  });

  it("of a published version is never edited: a change of words is a new version", () => {
    const digest = (version: number) =>
      createHash("sha256")
        .update(canonicalText(Object.fromEntries(LANGUAGES.map((l) => [l, wordsOf(version, l) as Words]))))
        .digest("hex");
    // One line for each published version; lines are added, never changed.
    expect(WORDING_VERSIONS.map((version) => [version, digest(version)])).toEqual([
      [1, "ad774489307163f61a22c931521746c5e459327d6086afbb164088fc19014db0"],
    ]);
    expect(WORDING_VERSIONS).toContain(CURRENT_WORDING);
  });

  it("of a version that was never published does not exist", () => {
    expect(wordsOf(0, "it")).toBeUndefined();
    expect(wordsOf(9999, "it")).toBeUndefined();
  });
});

describe("the code list", () => {
  it("answers every refusal with one of the three things a citizen is told", () => {
    expect(Object.keys(ANSWER_TO).sort()).toEqual([...REFUSALS].sort());
    expect(new Set(Object.values(ANSWER_TO))).toEqual(new Set(REFUSAL_ANSWERS));
  });

  it("has no word twice", () => {
    for (const words of [KEYS, REFUSALS, LANGUAGES]) expect(new Set(words).size).toBe(words.length);
  });
});
