/**
 * The sheet of what is joined by cables: supply, scanner, sound. A4 lying.
 */
import type { GuideLanguage } from "../bilingual.ts";
import { BOARDS } from "../boards.ts";
import type { End } from "../nets.ts";
import { PARTS } from "../parts.ts";
import { colourLabel } from "./keys-side.ts";
import { colourOf, wayOf, wireBetween } from "./lookup.ts";
import { box, dot, line, type Point, sheet, text, wire } from "./svg.ts";
import { ground, railTag, way } from "./symbols.ts";
import { decimal, RAILS, SOUND_WORDS, UNTRIED } from "./words.ts";

const SIZE = { width: 1_188, height: 840 } as const;

/** All supplies of the maker give a tenth more than 5 V, for the cable. */
const SUPPLY_VOLTS = 5.1;

type Block = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

const BLOCKS: Readonly<Record<"A1" | "G1" | "U3" | "U4" | "X1" | "U5" | "LS1", Block>> = {
  A1: { x: 40, y: 100, width: 200, height: 300 },
  G1: { x: 40, y: 470, width: 200, height: 96 },
  U3: { x: 370, y: 110, width: 190, height: 80 },
  U4: { x: 370, y: 260, width: 150, height: 140 },
  X1: { x: 640, y: 260, width: 170, height: 150 },
  U5: { x: 950, y: 260, width: 180, height: 150 },
  LS1: { x: 950, y: 76, width: 180, height: 94 },
};

/** Where each terminal sits, and on which side of its block its name is written. */
const TERMINALS: Readonly<
  Record<string, { readonly at: Point; readonly side: "left" | "right" | "top" | "bottom" }>
> = {
  "A1.USB1": { at: [240, 150], side: "right" },
  "A1.USB2": { at: [240, 330], side: "right" },
  "A1.PWR": { at: [140, 400], side: "bottom" },
  "G1.OUT": { at: [140, 470], side: "top" },
  "U3.USB": { at: [370, 150], side: "left" },
  "U4.USB": { at: [370, 330], side: "left" },
  "U4.L": { at: [520, 295], side: "right" },
  "U4.R": { at: [520, 330], side: "right" },
  "U4.G": { at: [520, 365], side: "right" },
  "X1.T": { at: [640, 295], side: "left" },
  "X1.R": { at: [640, 330], side: "left" },
  "X1.S": { at: [640, 365], side: "left" },
  "X1.TN": { at: [810, 295], side: "right" },
  "X1.NO": { at: [680, 410], side: "bottom" },
  "X1.COM": { at: [770, 410], side: "bottom" },
  "U5.INL": { at: [950, 295], side: "left" },
  "U5.ING": { at: [950, 365], side: "left" },
  "U5.5V": { at: [1_000, 410], side: "bottom" },
  "U5.GND": { at: [1_080, 410], side: "bottom" },
  "U5.OUTL+": { at: [1_000, 260], side: "top" },
  "U5.OUTL-": { at: [1_080, 260], side: "top" },
  "LS1.+": { at: [1_000, 170], side: "bottom" },
  "LS1.-": { at: [1_080, 170], side: "bottom" },
};

function at(end: End): Point {
  const found = TERMINALS[end];
  if (found === undefined) throw new Error(`the sheet has no place for ${end}`);
  return found.at;
}

function nameOf(ref: string, language: GuideLanguage): string {
  return PARTS.find((part) => part.ref === ref)?.name[language] ?? "";
}

function blockDrawing(ref: keyof typeof BLOCKS, language: GuideLanguage): string {
  const { x, y, width, height } = BLOCKS[ref];
  const middle = x + width / 2;
  const centre = y + height / 2;
  return [
    box([x, y], { width, height }, { fill: "#f7f7ef", radius: 6 }),
    text([middle, centre - 2], ref, { size: 17, anchor: "middle", bold: true }),
    text([middle, centre + 16], nameOf(ref, language), { size: 12, anchor: "middle" }),
  ].join("");
}

function terminalDrawing(end: string): string {
  const found = TERMINALS[end];
  if (found === undefined) return "";
  const {
    at: [x, y],
    side,
  } = found;
  const name = end.slice(end.indexOf(".") + 1);
  const label: Readonly<Record<typeof side, () => string>> = {
    left: () => text([x + 8, y + 4], name, { size: 12 }),
    right: () => text([x - 8, y + 4], name, { size: 12, anchor: "end" }),
    top: () => text([x, y + 16], name, { size: 12, anchor: "middle" }),
    bottom: () => text([x, y - 8], name, { size: 12, anchor: "middle" }),
  };
  return label[side]() + dot([x, y]);
}

/** A wire of the wiring, straight or by the points given. @throws when the wiring has no such wire. */
function joined(from: End, to: End, language: GuideLanguage, label: Point | null = null, words = ""): string {
  const { colour } = wireBetween(from, to);
  const shown = words === "" ? colourLabel(colour, language) : words;
  return (
    wire([at(from), at(to)], colour) +
    (label === null ? "" : text(label, shown, { size: 12, anchor: "middle" }))
  );
}

