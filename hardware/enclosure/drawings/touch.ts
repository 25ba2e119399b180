/**
 * Caps and Braille at their real size, to be held against what was made; below, one Braille cell enlarged.
 */
import { FACES } from "#schemas/code-list.ts";
import { type Bilingual, figure, type GuideLanguage } from "../../bilingual.ts";
import { circle, dimension, FAINT, line, rect, sheet, text } from "../../sheet.ts";
import { BRAILLE_MM, brailleBox, brailleCells, brailleDots, braillePattern } from "../braille.ts";
import type { Case, CaseKey } from "../case.ts";
import { capBox } from "../geometry.ts";
import { RELIEF_MM } from "../shapes.ts";
import { capView, dot } from "./plate.ts";

const NAMES: Readonly<Record<CaseKey["key"], Bilingual>> = {
  green: { it: "verde: cerchio che sorride", en: "green: circle that smiles" },
  yellow: { it: "giallo: quadrato, bocca dritta", en: "yellow: square, straight mouth" },
  red: { it: "rosso: triangolo, bocca in giù", en: "red: triangle, mouth down" },
  wait: { it: "attesa", en: "waiting" },
  staff: { it: "personale", en: "staff" },
  return: { it: "tornare", en: "coming back" },
  outcome: { it: "esito", en: "outcome" },
  assist: { it: "assistenza: rombo", en: "assistance: diamond" },
};

const PLACES: Readonly<Record<CaseKey["key"], { readonly x: number; readonly y: number }>> = {
  green: { x: 46, y: 46 },
  yellow: { x: 112, y: 46 },
  assist: { x: 170, y: 46 },
  red: { x: 50, y: 128 },
  wait: { x: 115, y: 108 },
  staff: { x: 170, y: 108 },
  return: { x: 115, y: 156 },
  outcome: { x: 170, y: 156 },
};

export function touchDrawing(built: Case, language: GuideLanguage): string {
  return sheet(
    {
      title: { it: "sagome e Braille, scala 1:1", en: "shapes and Braille, scale 1:1" },
      note: {
        it: `Rilievo dei cappucci ${figure(RELIEF_MM.height, "it")} mm, tratto ${RELIEF_MM.line} mm. Da provare con chi legge al tatto.`,
        en: `Relief of the caps ${RELIEF_MM.height} mm, lines ${RELIEF_MM.line} mm. To be tried with people who read by touch.`,
      },
      scale: "1:1 · A4",
      width: 210,
      height: 297,
      body: [...built.keys.map((key) => cap(key, language)), words(built), cell(language)].join("\n"),
    },
    language,
  );
}

function cap(key: CaseKey, language: GuideLanguage): string {
  const placed = { ...key, ...PLACES[key.key] };
  const box = capBox(placed);
  const below = box.y + box.height + 4;
  const isFace = FACES.some((face) => face === key.key);
  const bars = key.bars === 0 ? "" : ` · ${key.bars} ${(key.bars === 1 ? BAR : BARS)[language]}`;
  return [
    capView(placed),
    dimension({ x: box.x, y: below }, { x: box.x + box.width, y: below }, figure(box.width, language)),
    text(placed.x, below + 5.5, isFace ? 3.2 : 3, `${NAMES[key.key][language]}${bars}`, { anchor: "middle" }),
  ].join("");
}

const BAR: Bilingual = { it: "barra", en: "bar" };
const BARS: Bilingual = { it: "barre", en: "bars" };

function words(built: Case): string {
  return built.braille
    .map((label, index) => {
      const row = index % 5;
      const box = brailleBox(label);
      const left = 18 + Math.floor(index / 5) * 72;
      const moved = { ...label, x: left + box.width / 2, y: 192 + row * 13 };
      const cells = brailleCells(label.text);
      const pattern = cells.ok ? braillePattern(cells.value) : "";
      return [
        ...brailleDots(moved).map(({ x, y }) => dot(x, y)),
        text(left, moved.y - 2.4, 2.4, `${label.text}  ${pattern}`, { colour: FAINT }),
      ].join("");
    })
    .join("\n");
}

/** Two cells enlarged, all six places drawn. */
function cell(language: GuideLanguage): string {
  const factor = 3.2;
  const origin = { x: 163, y: 196 };
  const at = (column: number, row: number, cellIndex: number) => ({
    x: origin.x + (cellIndex * BRAILLE_MM.cell + column * BRAILLE_MM.dot) * factor,
    y: origin.y + row * BRAILLE_MM.dot * factor,
  });
  const radius = (BRAILLE_MM.dotDiameter / 2) * factor;
  const places = [0, 1].flatMap((cellIndex) =>
    [0, 1].flatMap((column) =>
      [0, 1, 2].map((row) => ({ ...at(column, row, cellIndex), row, column, cellIndex })),
    ),
  );
  const bottom = at(0, 2, 0).y + 8;
  const left = at(0, 0, 0);
  const lines: Bilingual = {
    it: `punto ⌀ ${figure(BRAILLE_MM.dotDiameter, "it")}, alto ${figure(BRAILLE_MM.dotHeight, "it")} mm`,
    en: `dot ⌀ ${BRAILLE_MM.dotDiameter}, ${BRAILLE_MM.dotHeight} mm high`,
  };
  return [
    rect({ x: 156, y: 186, width: 42, height: 60 }, `stroke="${FAINT}" stroke-width="0.2" rx="2"`),
    ...places.map(({ x, y }) => circle(x, y, radius, `fill="#dfe7ee" stroke-width="0.2"`)),
    ...places
      .filter(({ cellIndex }) => cellIndex === 0)
      .map(({ x, y, row, column }) =>
        text(x, y + 1, 2.6, String(column * 3 + row + 1), { anchor: "middle" }),
      ),
    dimension({ x: left.x, y: bottom }, { x: at(1, 0, 0).x, y: bottom }, figure(BRAILLE_MM.dot, language)),
    dimension(
      { x: left.x, y: bottom + 7 },
      { x: at(0, 0, 1).x, y: bottom + 7 },
      figure(BRAILLE_MM.cell, language),
    ),
    line(at(0, 0, 1).x, at(0, 2, 1).y + 4, at(0, 0, 1).x, bottom + 8, `stroke-width="0.13"`),
    line(left.x, at(0, 2, 0).y + 4, left.x, bottom + 8, `stroke-width="0.13"`),
    text(177, bottom + 13, 2.6, lines[language], { anchor: "middle" }),
    text(177, bottom + 17, 2.6, SCALE_NOTE[language], { anchor: "middle", colour: FAINT }),
  ].join("");
}

const SCALE_NOTE: Bilingual = { it: "(ingrandito, misure in mm)", en: "(enlarged, sizes in mm)" };
