/**
 * Words in uncontracted Italian Braille, and where their dots lie. Knows the letters only: labels have no digits,
 * capitals or punctuation, and a text with any is refused rather than guessed.
 *
 * Letters as in the Italian code of the Biblioteca Italiana per i Ciechi, Monza (read in liblouis,
 * tables/it-it-comp6.utb, which follows it).
 */
import { fail, ok, type Result } from "#schemas/result.ts";
import type { Box, BrailleLabel } from "./case.ts";

/** A cell: which of its dots 1 to 6 are raised, counted down the left column and then down the right one. */
export type Cell = readonly number[];

/**
 * Millimetres. The distances of dots, cells and lines are those TactileView's manual gives as most used (thinkable.nl/?p=1488: about
 * 2.5, 6 and 10); Marburg Medium, as commonly published, has the same three. Diameter and height are commonly
 * published ones too: no standard was re-checked for them.
 */
export const BRAILLE_MM = { dot: 2.5, cell: 6, line: 10, dotDiameter: 1.6, dotHeight: 0.5 } as const;

/** Longest label: eleven cells are as wide as the gap between two faces' keys allows, with room for another wording. */
export const BRAILLE_CELLS_MAX = 16;

const LETTERS: Readonly<Record<string, string>> = {
  a: "1",
  b: "12",
  c: "14",
  d: "145",
  e: "15",
  f: "124",
  g: "1245",
  h: "125",
  i: "24",
  j: "245",
  k: "13",
  l: "123",
  m: "134",
  n: "1345",
  o: "135",
  p: "1234",
  q: "12345",
  r: "1235",
  s: "234",
  t: "2345",
  u: "136",
  v: "1236",
  w: "2456",
  x: "1346",
  y: "13456",
  z: "1356",
  à: "12356",
  è: "2346",
  é: "123456",
  ì: "34",
  ò: "346",
  ù: "23456",
  " ": "",
};

/** First of Unicode's Braille patterns; the bits of dots 1 to 6 follow in order. */
const PATTERNS_FROM = 0x2800;

/** The cells of a lower-case word or words, or the first character that has none. */
export function brailleCells(text: string): Result<readonly Cell[], string> {
  const characters = [...text.normalize("NFC")];
  if (characters.length > BRAILLE_CELLS_MAX) return fail(`longer than ${BRAILLE_CELLS_MAX} cells`);
  const cells: Cell[] = [];
  for (const character of characters) {
    const dots = Object.hasOwn(LETTERS, character) ? LETTERS[character] : undefined;
    if (dots === undefined) return fail(`no Braille letter for ${JSON.stringify(character)}`);
    cells.push([...dots].map(Number));
  }
  return ok(cells);
}

/** The same cells as Unicode's Braille patterns, for texts and for comparing by eye. */
export function braillePattern(cells: readonly Cell[]): string {
  return cells
    .map((dots) =>
      String.fromCodePoint(PATTERNS_FROM + dots.reduce((bits, dot) => bits | (1 << (dot - 1)), 0)),
    )
    .join("");
}

/** Centres of a label's raised dots on the plate. @throws for a text that has no Braille; the rules name it before. */
export function brailleDots(label: BrailleLabel): readonly { readonly x: number; readonly y: number }[] {
  const cells = brailleCells(label.text);
  if (!cells.ok) throw new Error(`${label.text}: ${cells.problem}`);
  const left = label.x - dotsWidth(cells.value.length) / 2;
  return cells.value.flatMap((dots, index) =>
    dots.map((dot) => ({
      x: left + index * BRAILLE_MM.cell + (dot > 3 ? BRAILLE_MM.dot : 0),
      y: label.y + ((dot - 1) % 3) * BRAILLE_MM.dot,
    })),
  );
}

/** The room a label takes: all six dots of each cell, raised or not, with their diameter. */
export function brailleBox(label: BrailleLabel): Box {
  const width = dotsWidth([...label.text.normalize("NFC")].length) + BRAILLE_MM.dotDiameter;
  const height = 2 * BRAILLE_MM.dot + BRAILLE_MM.dotDiameter;
  return { x: label.x - width / 2, y: label.y - BRAILLE_MM.dotDiameter / 2, width, height };
}

function dotsWidth(cells: number): number {
  return (cells - 1) * BRAILLE_MM.cell + BRAILLE_MM.dot;
}