function cables(language: GuideLanguage): readonly string[] {
  const sleeve = wireBetween("X1.S", "U5.ING").colour;
  return [
    joined("G1.OUT", "A1.PWR", language, [196, 440], `${decimal(SUPPLY_VOLTS, language)} V`),
    joined("A1.USB1", "U3.USB", language, [305, 141], "USB"),
    joined("A1.USB2", "U4.USB", language, [305, 321], "USB"),
    joined("U4.L", "X1.T", language),
    joined("U4.R", "X1.R", language),
    joined("U4.G", "X1.S", language),
    text([580, 285], `${decimal(3.5, language)} mm`, { size: 12, anchor: "middle" }),
    joined("X1.TN", "U5.INL", language),
    // The sleeve goes on to the amplifier: around the socket, below its terminals.
    wire([[556, 365], [556, 474], [870, 474], [870, 365], at("U5.ING")], sleeve),
    dot([556, 365]),
    joined("U5.OUTL+", "LS1.+", language, [952, 220]),
    joined("U5.OUTL-", "LS1.-", language, [1_128, 220]),
  ];
}

/** What leads to the interface board: 5 V and ground of the amplifier, and the headphone contact. */
function toInterfaceBoard(language: GuideLanguage): readonly string[] {
  const y = 510;
  const [plus, minus, no, com] = (["U5.5V", "U5.GND", "X1.NO", "X1.COM"] as const).map(
    (end) => at(end)[0],
  ) as [number, number, number, number];
  return [
    box([640, y], { width: 200, height: 66 }, { dash: "10 6", fill: "none", radius: 6 }),
    box([950, y], { width: 180, height: 66 }, { dash: "10 6", fill: "none", radius: 6 }),
    text([832, y + 57], "A2", { size: 13, bold: true, anchor: "end" }),
    text([1_122, y + 57], "A2", { size: 13, bold: true, anchor: "end" }),
    wire([at("U5.5V"), [plus, y]], colourOf("U5.5V")),
    wire([at("U5.GND"), [minus, y]], colourOf("U5.GND")),
    text([plus - 8, 462], colourLabel(colourOf("U5.5V"), language), { size: 12, anchor: "end" }),
    text([minus + 8, 462], colourLabel(colourOf("U5.GND"), language), { size: 12 }),
    line([
      [plus, y],
      [plus, y + 30],
    ]),
    railTag([plus, y + 36], "5V", RAILS["5V"][language]),
    line([
      [minus, y],
      [minus, y + 26],
    ]),
    ground([minus, y + 26]),
    way([plus, y], wayOf("A2.5V", "U5.5V")),
    way([minus, y], wayOf("A2.GND", "U5.GND")),
    text([plus + 40, y - 16], "J3", { size: 13, bold: true, anchor: "middle" }),
    wire([at("X1.NO"), [no, y]], colourOf("X1.NO")),
    wire([at("X1.COM"), [com, y]], "BK"),
    text([no - 8, 446], colourLabel(colourOf("X1.NO"), language), { size: 12, anchor: "end" }),
    text([com + 8, 446], SOUND_WORDS.ring[language], { size: 12 }),
    way([no, y], wayOf("R20.2", "X1.NO")),
    way([com, y], wayOf("X1.COM", "A2.GND")),
    text([com + 40, y - 14], "J1", { size: 13, bold: true, anchor: "middle" }),
    text([648, y + 34], SOUND_WORDS.toSheet[language], { size: 12 }),
  ];
}

const COLUMNS = [40, 280, 400, 530] as const;

/** What each board needs and lacks. */
function boardTable(language: GuideLanguage): readonly string[] {
  const top = 650;
  const rows = BOARDS.map(({ name, supply, lacks }) => [
    name,
    `${decimal(SUPPLY_VOLTS, language)} V ${decimal(supply.milliamps / 1_000, language)} A`,
    supply.usbMilliamps === null ? SOUND_WORDS.bySupply[language] : `${supply.usbMilliamps} mA`,
    lacks.length === 0 ? SOUND_WORDS.nothing[language] : "",
  ]);
  const head = [SOUND_WORDS.board, SOUND_WORDS.supply, SOUND_WORDS.usb, SOUND_WORDS.lacks].map(
    (words) => words[language],
  );
  const cells = (row: readonly string[], y: number, bold: boolean) =>
    row.map((cell, index) => text([COLUMNS[index] ?? 0, y], cell, { size: 12, bold }));
  let y = top;
  const drawn: string[] = cells(head, y, true).concat(
    line(
      [
        [40, y + 7],
        [1_148, y + 7],
      ],
      { width: 1 },
    ),
  );
  for (const [index, row] of rows.entries()) {
    y += 22;
    drawn.push(...cells(row, y, false));
    const lacks = BOARDS[index]?.lacks ?? [];
    for (const [at, each] of lacks.entries()) {
      if (at > 0) y += 16;
      drawn.push(text([COLUMNS[3], y], each[language], { size: 12 }));
    }
  }
  return drawn;
}

export function soundSheet(language: GuideLanguage): string {
  const title = SOUND_WORDS.title[language];
  return sheet({ title, description: SOUND_WORDS.description[language], language }, SIZE, [
    text([24, 40], title, { size: 24, bold: true }),
    text([24, 64], UNTRIED[language], { size: 13, bold: true }),
    ...(Object.keys(BLOCKS) as readonly (keyof typeof BLOCKS)[]).map((ref) => blockDrawing(ref, language)),
    ...cables(language),
    ...toInterfaceBoard(language),
    ...Object.keys(TERMINALS).map(terminalDrawing),
    text([40, 610], SOUND_WORDS.notes[language], { size: 12 }),
    ...boardTable(language),
  ]);
}
