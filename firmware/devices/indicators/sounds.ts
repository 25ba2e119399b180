/**
 * The neutral sounds on an active buzzer, which knows one pitch: they differ by rhythm and length alone, and none of them
 * by what was chosen. Pure data.
 */
import type { Sound } from "../../session/events.ts";

/** Sounds for `onMs`, then rests for `offMs`. */
export type Beep = { readonly onMs: number; readonly offMs: number };

/** Nothing sounds for longer than the shortest time a message is shown: 3 s, of which a second stays quiet. */
export const PATTERN_MAX_MS = 2_000;

export const SOUND_PATTERNS: Readonly<Record<Sound, readonly Beep[]>> = {
  // As short as a click must be to be felt as the key's own; every press of every key has this one.
  click: [{ onMs: 20, offMs: 0 }],
  // One: go on.
  ready: [{ onMs: 120, offMs: 0 }],
  // Two quick ones, for every choice alike.
  thanks: [
    { onMs: 80, offMs: 80 },
    { onMs: 80, offMs: 0 },
  ],
  // A single long one: it did not go, without the sound of an alarm.
  refused: [{ onMs: 400, offMs: 0 }],
  // Three long ones, and no more: who stands there did nothing wrong.
  fault: [
    { onMs: 300, offMs: 200 },
    { onMs: 300, offMs: 200 },
    { onMs: 300, offMs: 0 },
  ],
};
