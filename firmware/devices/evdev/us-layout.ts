/**
 * The US keyboard, which scanners type on unless a technician set them to another country: key code -> what it writes
 * without and with shift. Fixed in code, so that no setting of the system changes what a ticket says. Pure data.
 *
 * Codes: include/uapi/linux/input-event-codes.h; characters: drivers/tty/vt/defkeymap.map of the same Linux 6.1.
 */

/** Rows of the keyboard: the code of the first key, what the keys write, and what they write with shift. */
const ROWS: readonly (readonly [number, string, string])[] = [
  [2, "1234567890-=", "!@#$%^&*()_+"],
  [16, "qwertyuiop[]", "QWERTYUIOP{}"],
  [30, "asdfghjkl;'`", 'ASDFGHJKL:"~'],
  [43, "\\zxcvbnm,./", "|ZXCVBNM<>?"],
  [57, " ", " "],
  // The keypad writes digits with num lock on or off: that lamp is the host's, and this host has none.
  [55, "*", "*"],
  [71, "789-456+1230.", "789-456+1230."],
  [98, "/", "/"],
];

export type Writes = { readonly plain: string; readonly shifted: string };

export const US_LAYOUT: ReadonlyMap<number, Writes> = new Map(
  ROWS.flatMap(([first, plain, shifted]) =>
    [...plain].map(
      (char, index) => [first + index, { plain: char, shifted: shifted[index] ?? char }] as const,
    ),
  ),
);

/** Enter and keypad Enter. */
const ENTER_CODE = 28;
export const ENTER_CODES: ReadonlySet<number> = new Set([ENTER_CODE, 96]);
export const TAB_CODE = 15;
export const CAPS_LOCK_CODE = 58;
/** Left and right. */
export const SHIFT_CODES: ReadonlySet<number> = new Set([42, 54]);
/** Control, Alt and Meta, left and right: with one of them held, a key writes no character. */
export const COMMAND_CODES: ReadonlySet<number> = new Set([29, 97, 56, 100, 125, 126]);
/** Num lock; some scanners press it before digits, which the keypad writes here anyway. */
export const NUM_LOCK_CODE = 69;

/** The keypad begins behind the main block's last key. */
const KEYPAD_FROM = 55;

/** What a device must have to write a ticket: Enter, digits and letters. Not every scanner has a keypad. */
export const TICKET_CODES: readonly number[] = [
  ENTER_CODE,
  ...[...US_LAYOUT]
    .filter(([code, { plain }]) => code < KEYPAD_FROM && /^[0-9a-z]$/.test(plain))
    .map(([code]) => code),
];
