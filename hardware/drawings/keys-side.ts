/**
 * The left half of the sheet: every key from its pin to its contact, with what stands in between.
 */
import { KEYS } from "#schemas/code-list.ts";
import type { GuideLanguage } from "../bilingual.ts";
import { physicalPin } from "../boards.ts";
import { PULL_UP_OHMS, SERIES_OHMS } from "../kinds/electronics.ts";
import type { End, WireColour } from "../nets.ts";
import { KEY_NAMES, KEY_REFS } from "../parts.ts";
import { HEADPHONES_PIN, KEY_PINS } from "../wiring.ts";
import { leaveY } from "./header.ts";
import { colourOf, terminalAt, wayOf } from "./lookup.ts";
import { ring } from "./ring.ts";
import { routes } from "./routes.ts";
import { box, dot, line, type Point, text, wire } from "./svg.ts";
import { capacitorDown, contact, ground, pullUp, resistorAcross, suppressorDown, way } from "./symbols.ts";
import { COLOUR_NAMES, ohms, RAILS, WIRING_WORDS } from "./words.ts";

const ROWS = { firstY: 186, pitch: 84 } as const;
/** From the header leftwards. */
const X = {
  nearChannel: 712,
  farChannel: 640,
  row: 626,
  capacitor: 616,
  series: 550,
  pullUp: 504,
  suppressor: 440,
  way: 386,
  contact: 196,
  ring: 118,
  name: 14,
} as const;

type Row = {
  readonly number: number;
  readonly ref: string;
  readonly physical: number;
  readonly lines: readonly string[];
  readonly y: number;
};

/** Keys and headphone contact from the header's top to its bottom. */
function rows(language: GuideLanguage): readonly Row[] {
  const keys = KEYS.map((key, index) => ({
    number: index + 1,
    ref: KEY_REFS[key],
    physical: physicalPin(KEY_PINS[key]),
    lines: KEY_NAMES[key][language].split(": "),
  }));
  const headphones = {
    number: KEYS.length + 1,
    ref: "X1",
    physical: physicalPin(HEADPHONES_PIN),
    lines: WIRING_WORDS.plugged[language].split(/: | (?=con|with)/),
  };
  return [...keys, headphones]
    .toSorted((one, other) => leaveY(one.physical, "left") - leaveY(other.physical, "left"))
    .map((row, index) => ({ ...row, y: ROWS.firstY + index * ROWS.pitch }));
}

/** What stands on the interface board for one row. */
function onBoard(row: Row, language: GuideLanguage): readonly string[] {
  const { number, y } = row;
  const volts = RAILS["3V3"][language];
  const suppressor = terminalAt(`R${number + 10}.2`, /^D\d\./);
  return [
    capacitorDown([X.capacitor, y], `C${number} 100 nF`),
    resistorAcross([X.series, y], `R${number + 10} ${ohms(SERIES_OHMS, language)}`),
    row.ref === "X1"
      ? text([X.suppressor + 13, y - 13], WIRING_WORDS.pulledByBoard[language], {
          size: 11,
          anchor: "middle",
        })
      : pullUp([X.pullUp, y], `R${number} ${ohms(PULL_UP_OHMS, language)}`, volts),
    suppressorDown([X.suppressor, y], suppressor),
  ];
}

function rowDrawing(row: Row, language: GuideLanguage): string {
  const { ref, y, number } = row;
  const no: End = `${ref}.NO`;
  const colour = colourOf(no);
  const middle = (X.way + X.contact) / 2 - 4;
  return [
    wire(
      [
        [X.row, y],
        [X.contact, y],
      ],
      colour,
    ),
    ...onBoard(row, language),
    way([X.way, y], wayOf(`R${number + 10}.2`, no)),
    text([middle, y - 8], colourLabel(colour, language), { size: 12, anchor: "middle" }),
    contact([X.contact, y]),
    wire(
      [
        [X.contact - 54, y],
        [X.ring, y],
      ],
      "BK",
    ),
    dot([X.ring, y]),
    text([X.name, y - 4], ref, { size: 17, bold: true }),
    ...row.lines.map((words, index) => text([X.name, y + 12 + index * 14], words, { size: 12 })),
  ].join("\n");
}

export function colourLabel(colour: WireColour | "cable", language: GuideLanguage): string {
  return colour === "cable" ? "" : `${colour} ${COLOUR_NAMES[colour][language]}`;
}

/** The black ring: down along the contacts, with both ends back on the interface board. */
function groundRing(all: readonly Row[], language: GuideLanguage): string {
  const top = ROWS.firstY - 66;
  const bottom = ROWS.firstY + (all.length - 1) * ROWS.pitch + 60;
  const end = (y: number, number: number) =>
    way([X.way, y], number) +
    line([
      [X.way + 14, y],
      [X.way + 34, y],
    ]) +
    ground([X.way + 34, y]);
  return ring({
    ...{ connector: "J1", colour: "BK", label: WIRING_WORDS.groundRing[language] },
    ...{ boardX: X.way, farX: X.ring, labelX: (X.way + X.contact) / 2 - 4, topY: top, bottomY: bottom },
    ends: [end(top, wayOf("A2.GND", "S1.COM")), end(bottom, wayOf("X1.COM", "A2.GND"))],
  });
}

/** Points and colour of every wire from the header to its row. */
export function keysSide(language: GuideLanguage): string {
  const all = rows(language);
  const paths = routes(
    all.map(({ physical, y }) => ({ physical, row: [X.row, y] as Point })),
    "left",
    { nearX: X.nearChannel, farX: X.farChannel },
  );
  const bottom = ROWS.firstY + (all.length - 1) * ROWS.pitch + 84;
  return [
    box(
      [X.way, 78],
      { width: X.nearChannel + 8 - X.way, height: bottom - 78 },
      { dash: "10 6", radius: 6, fill: "none" },
    ),
    text([X.way + 4, 70], `${WIRING_WORDS.interfaceBoard[language]}, ${WIRING_WORDS.keys[language]}`, {
      size: 13,
      bold: true,
    }),
    ...paths.map((points, index) => wire(points, colourOf(`${all[index]?.ref ?? ""}.NO`))),
    groundRing(all, language),
    ...all.map((row) => rowDrawing(row, language)),
  ].join("\n");
}
