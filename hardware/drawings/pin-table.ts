/**
 * The pin table: the header pin by pin, what each board starts with and draws, and the two optional parts. Markdown.
 */
import type { Bilingual, GuideLanguage } from "../bilingual.ts";
import { BOARDS, bootPull, HEADER, RESERVED } from "../boards.ts";
import { refOf } from "../circuit.ts";
import { MATRIX_KEYPAD } from "../matrix-keypad.ts";
import { type End, WIRING, type Wire } from "../nets.ts";
import { DRIVERS, KEY_NAMES, KEY_REFS, LIGHT_REFS, PARTS } from "../parts.ts";
import type { PinName } from "../pins.ts";
import { drawnFrom, logicMilliamps } from "../rules/currents.ts";
import { MACHINES } from "../rules.ts";
import { HEADPHONES_PIN, KEY_PINS, STATUS_LED_PIN } from "../wiring.ts";
import { colourLabel } from "./keys-side.ts";
import { UNTRIED } from "./words.ts";

const WORDS = {
  title: { it: "Tabella dei piedini", en: "Pin table" },
  generated: {
    it: "Generata da `hardware/wiring.ts` con `npm run generate`: non modificarla.",
    en: "Generated from `hardware/wiring.ts` by `npm run generate`: do not edit.",
  },
  head: {
    it: "| Piedino | Nome | All'avvio | Va a | Filo | Pezzo | Fuori da A2 |",
    en: "| Pin | Name | At start | Leads to | Wire | Part | Off A2 |",
  },
  up: { it: "alto", en: "high" },
  down: { it: "basso", en: "low" },
  free: { it: "non collegato", en: "not wired" },
  reserved: { it: "riservato: ", en: "reserved: " },
  plugged: { it: "cuffie (basso = inserite)", en: "headphones (low = plugged in)" },
  lampOf: { it: "lampada", en: "lamp" },
  boards: { it: "Schede", en: "Boards" },
  boardHead: {
    it: "| Scheda | Chip del connettore | Linee e 3,3 V | USB | Da A2 (5 V) | In tutto | Alimentatore |",
    en: "| Board | Header's chip | Lines and 3.3 V | USB | From A2 (5 V) | Altogether | Supply |",
  },
  budget: {
    it: "Correnti massime con tutto acceso, premuto e a tutto volume; calcolate dai dati dei pezzi, non misurate.",
    en: "Largest currents with everything lit, pressed and loud; computed from the parts' data, not measured.",
  },
  of: { it: "di", en: "of" },
  options: { it: "Varianti", en: "Options" },
} as const satisfies Readonly<Record<string, Bilingual>>;

function keypadNote(language: GuideLanguage): string {
  const { rowPins, columnPins, name } = MATRIX_KEYPAD;
  const lines = { rows: rowPins.join(", "), columns: columnPins.join(", ") };
  return language === "it"
    ? `**Tastierino a matrice** al posto di S4-S7: righe ${lines.rows}, colonne ${lines.columns}, un diodo per tasto; overlay \`${name}\`. Non montare R4-R7 e C4-C7: con loro una riga non scende abbastanza.`
    : `**Matrix keypad** in place of S4-S7: rows ${lines.rows}, columns ${lines.columns}, one diode a key; overlay \`${name}\`. Leave out R4-R7 and C4-C7: with them a row does not come down far enough.`;
}

function ledNote(language: GuideLanguage): string {
  return language === "it"
    ? `**Spia nella cassa**: LED con 1 kohm da ${STATUS_LED_PIN} a massa, overlay \`faccine-status-led\`; batte finché Linux vive. Solo se il lettore è su USB.`
    : `**Lamp in the case**: LED with 1 kohm from ${STATUS_LED_PIN} to ground, overlay \`faccine-status-led\`; it beats while Linux lives. Only with the scanner on USB.`;
}

/** The part at the far end of what a pin leads to, and the wire off the interface board, where there is one. */
function destination(end: End, language: GuideLanguage): { readonly part: string; readonly off: string } {
  const next = refOf(end);
  const driven = DRIVERS.find(({ ref }) => ref === next);
  if (driven !== undefined) {
    const load = driven.channels[Number(end.slice(end.indexOf(".IN") + 3)) - 1];
    if (load === undefined || load === "buzzer") return { part: named("BZ1", language), off: "" };
    const ref = LIGHT_REFS[load];
    return { part: `${WORDS.lampOf[language]} ${named(ref, language)}`, off: wayTo(`${ref}.L-`) };
  }
  const key = KEYS_BY_SERIES.get(next);
  return key === undefined
    ? { part: `X1 ${WORDS.plugged[language]}`, off: wayTo("X1.NO") }
    : { part: `${KEY_REFS[key]} ${KEY_NAMES[key][language]}`, off: wayTo(`${KEY_REFS[key]}.NO`) };
}

