/**
 * The cut-out template at 1:1 on A2: printed at 100 %, stuck on the plate, centres punched through. The back of the keys
 * is dashed, so that nobody cuts where a cap will stand.
 */
import type { GuideLanguage } from "../../bilingual.ts";
import { BLOCK_ROOM, circle, FAINT, line, path, rect, scaled, sheet, text } from "../../sheet.ts";
import type { Box, Case } from "../case.ts";
import { hoodPlaces } from "../rules.ts";
import { capPath } from "../shapes.ts";
import { speakerHoles } from "./plate.ts";

const WIDTH = 420;
const HEIGHT = 594;
/** A ruler long enough to show a printer that scales by a few per cent. */
const CHECK_MM = 200;

export function templateDrawing(built: Case, language: GuideLanguage): string {
  const { plate } = built;
  const origin = { x: (WIDTH - plate.width) / 2, y: 14 };
  const holes = [
    ...built.keys.map(({ x, y, holeMm }) => ({ x, y, holeMm })),
    ...hoodPlaces(built).map(({ x, y }) => ({ x, y, holeMm: built.hoods.openingMm })),
    { ...built.headphones },
    ...screws(built),
  ];
  const body = [
    rect({ x: 0, y: 0, width: plate.width, height: plate.height }, `rx="${plate.cornerRadius}"`),
    ...built.keys.map(
      ({ x, y, shape, sizeMm }) =>
        `<g transform="translate(${x} ${y})">${path(capPath(shape, sizeMm), `stroke="${FAINT}" stroke-dasharray="2 2" stroke-width="0.2"`)}</g>`,
    ),
    ...holes.map(hole),
    ...[...built.pictograms, built.scannerWindow].map(cutOut),
    grille(built.speaker),
  ].join("\n");
  return sheet(
    {
      title: { it: "dima di foratura della piastra", en: "cut-out template of the plate" },
      note: {
        it: "Linea continua: taglio. Tratteggio: ingombro dei cappucci, non tagliare. Misuri i tasti comprati prima di forare.",
        en: "Solid line: cut. Dashed: the caps' room, do not cut. Measure the buttons bought before drilling.",
      },
      scale: "1:1 · A2",
      width: WIDTH,
      height: HEIGHT,
      body: `${scaled(origin, 1, body)}${check(language)}`,
    },
    language,
  );
}

/** Where screws hold the plate on the case. */
export function screws({ plate }: Case): readonly { x: number; y: number; holeMm: number }[] {
  const { screwInset, screwHoleMm, width, height } = plate;
  return [screwInset, width - screwInset].flatMap((x) =>
    [screwInset, height / 2, height - screwInset].map((y) => ({ x, y, holeMm: screwHoleMm })),
  );
}

function hole({ x, y, holeMm }: { readonly x: number; readonly y: number; readonly holeMm: number }): string {
  const reach = holeMm / 2 + 3;
  return [
    circle(x, y, holeMm / 2, `stroke-width="0.4"`),
    line(x - reach, y, x + reach, y, `stroke-width="0.15"`),
    line(x, y - reach, x, y + reach, `stroke-width="0.15"`),
    x > WIDTH * 0.9
      ? text(x - holeMm / 2 - 0.8, y - 1.2, 3, `⌀${holeMm}`, { anchor: "end" })
      : text(x + holeMm / 2 + 0.8, y - 1.2, 3, `⌀${holeMm}`),
  ].join("");
}

function cutOut(box: Box): string {
  const { x, y, width, height } = box;
  return [
    rect(box, `stroke-width="0.4"`),
    line(x + width / 2 - 3, y + height / 2, x + width / 2 + 3, y + height / 2, `stroke-width="0.15"`),
    line(x + width / 2, y + height / 2 - 3, x + width / 2, y + height / 2 + 3, `stroke-width="0.15"`),
    text(x + width / 2, y + height / 2 + 8, 3.2, `${width} × ${height}`, { anchor: "middle" }),
  ].join("");
}

function grille(box: Case["speaker"]): string {
  const holes = speakerHoles(box).map(({ x, y }) => circle(x, y, box.holeMm / 2, `stroke-width="0.3"`));
  const words = `${holes.length} × ⌀${box.holeMm} / ${box.pitch}`;
  return `${holes.join("")}${text(box.x + box.width / 2, box.y + box.height + 5, 3, words, { anchor: "middle" })}`;
}

function check(language: GuideLanguage): string {
  const y = HEIGHT - BLOCK_ROOM - 16;
  const x = 14;
  const ticks = Array.from({ length: CHECK_MM / 10 + 1 }, (_, index) =>
    line(x + index * 10, y, x + index * 10, y + (index % 5 === 0 ? 5 : 3), `stroke-width="0.25"`),
  );
  const words =
    language === "it"
      ? `Righello di ${CHECK_MM} mm: se non misura ${CHECK_MM} mm, la stampa è da rifare al 100 %.`
      : `Ruler of ${CHECK_MM} mm: if it does not measure ${CHECK_MM} mm, print again at 100 %.`;
  return `${line(x, y, x + CHECK_MM, y, `stroke-width="0.25"`)}${ticks.join("")}${text(x, y + 10, 4, words)}`;
}
