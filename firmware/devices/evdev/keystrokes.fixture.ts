/**
 * What a scanner in keyboard mode presses to write a text. Looked up the other way round than the layout is: each
 * character's key is written down here again, so that a slip in one table shows.
 */
import { EV_KEY, EV_MSC, EV_SYN, type InputEvent, SYN_REPORT } from "./input-event.ts";

/** A key code and what it does: 1 down, 0 up, 2 repeated. */
export type Stroke = readonly [code: number, value: number];

const ENTER = 28;
const LEFT_SHIFT = 42;

/** KEY_1, KEY_A and so on of input-event-codes.h, in the order of the characters. */
const DIGITS = [11, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const LETTERS = [
  30, 48, 46, 32, 18, 33, 34, 35, 23, 36, 37, 38, 50, 49, 24, 25, 16, 19, 31, 20, 22, 47, 17, 45, 21, 44,
];
const OTHERS: Readonly<Record<string, readonly [code: number, shift: boolean]>> = {
  " ": [57, false],
  "-": [12, false],
  "*": [9, true],
  "/": [53, false],
  ":": [39, true],
  "?": [53, true],
  "]": [27, false],
};

/** Every character a ticket may hold, upper and lower case. */
export const TICKET_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** The strokes of a text, Enter at its end unless told otherwise. @throws for a character without a key here */
export function keystrokes(text: string, { enter = true } = {}): readonly Stroke[] {
  const strokes = [...text].flatMap(strokesOf);
  return enter ? [...strokes, [ENTER, 1], [ENTER, 0]] : strokes;
}

function strokesOf(char: string): readonly Stroke[] {
  const [code, shift] = keyOf(char);
  const tap: readonly Stroke[] = [
    [code, 1],
    [code, 0],
  ];
  return shift ? [[LEFT_SHIFT, 1], ...tap, [LEFT_SHIFT, 0]] : tap;
}

function keyOf(char: string): readonly [code: number, shift: boolean] {
  const digit = /\d/.test(char) ? DIGITS[Number(char)] : undefined;
  if (digit !== undefined) return [digit, false];
  const letter = LETTERS[char.toUpperCase().charCodeAt(0) - "A".charCodeAt(0)];
  if (letter !== undefined) return [letter, char === char.toUpperCase()];
  const other = OTHERS[char];
  if (other === undefined) throw new Error(`no key for "${char}"`);
  return other;
}

/** The events a keyboard reports for some strokes, each with its scan code and the end of its report. */
export function typedEvents(strokes: readonly Stroke[]): readonly InputEvent[] {
  return strokes.flatMap(([code, value]) => [
    { type: EV_MSC, code: 4, value: 0x70000 + code, atMs: 0 },
    { type: EV_KEY, code, value, atMs: 0 },
    { type: EV_SYN, code: SYN_REPORT, value: 0, atMs: 0 },
  ]);
}
