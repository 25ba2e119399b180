/**
 * The right half of the sheet: fuse, drivers, and every lamp from its pin to the red ring.
 */
import type { GuideLanguage } from "../bilingual.ts";
import { physicalPin } from "../boards.ts";
import { HOLD_MILLIAMPS } from "../kinds/electronics.ts";
import type { WireColour } from "../nets.ts";
import { DRIVERS, LIGHT_REFS, type Light, PARTS } from "../parts.ts";
import { BUZZER_PIN, LAMP_PINS, PICTOGRAM_PINS } from "../wiring.ts";
import { HEADER_PLACE, leave } from "./header.ts";
import { colourLabel } from "./keys-side.ts";
import { colourOf, wayOf } from "./lookup.ts";
import { ring } from "./ring.ts";
import { routes } from "./routes.ts";
import { box, dot, line, type Point, text, wire } from "./svg.ts";
import { buzzer, fuse, ground, lamp, railTag, way } from "./symbols.ts";
import { decimal, RAILS, WIRING_WORDS } from "./words.ts";

const ROWS = { firstY: 176, pitch: 47, between: 66 } as const;
const CHANNELS = 8;
/** From the header rightwards. */
const X = {
  nearChannel: 976,
  farChannel: 1064,
  chip: 1078,
  chipEnd: 1182,
  buzzer: 1196,
  way: 1292,
  lamp: 1452,
  ring: 1514,
  name: 1526,
} as const;
/** The join of both 5 V pins, clear of the names and of the channel. */
const SUPPLY_X = 964;

const LAMP_FILLS: Readonly<Partial<Record<Light, string>>> = {
  green: "#7ddc8a",
  yellow: "#ffe866",
  red: "#ff8a8a",
};

type Row = {
  readonly driver: string;
  readonly channel: number;
  readonly load: Light | "buzzer";
  readonly y: number;
};

function chipTop(index: number): number {
  return ROWS.firstY + index * (CHANNELS * ROWS.pitch + ROWS.between);
}

function rows(): readonly Row[] {
  return DRIVERS.flatMap(({ ref, channels }, chip) =>
    channels.map((load, index) => ({
      driver: ref,
      channel: index + 1,
      load,
      y: chipTop(chip) + index * ROWS.pitch,
    })),
  );
}

function pinOf(load: Light | "buzzer"): number {
  return physicalPin(load === "buzzer" ? BUZZER_PIN : { ...LAMP_PINS, ...PICTOGRAM_PINS }[load]);
}

/** A driver with all its pins; the free ones say so. Pin n is input n, 19 - n its output. */
function chip(ref: string, index: number, used: number, language: GuideLanguage): string {
  const top = chipTop(index);
  const bottom = top + (CHANNELS - 1) * ROWS.pitch;
  const middle = (X.chip + X.chipEnd) / 2;
  const channel = (number: number) => {
    const y = top + (number - 1) * ROWS.pitch;
    const free = number > used;
    return [
      text([X.chip + 7, y + 4], `${number}`, { size: 11, faint: free }),
      text([X.chip + 24, y + 4], `IN${number}`, { size: 11, faint: free }),
      text([X.chipEnd - 7, y + 4], `${19 - number}`, { size: 11, anchor: "end", faint: free }),
      text([X.chipEnd - 26, y + 4], `OUT${number}`, { size: 11, anchor: "end", faint: free }),
      ...(free
        ? [
            text([X.chip - 10, y + 4], WIRING_WORDS.free[language], { size: 11, anchor: "end", faint: true }),
            text([X.chipEnd + 10, y + 4], WIRING_WORDS.free[language], { size: 11, faint: true }),
          ]
        : []),
    ].join("");
  };
  return [
    box([X.chip, top - 28], { width: X.chipEnd - X.chip, height: bottom - top + 62 }, { fill: "#f7f7ef" }),
    text([middle, top - 13], `${ref} ULN2803A`, { size: 12, anchor: "middle", bold: true }),
    ...Array.from({ length: CHANNELS }, (_, each) => channel(each + 1)),
    text([X.chip + 7, bottom + 28], "9 GND", { size: 11 }),
    text([X.chipEnd - 7, bottom + 28], "COM 10", { size: 11, anchor: "end" }),
    line([
      [X.chip, bottom + 24],
      [X.chip - 16, bottom + 24],
    ]),
    ground([X.chip - 16, bottom + 24]),
    line([
      [X.chipEnd, bottom + 24],
      [X.chipEnd + 16, bottom + 24],
    ]),
    railTag([X.chipEnd + 40, bottom + 24], "5V", RAILS["5V"][language]),
  ].join("\n");
}