const KEYS_BY_SERIES: ReadonlyMap<string, keyof typeof KEY_PINS> = new Map(
  (Object.keys(KEY_PINS) as readonly (keyof typeof KEY_PINS)[]).map(
    (key) => [`R${Number(KEY_REFS[key].slice(1)) + 10}`, key] as const,
  ),
);

function named(ref: string, language: GuideLanguage): string {
  return `${ref} ${PARTS.find((part) => part.ref === ref)?.name[language] ?? ""}`.trim();
}

function wayTo(end: End): string {
  const found = WIRING.find(({ to, connector }) => to === end && connector !== null);
  return found?.connector?.replace(":", ".") ?? "";
}

function lineCells(pin: PinName, found: Wire | undefined, language: GuideLanguage): readonly string[] {
  // All four boards start alike; the rules look at each.
  const boot = BOARDS[0] === undefined ? "" : WORDS[bootPull(BOARDS[0], pin)][language];
  const reserved = RESERVED.find((each) => each.pin === pin);
  if (found === undefined) {
    const why =
      reserved === undefined ? WORDS.free[language] : WORDS.reserved[language] + reserved.reason[language];
    return [boot, "", "", why, ""];
  }
  const { part, off } = destination(found.to, language);
  return [
    pin === HEADPHONES_PIN ? `${boot} (1.8 kohm)` : boot,
    found.to,
    colourLabel(found.colour, language),
    part,
    off,
  ];
}

function pinRow(physical: number, language: GuideLanguage): string {
  const pin = HEADER[physical - 1] ?? "GND";
  const found = WIRING.find(({ from }) => from === `A1.${physical}`);
  if (pin === "GND" || pin === "3V3" || pin === "5V") {
    const colour = found === undefined ? "" : colourLabel(found.colour, language);
    return `| ${[physical, pin, "", found?.to ?? "", colour, found === undefined ? WORDS.free[language] : "", ""].join(" | ")} |`;
  }
  return `| ${[physical, pin, ...lineCells(pin, found, language)].join(" | ")} |`;
}

function boardRows(language: GuideLanguage): readonly string[] {
  return MACHINES.map((machine) => {
    const { board } = machine;
    const usb = drawnFrom(machine, "USB");
    const rail = drawnFrom(machine, "5V");
    const of = WORDS.of[language];
    const all = board.supply.ownMilliamps + usb + rail;
    return `| ${[
      board.name,
      `\`${board.chipLabel}\``,
      `${Math.ceil(logicMilliamps(machine))} ${of} ${board.limits.logicMilliamps} mA`,
      board.supply.usbMilliamps === null ? `${usb} mA` : `${usb} ${of} ${board.supply.usbMilliamps} mA`,
      `${rail} mA`,
      `${all} mA`,
      `${board.supply.milliamps} mA`,
    ].join(" | ")} |`;
  });
}

/** Where the figures were read, each source once with the boards it speaks of. */
function sourceLines(): readonly string[] {
  const boardsOf = new Map<string, Set<string>>();
  for (const { name, limits, supply, bootPullsSource } of BOARDS) {
    for (const source of [limits.source, supply.source, bootPullsSource]) {
      boardsOf.set(source, (boardsOf.get(source) ?? new Set()).add(name));
    }
  }
  return [...boardsOf].map(([source, names]) => `- ${[...names].join(", ")}: ${source}`);
}

export function pinTable(language: GuideLanguage): string {
  const rule = (columns: number) => `|${" --- |".repeat(columns)}`;
  return `${[
    `# ${WORDS.title[language]}`,
    "",
    `${WORDS.generated[language]} **${UNTRIED[language]}**`,
    "",
    WORDS.head[language],
    rule(7),
    ...HEADER.map((_, index) => pinRow(index + 1, language)),
    "",
    `## ${WORDS.boards[language]}`,
    "",
    WORDS.budget[language],
    "",
    WORDS.boardHead[language],
    rule(7),
    ...boardRows(language),
    "",
    ...sourceLines(),
    "",
    `## ${WORDS.options[language]}`,
    "",
    `- ${keypadNote(language)}`,
    `- ${ledNote(language)}`,
  ].join("\n")}\n`;
}
