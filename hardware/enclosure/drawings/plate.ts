/**
 * The front plate as a citizen sees it, in the plate's own millimetres: what the front view, the manual's pictures and
 * the sheet of shapes have in common.
 */
import { ASSIST_WORDS } from "#schemas/assist-words.ts";
import { FACES, type Face } from "#schemas/code-list.ts";
import { PICTOGRAM_FIELD, PICTOGRAM_LINES } from "#schemas/pictograms.ts";
import { CURRENT_WORDING, type Words, wordsOf } from "#schemas/wording.ts";
import type { GuideLanguage } from "../../bilingual.ts";
import { circle, INK, line, path, rect, text } from "../../sheet.ts";
import { BRAILLE_MM, brailleDots } from "../braille.ts";
import type { Box, Case, CaseKey } from "../case.ts";
import { hoodPlaces } from "../rules.ts";
import { barLines, capPath, FACE_RELIEFS, RELIEF_DOT_MM, RELIEF_MM, SMALL_RELIEFS } from "../shapes.ts";

const FACE_COLOURS: Readonly<Record<Face, string>> = { green: "#8fd19e", yellow: "#ffe08a", red: "#f2a0a0" };
const CAP = "#eef2f6";

/** What a plate is engraved with: Italian, and English below it in small. Another wording is another plate. */
function engraved(language: GuideLanguage): Words {
  const words = wordsOf(CURRENT_WORDING, language);
  if (words === undefined) throw new Error(`no wording in ${language}`);
  return words;
}

export function plateView(built: Case): string {
  const { plate } = built;
  return [
    rect(
      { x: 0, y: 0, width: plate.width, height: plate.height },
      `rx="${plate.cornerRadius}" fill="#fbfcfd"`,
    ),
    question(built),
    ...built.pictograms.map((box) => pictogram(box)),
    ...built.keys.map(capView),
    ...keyLabels(built),
    ...hoodPlaces(built).map(({ x, y }) => hood(x, y, built.hoods.openingMm)),
    scanner(built.scannerWindow),
    speaker(built.speaker),
    circle(built.headphones.x, built.headphones.y, built.headphones.holeMm / 2 + 3, `fill="${CAP}"`),
    circle(built.headphones.x, built.headphones.y, built.headphones.holeMm / 2, `fill="#444"`),
    ...built.braille.flatMap(brailleDots).map(({ x, y }) => dot(x, y)),
  ].join("\n");
}

/** A cap with its relief, where it stands on the plate. */
export function capView(key: CaseKey): string {
  const face = FACES.find((name) => name === key.key);
  const fill = face === undefined ? CAP : FACE_COLOURS[face];
  const inside = face === undefined ? smallRelief(key) : faceRelief(face);
  return `<g transform="translate(${key.x} ${key.y})">${path(capPath(key.shape, key.sizeMm), `fill="${fill}"`)}${inside}</g>`;
}

/** One raised dot of Braille. */
export function dot(x: number, y: number): string {
  return circle(x, y, BRAILLE_MM.dotDiameter / 2, `fill="${INK}" stroke="none"`);
}

function faceRelief(face: Face): string {
  const { lines, dots } = FACE_RELIEFS[face];
  return [
    path(lines, `stroke-width="${RELIEF_MM.line}"`),
    ...dots.map(({ x, y }) => circle(x, y, RELIEF_DOT_MM, `fill="${INK}" stroke="none"`)),
  ].join("");
}

function smallRelief({ key, bars }: CaseKey): string {
  const drawing = key in SMALL_RELIEFS ? SMALL_RELIEFS[key as keyof typeof SMALL_RELIEFS] : "";
  return [
    path(drawing, `stroke-width="1.4"`),
    ...barLines(bars).map(({ x, y, length }) => line(x, y, x, y + length, `stroke-width="2"`)),
  ].join("");
}

function question({ plate }: Case): string {
  const middle = plate.width / 2;
  return [
    text(middle, 30, 13, engraved("it").question, { anchor: "middle", bold: true }),
    text(middle, 44, 8, engraved("en").question, { anchor: "middle" }),
  ].join("");
}