function nameOf(ref: string, language: GuideLanguage): string {
  return PARTS.find((part) => part.ref === ref)?.name[language] ?? "";
}

function lampRow({ driver, channel, load, y }: Row, language: GuideLanguage): string {
  const output = `${driver}.OUT${channel}` as const;
  const colour = colourOf(output);
  if (load === "buzzer") {
    return (
      wire(
        [
          [X.chipEnd, y],
          [X.buzzer, y],
        ],
        colour,
      ) + buzzer([X.buzzer, y], nameOf("BZ1", language), RAILS["5V"][language])
    );
  }
  const ref = LIGHT_REFS[load];
  return [
    wire(
      [
        [X.chipEnd, y],
        [X.lamp, y],
      ],
      colour,
    ),
    way([X.way, y], wayOf(output, `${ref}.L-`)),
    text([(X.way + X.lamp) / 2 + 5, y - 8], colourLabel(colour, language), { size: 12, anchor: "middle" }),
    wire(
      [
        [X.lamp + 44, y],
        [X.ring, y],
      ],
      "RD",
    ),
    dot([X.ring, y]),
    lamp([X.lamp, y], LAMP_FILLS[load] ?? "#fffbe0"),
    text([X.name, y - 2], ref, { size: 15, bold: true }),
    text([X.name, y + 13], nameOf(ref, language), { size: 12 }),
  ].join("\n");
}

/** The red ring: along the lamps, with both ends back on the interface board. */
function supplyRing(last: number, language: GuideLanguage): string {
  const top = ROWS.firstY - 52;
  const bottom = last + 70;
  const end = (y: number, number: number) =>
    line([
      [X.way - 14, y],
      [X.way - 30, y],
    ]) +
    railTag([X.way - 54, y], "5V", RAILS["5V"][language]) +
    way([X.way, y], number);
  return ring({
    ...{ connector: "J2", colour: "RD", label: WIRING_WORDS.supplyRing[language] },
    ...{ boardX: X.way, farX: X.ring, labelX: (X.way + X.lamp) / 2 + 5, topY: top, bottomY: bottom },
    ends: [end(top, wayOf("A2.5V", "S1.L+")), end(bottom, wayOf("H8.L+", "A2.5V"))],
  });
}

/** Both 5 V pins to the fuse and on to the rail. */
function supply(language: GuideLanguage): string {
  const { firstY } = HEADER_PLACE;
  const y = firstY - 36;
  return [
    wire([...leave(4, "right", SUPPLY_X), [SUPPLY_X, firstY]], "RD"),
    wire([...leave(2, "right", SUPPLY_X), [SUPPLY_X, y], [1066, y]], "RD"),
    dot([SUPPLY_X, firstY]),
    fuse([1014, y], `F1 ${decimal(HOLD_MILLIAMPS / 1_000, language)} A`),
    railTag([1090, y], "5V", RAILS["5V"][language]),
  ].join("\n");
}

export function lampsSide(language: GuideLanguage): string {
  const all = rows();
  const paths = routes(
    all.map(({ load, y }) => ({ physical: pinOf(load), row: [X.chip, y] as Point })),
    "right",
    { nearX: X.nearChannel, farX: X.farChannel },
  );
  const colour = ({ driver, channel }: Row): WireColour | "cable" => colourOf(`${driver}.IN${channel}`);
  const last = all.at(-1)?.y ?? 0;
  return [
    box(
      [SUPPLY_X - 10, 78],
      { width: X.way - SUPPLY_X + 10, height: chipTop(1) + CHANNELS * ROWS.pitch - 68 },
      { dash: "10 6", radius: 6, fill: "none" },
    ),
    text([SUPPLY_X - 8, 70], `${WIRING_WORDS.interfaceBoard[language]}, ${WIRING_WORDS.lamps[language]}`, {
      size: 13,
      bold: true,
    }),
    supply(language),
    ...DRIVERS.map(({ ref, channels }, index) => chip(ref, index, channels.length, language)),
    ...paths.flatMap((points, index) => {
      const row = all[index];
      return row === undefined ? [] : [wire(points, colour(row))];
    }),
    supplyRing(last, language),
    ...all.map((row) => lampRow(row, language)),
  ].join("\n");
}
