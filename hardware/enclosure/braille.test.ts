import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ASSIST_WORDS } from "#schemas/assist-words.ts";
import { wordsOf } from "#schemas/wording.ts";
import {
  BRAILLE_CELLS_MAX,
  BRAILLE_MM,
  brailleBox,
  brailleCells,
  brailleDots,
  braillePattern,
} from "./braille.ts";
import { CASE } from "./case.ts";

function pattern(text: string): string {
  const cells = brailleCells(text);
  return cells.ok ? braillePattern(cells.value) : cells.problem;
}

describe("Italian Braille", () => {
  it("writes the words of the case as a reader of Braille would", () => {
    expect(pattern("positivo")).toBe("⠏⠕⠎⠊⠞⠊⠧⠕");
    expect(pattern("negativo")).toBe("⠝⠑⠛⠁⠞⠊⠧⠕");
    expect(pattern("attesa")).toBe("⠁⠞⠞⠑⠎⠁");
    expect(pattern("perché no")).toBe("⠏⠑⠗⠉⠓⠿⠀⠝⠕");
    expect(pattern("àèéìòù")).toBe("⠷⠮⠿⠌⠬⠾");
  });

  it("gives no two letters the same cell", () => {
    const letters = [..."abcdefghijklmnopqrstuvwxyzàèéìòù"];
    expect(new Set(letters.map(pattern)).size).toBe(letters.length);
  });

  it("reads an accent written as two characters like one", () => {
    expect(pattern("e\u0301")).toBe("⠿");
  });

  it("refuses what it has no letter for, by name, and what is too long", () => {
    expect(pattern("Voce")).toBe('no Braille letter for "V"');
    expect(pattern("4")).toBe('no Braille letter for "4"');
    expect(pattern("toString".toLowerCase())).toBe("⠞⠕⠎⠞⠗⠊⠝⠛");
    expect(pattern("a".repeat(BRAILLE_CELLS_MAX))).toHaveLength(BRAILLE_CELLS_MAX);
    expect(pattern("a".repeat(BRAILLE_CELLS_MAX + 1))).toBe("longer than 16 cells");
  });

  it("throws on no text at all", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => typeof pattern(text) === "string"));
  });
});

describe("a label's dots", () => {
  it("lie 2.5 mm apart in a cell and 6 mm from cell to cell", () => {
    const dots = brailleDots({ text: "éé", x: 0, y: 0 });
    expect(dots).toHaveLength(12);
    expect(dots[1]).toEqual({ x: (dots[0]?.x ?? 0) + 0, y: 2.5 });
    expect((dots[3]?.x ?? 0) - (dots[0]?.x ?? 0)).toBe(2.5);
    expect((dots[6]?.x ?? 0) - (dots[0]?.x ?? 0)).toBe(6);
  });

  it("all lie inside its box, which is centred where the label is", () => {
    for (const label of CASE.braille) {
      const box = brailleBox(label);
      expect(box.x + box.width / 2).toBeCloseTo(label.x);
      const radius = BRAILLE_MM.dotDiameter / 2;
      for (const { x, y } of brailleDots(label)) {
        expect(x - radius).toBeGreaterThanOrEqual(box.x - 1e-9);
        expect(x + radius).toBeLessThanOrEqual(box.x + box.width + 1e-9);
        expect(y - radius).toBeGreaterThanOrEqual(box.y - 1e-9);
        expect(y + radius).toBeLessThanOrEqual(box.y + box.height + 1e-9);
      }
    }
  });
});

describe("the case's words in Braille", () => {
  it("are those engraved under the faces and spoken for the reasons", () => {
    const italian = wordsOf(1, "it");
    const labels = CASE.braille.map(({ text }) => text);
    expect(labels.slice(0, 3)).toEqual(Object.values(italian?.faces ?? {}).map((word) => word.toLowerCase()));
    expect(italian?.assist.reason).toContain(": attesa, personale, tornare, esito.");
    expect(labels.slice(3, 7)).toEqual(["attesa", "personale", "tornare", "esito"]);
    expect(labels).toContain(ASSIST_WORDS.it.name.toLowerCase());
  });
});
