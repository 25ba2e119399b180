/**
 * The sheet a technician wires keys and lamps from.
 */
import type { GuideLanguage } from "../bilingual.ts";
import { refOf } from "../circuit.ts";
import { type End, WIRING } from "../nets.ts";
import { headerBody, headerPins } from "./header.ts";
import { keysSide } from "./keys-side.ts";
import { lampsSide } from "./lamps-side.ts";
import { wiredPins } from "./lookup.ts";
import { sheet, text } from "./svg.ts";
import { UNTRIED, WIRING_NOTES, WIRING_WORDS } from "./words.ts";

/** A3 lying, in quarters of a millimetre. */
export const SHEET = { width: 1_680, height: 1_188 } as const;

/** The strip below the drawing: columns of four lines. */
const NOTES = { x: 24, y: 1_096, column: 440, pitch: 18, lines: 4 } as const;
/** How many parts of a ring fit on a line of the notes. */
const RING_PER_LINE = 9;

/** The parts a ring passes, from rail to rail. */
function ringOrder(rail: End): readonly string[] {
  const ring = WIRING.filter(({ harness, from, to }) => {
    const ends = [from, to].map((end) => (end === rail ? "" : end.slice(end.indexOf(".") + 1)));
    return (
      (harness === "keys" || harness === "lamps") &&
      ends.every((end) => ["", rail === "A2.GND" ? "COM" : "L+"].includes(end))
    );
  });
  return ring.map(({ from }) => (from === rail ? "A2" : refOf(from))).concat("A2");
}

function ringLines(words: string, order: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (let at = 0; at < order.length; at += RING_PER_LINE) {
    const goesOn = at + RING_PER_LINE < order.length;
    lines.push(
      `${at === 0 ? words : "   "}${order.slice(at, at + RING_PER_LINE).join(" - ")}${goesOn ? " -" : ""}`,
    );
  }
  return lines;
}

function notes(language: GuideLanguage): string {
  const lines = WIRING_NOTES[language].flatMap((note) => {
    if (note.endsWith("{black}")) return ringLines(note.replace("{black}", ""), ringOrder("A2.GND"));
    return note.endsWith("{red}") ? ringLines(note.replace("{red}", ""), ringOrder("A2.5V")) : [note];
  });
  return lines
    .map((note, index) => {
      const x = NOTES.x + Math.floor(index / NOTES.lines) * NOTES.column;
      return text([x, NOTES.y + (index % NOTES.lines) * NOTES.pitch], note, { size: 12 });
    })
    .join("\n");
}

export function wiringSheet(language: GuideLanguage): string {
  const title = WIRING_WORDS.title[language];
  return sheet({ title, description: WIRING_WORDS.description[language], language }, SHEET, [
    text([24, 40], title, { size: 26, bold: true }),
    text([1_656, 40], UNTRIED[language], { size: 14, anchor: "end", bold: true }),
    headerBody(language),
    keysSide(language),
    lampsSide(language),
    headerPins(wiredPins(), language),
    notes(language),
  ]);
}
