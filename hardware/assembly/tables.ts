/**
 * The manual's tables, from the wiring and the case.
 */
import type { Key } from "#schemas/code-list.ts";
import { KEYS } from "#schemas/code-list.ts";
import { type Bilingual, figure, type GuideLanguage } from "../bilingual.ts";
import { physicalPin } from "../boards.ts";
import { COLOUR_NAMES } from "../drawings/words.ts";
import { CASE } from "../enclosure/case.ts";
import { DUTIES, LIMITS, type Limit, type Reading } from "../enclosure/limits.ts";
import { WIRING, type Wire } from "../nets.ts";
import { DRIVERS, KEY_NAMES, KEY_REFS, LIGHT_REFS, PARTS } from "../parts.ts";
import { KEY_PINS } from "../wiring.ts";

/** A part's reference and name, as `S1 (faccia verde)`. @throws for a reference no part has. */
export function partName(ref: string, language: GuideLanguage): string {
  const part = PARTS.find((one) => one.ref === ref);
  if (part === undefined) throw new Error(`no part is called ${ref}`);
  return `${ref} (${part.name[language]})`;
}

/** The wires that leave the interface board through a connector, in the order of its ways. */
export function waysOf(connector: string): readonly { readonly way: number; readonly wire: Wire }[] {
  return WIRING.flatMap((wire) => {
    const [name, way] = wire.connector?.split(":") ?? [];
    return name === connector && way !== undefined ? [{ way: Number(way), wire }] : [];
  }).toSorted((a, b) => a.way - b.way);
}

/** Way, colour and where the wire leads: the plug is crimped from this. */
export function connectorTable(connector: string, language: GuideLanguage): readonly string[] {
  const rows = waysOf(connector).map(({ way, wire }) => {
    const far = outside(wire);
    const colour = wire.colour === "cable" ? "–" : `${wire.colour} (${COLOUR_NAMES[wire.colour][language]})`;
    return [String(way), colour, partName(far.ref, language), far.terminal];
  });
  return table([WAY[language], COLOUR[language], PART[language], TERMINAL[language]], rows);
}

/** Each key: reference, pin of the header, place and shape on the plate. */
export function keyTable(language: GuideLanguage): readonly string[] {
  const rows = KEYS.map((key) => {
    const pin = KEY_PINS[key];
    return [
      `${KEY_REFS[key]}`,
      KEY_NAMES[key][language],
      `${pin} · ${physicalPin(pin)}`,
      ...onPlate(key, language),
    ];
  });
  return table(
    [
      REFERENCE[language],
      KEY[language],
      `${LINE[language]} · ${PIN[language]}`,
      "x, y (mm)",
      CAP[language],
      HOLE[language],
    ],
    rows,
  );
}

/** Channel by channel, what hangs on each driver. */
export function driverTable(language: GuideLanguage): readonly string[] {
  const rows = DRIVERS.flatMap(({ ref, channels }) =>
    channels.map((load, index) => {
      const part = load === "buzzer" ? "BZ1" : LIGHT_REFS[load];
      return [`${ref}.IN${index + 1}`, `${ref}.OUT${index + 1}`, partName(part, language)];
    }),
  );
  return table([INPUT[language], OUTPUT[language], LOAD[language]], rows);
}

/** The limits and duties the case keeps, with the clause of each and how far it was read. */
export function accessTable(language: GuideLanguage): readonly string[] {
  const limits = Object.values(LIMITS).map((limit: Limit) => [
    limit.what[language],
    `${figure(limit.value, language)} ${limit.unit === "degrees" ? "°" : limit.unit}`,
    limit.clause ?? "–",
    READINGS[limit.reading][language],
  ]);
  const duties = DUTIES.map(({ clause, reading, how }) => [
    how[language],
    "–",
    clause,
    READINGS[reading][language],
  ]);
  return table(
    [WHAT[language], VALUE[language], CLAUSE[language], READING[language]],
    [...limits, ...duties],
  );
}

function onPlate(key: Key, language: GuideLanguage): readonly string[] {
  const placed = CASE.keys.find((one) => one.key === key);
  if (placed === undefined) return ["–", INSIDE[language], "–"];
  const bars = placed.bars === 0 ? "" : `, ${placed.bars} ${(placed.bars === 1 ? BAR : BARS)[language]}`;
  return [
    `${placed.x}, ${placed.y}`,
    `${SHAPES[placed.shape][language]}${bars}`,
    figure(placed.holeMm, language),
  ];
}

/** The end of a wire that is not on the interface board. */
function outside({ from, to }: Wire): { readonly ref: string; readonly terminal: string } {
  const far = [from, to].find((end) => /^(S|H|X|LS|U5)/.test(end)) ?? to;
  const [ref = "", terminal = ""] = far.split(".");
  return { ref, terminal };
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

const READINGS: Readonly<Record<Reading, Bilingual>> = {
  read: { it: "letta", en: "read" },
  "heading-only": { it: "solo il titolo", en: "heading only" },
  quoted: { it: "citata da altri", en: "as others quote it" },
  ours: { it: "limite nostro", en: "a limit of ours" },
};
const WHAT: Bilingual = { it: "Che cosa", en: "What" };
const VALUE: Bilingual = { it: "Valore", en: "Value" };
const CLAUSE: Bilingual = { it: "Clausola", en: "Clause" };
const READING: Bilingual = { it: "Lettura", en: "Reading" };
const WAY: Bilingual = { it: "Via", en: "Way" };
const COLOUR: Bilingual = { it: "Filo", en: "Wire" };
const PART: Bilingual = { it: "Pezzo", en: "Part" };
const TERMINAL: Bilingual = { it: "Morsetto", en: "Terminal" };
const REFERENCE: Bilingual = { it: "Rif.", en: "Ref." };
const KEY: Bilingual = { it: "Tasto", en: "Key" };
const LINE: Bilingual = { it: "Linea", en: "Line" };
const PIN: Bilingual = { it: "piedino", en: "pin" };
const CAP: Bilingual = { it: "Cappuccio", en: "Cap" };
const HOLE: Bilingual = { it: "Foro (mm)", en: "Hole (mm)" };
const INPUT: Bilingual = { it: "Ingresso", en: "Input" };
const OUTPUT: Bilingual = { it: "Uscita", en: "Output" };
const LOAD: Bilingual = { it: "Comanda", en: "Drives" };
const INSIDE: Bilingual = { it: "dentro la cassa", en: "inside the case" };
const BAR: Bilingual = { it: "barra", en: "bar" };
const BARS: Bilingual = { it: "barre", en: "bars" };
const SHAPES = {
  circle: { it: "cerchio", en: "circle" },
  square: { it: "quadrato", en: "square" },
  triangle: { it: "triangolo", en: "triangle" },
  diamond: { it: "rombo", en: "diamond" },
} as const satisfies Readonly<Record<(typeof CASE.keys)[number]["shape"], Bilingual>>;
