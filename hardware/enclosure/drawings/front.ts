/**
 * The front view with every position: distances from the plate's upper left corner to the left and above, heights above
 * the floor to the right.
 */
import type { Bilingual, GuideLanguage } from "../../bilingual.ts";
import { bubble, dimension, line, ordinate, rect, scaled, sheet, text } from "../../sheet.ts";
import type { Case } from "../case.ts";
import { heightOf } from "../geometry.ts";
import { hoodPlaces } from "../rules.ts";
import { plateView } from "./plate.ts";

const SCALE = 1 / 3;
const ORIGIN = { x: 36, y: 56 };

export function frontDrawing(built: Case, language: GuideLanguage): string {
  const body = [
    wings(built),
    scaled(ORIGIN, SCALE, plateView(built)),
    ordinates(built, language),
    sizes(built),
    legend(built, language),
  ].join("\n");
  return sheet(
    {
      title: { it: "cassa, vista di fronte", en: "case, front view" },
      note: {
        it: "Misure in mm lungo la piastra, dall'angolo in alto a sinistra; a destra le altezze dal pavimento.",
        en: "Sizes in mm along the plate, from its upper left corner; on the right, heights above the floor.",
      },
      scale: "1:3 · A4",
      width: 210,
      height: 297,
      body,
    },
    language,
  );
}

function onSheet(x: number, y: number) {
  return { x: ORIGIN.x + x * SCALE, y: ORIGIN.y + y * SCALE };
}

function wings({ plate, wings: { aboveUpperEdge, thickness } }: Case): string {
  const shown = Math.max(thickness, 6);
  return [-shown, plate.width]
    .map((x) => {
      const at = onSheet(x, -aboveUpperEdge);
      const height = (plate.height + aboveUpperEdge) * SCALE;
      return rect({ ...at, width: shown * SCALE, height }, `fill="#cdd6de"`);
    })
    .join("");
}

function ordinates(built: Case, language: GuideLanguage): string {
  const { plate } = built;
  const left = onSheet(-20, 0).x;
  const right = onSheet(plate.width + 20, 0).x;
  const top = onSheet(0, -70).y;
  const rows = sorted([
    ...built.keys.map(({ y }) => y),
    ...hoodPlaces(built).map(({ y }) => y),
    ...built.pictograms.map(({ y, height }) => y + height / 2),
    ...built.braille.map(({ y }) => y),
    built.headphones.y,
  ]);
  const columns = sorted([...built.keys.map(({ x }) => x), built.plate.width]);
  const controls = sorted([...built.keys.map(({ y }) => y), 0, plate.height]);
  return [
    ...rows.map((y) => ordinate(onSheet(0, y), { x: left, y: onSheet(0, y).y }, String(y))),
    ...columns.map((x) => ordinate(onSheet(x, 0), { x: onSheet(x, 0).x, y: top }, String(x))),
    ...controls.map((y) =>
      ordinate(
        onSheet(plate.width, y),
        { x: right, y: onSheet(0, y).y },
        `${language === "it" ? "da terra" : "floor +"} ${heightOf(built, y).toFixed(0)}`,
      ),
    ),
  ].join("");
}

function sizes({ plate, wings: { aboveUpperEdge } }: Case): string {
  const below = onSheet(0, plate.height).y + 6;
  const corner = onSheet(0, -aboveUpperEdge);
  const side = onSheet(-52, 0).x;
  return [
    dimension({ x: ORIGIN.x, y: below }, { x: onSheet(plate.width, 0).x, y: below }, String(plate.width)),
    dimension({ x: side, y: ORIGIN.y }, { x: side, y: onSheet(0, plate.height).y }, String(plate.height)),
    line(side - 1, corner.y, corner.x - 3, corner.y, `stroke-width="0.13"`),
    dimension({ x: side, y: corner.y }, { x: side, y: ORIGIN.y }, String(aboveUpperEdge)),
  ].join("");
}

function legend(built: Case, language: GuideLanguage): string {
  const { scannerWindow, speaker, headphones, hoods, wings: side } = built;
  const hood = hoodPlaces(built)[0] ?? { x: 0, y: 0 };
  const first = built.keys[0] ?? { holeMm: 0, sizeMm: 0 };
  const items: readonly (readonly [{ readonly x: number; readonly y: number }, Bilingual])[] = [
    [
      { x: hood.x + 22, y: hood.y },
      {
        it: `spia del motivo, arretrata di ${hoods.setBack} mm dietro un foro di ${hoods.openingMm} mm: si vede solo di fronte`,
        en: `reason's lamp, set back ${hoods.setBack} mm behind an opening of ${hoods.openingMm} mm: seen from the front only`,
      },
    ],
    [
      { x: scannerWindow.x + scannerWindow.width + 14, y: scannerWindow.y + 28 },
      {
        it: `finestra del lettore ${scannerWindow.width} × ${scannerWindow.height}, lastra trasparente incassata`,
        en: `scanner window ${scannerWindow.width} × ${scannerWindow.height}, clear pane set in flush`,
      },
    ],
    [
      { x: speaker.x + speaker.width + 14, y: speaker.y + 10 },
      {
        it: `altoparlante, fori da ${speaker.holeMm} mm ogni ${speaker.pitch} mm`,
        en: `loudspeaker, holes of ${speaker.holeMm} mm every ${speaker.pitch} mm`,
      },
    ],
    [
      { x: headphones.x + 22, y: headphones.y },
      {
        it: `presa cuffie, foro ${headphones.holeMm} mm`,
        en: `headphone socket, hole ${headphones.holeMm} mm`,
      },
    ],
    [
      { x: built.plate.width - 12, y: 12 },
      {
        it: `ali profonde ${side.upperDepth} mm ai due lati: nascondono la mano a chi sta di fianco`,
        en: `wings ${side.upperDepth} mm deep on both sides: they hide the hand from who stands beside`,
      },
    ],
  ];
  const top = onSheet(0, built.plate.height).y + 14;
  const holes: Bilingual = {
    it: `Fori dei tasti ${first.holeMm} mm: misuri il tasto comprato prima di tagliare. Sotto ogni tasto la parola in Braille, mai sopra.`,
    en: `Key holes ${first.holeMm} mm: measure the button bought before cutting. Below each key its word in Braille, never on it.`,
  };
  return [
    ...items.map(([at], index) => {
      const place = onSheet(at.x, at.y);
      return bubble(place.x, place.y, String(index + 1));
    }),
    ...items.flatMap(([, words], index) => [
      bubble(20, top + index * 5.6, String(index + 1)),
      text(25, top + index * 5.6 + 1, 2.8, words[language]),
    ]),
    text(18, top + items.length * 5.6 + 1, 2.8, holes[language], { bold: true }),
  ].join("");
}

function sorted(values: readonly number[]): readonly number[] {
  return [...new Set(values)].toSorted((a, b) => a - b);
}
