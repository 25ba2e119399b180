/**
 * A citizen before the simulated board: shows a code to the scanner, presses keys that bounce, and believes what is lit.
 */
import { setTimeout as pause } from "node:timers/promises";
import { KEY_PINS, PICTOGRAM_PINS, type PICTOGRAM_PINS as Pictograms } from "#hardware/wiring.ts";
import type { Face, Key } from "#schemas/code-list.ts";
import type { Board } from "./board.ts";

type Pictogram = keyof typeof Pictograms;

/** How often a lamp is looked at: each look takes the one processor from the firmware for half a millisecond. */
const LOOK_MS = 10;

/** A contact that opens and closes a few times before it settles. Offsets in milliseconds, ending with the settled level. */
export type Bounce = readonly { readonly atMs: number; readonly closed: boolean }[];

/** Moves a key's contact. */
export async function moveKey(board: Board, key: Key, bounce: Bounce): Promise<void> {
  const startMs = performance.now();
  for (const { atMs, closed } of bounce) {
    const waitMs = startMs + atMs - performance.now();
    if (waitMs > 0.5) await pause(waitMs);
    board.ground(KEY_PINS[key], closed);
  }
}

/** A finger that presses a key for some time. */
export async function pressKey(board: Board, key: Key, holdMs: number): Promise<void> {
  board.ground(KEY_PINS[key], true);
  await pause(holdMs);
  board.ground(KEY_PINS[key], false);
}

/** Nobody waits longer for a lamp; the commit of a slow disk fits in. */
export const LAMP_MS = 10_000;
/** A short press by a person; longer than the debounce. */
const HOLD_MS = 60;

/** Shows a good ticket, presses a face and waits for the thanks. @returns what was missing, or null. */
export async function vote(
  board: Board,
  showTicket: () => void,
  face: Face,
): Promise<"the ticket was not accepted" | "the press was not thanked for" | null> {
  showTicket();
  if ((await seen(board, "choose", LAMP_MS)) === null) return "the ticket was not accepted";
  await pressKey(board, face, HOLD_MS);
  return (await seen(board, "thankYou", LAMP_MS)) === null ? "the press was not thanked for" : null;
}

/** Resolves when a pictogram is lit, with how long that took; null when it stays dark. */
export async function seen(
  board: Board,
  pictogram: Pictogram,
  limitMs: number,
  lookMs = LOOK_MS,
): Promise<number | null> {
  const startMs = performance.now();
  while (!board.isHigh(PICTOGRAM_PINS[pictogram])) {
    if (performance.now() - startMs > limitMs) return null;
    await pause(lookMs);
  }
  return performance.now() - startMs;
}