function keyLabels(built: Case): readonly string[] {
  const [it, en] = [engraved("it"), engraved("en")];
  const faces = built.keys.filter((key) => FACES.some((name) => name === key.key));
  const below = Math.max(...faces.map(({ y }) => y)) + 44;
  const reasonY = Math.max(...hoodPlaces(built).map(({ y }) => y));
  return [
    ...FACES.flatMap((face) => {
      const x = faces.find(({ key }) => key === face)?.x ?? 0;
      return twoLanguages(x, below - 2, it.faces[face], en.faces[face], 8.5);
    }),
    ...twoLanguages(built.plate.width / 2, reasonY - 24, it.reasonQuestion, en.reasonQuestion, 8.5),
    ...hoodPlaces(built).flatMap(({ key, x }) => {
      const name = key as keyof typeof SMALL_RELIEFS & keyof Words["reasons"];
      return twoLanguages(x, reasonY + 56, it.reasons[name], en.reasons[name], 5.3);
    }),
    ...captions(built),
  ];
}

function captions(built: Case): readonly string[] {
  const y = built.scannerWindow.y + built.scannerWindow.height + 7;
  return [
    ...built.keys
      .filter(({ key }) => key === "assist")
      // The name alone would promise a person who comes.
      .flatMap(({ x }) => twoLanguages(x, y, inFull(ASSIST_WORDS.it), inFull(ASSIST_WORDS.en), 5.2)),
    ...twoLanguages(
      built.scannerWindow.x + built.scannerWindow.width / 2,
      y,
      "Codice della ricevuta",
      "Code of the receipt",
      5.6,
    ),
    ...twoLanguages(built.headphones.x, y, "Cuffie", "Headphones", 5.6),
  ];
}

function inFull({ name, hint }: (typeof ASSIST_WORDS)["it"]): string {
  return `${name}: ${hint}`;
}

/** Italian, and English in small below it. */
function twoLanguages(x: number, y: number, it: string, en: string, sizeMm: number): readonly string[] {
  return [
    text(x, y, sizeMm, it, { anchor: "middle", bold: true }),
    text(x, y + sizeMm * 0.95, sizeMm * 0.75, en, { anchor: "middle" }),
  ];
}

function pictogram(box: Case["pictograms"][number]): string {
  const label = { it: engraved("it").pictograms[box.name], en: engraved("en").pictograms[box.name] };
  return [
    rect(box, `rx="5" fill="#fff"`),
    `<g transform="translate(${box.x + box.width * 0.1} ${box.y + box.height * 0.1}) scale(${(box.width * 0.8) / PICTOGRAM_FIELD})" stroke-width="2">${path(PICTOGRAM_LINES[box.name])}</g>`,
    ...twoLanguages(box.x + box.width / 2, box.y + box.height + 8, label.it, label.en, 6),
  ].join("");
}

function hood(x: number, y: number, openingMm: number): string {
  return `${circle(x, y, openingMm / 2 + 2.5, `fill="${CAP}"`)}${circle(x, y, openingMm / 2, `fill="#555"`)}`;
}

function scanner(box: Box): string {
  const { x, y, width, height } = box;
  return `${rect(box, `rx="6" fill="#dfe7ee"`)}${rect({ x: x + 14, y: y + 12, width: width - 28, height: height - 24 }, `rx="3" fill="#33414e"`)}`;
}

function speaker(box: Case["speaker"]): string {
  return speakerHoles(box)
    .map(({ x, y }) => circle(x, y, box.holeMm / 2, `fill="#444" stroke="none"`))
    .join("");
}

/** Centres of the loudspeaker's holes, row by row. */
export function speakerHoles(box: Case["speaker"]): readonly { readonly x: number; readonly y: number }[] {
  const columns = Math.floor((box.width - box.holeMm) / box.pitch) + 1;
  const rows = Math.floor((box.height - box.holeMm) / box.pitch) + 1;
  const left = box.x + (box.width - (columns - 1) * box.pitch) / 2;
  const top = box.y + (box.height - (rows - 1) * box.pitch) / 2;
  return Array.from({ length: columns * rows }, (_, index) => ({
    x: left + (index % columns) * box.pitch,
    y: top + Math.floor(index / columns) * box.pitch,
  }));
}
