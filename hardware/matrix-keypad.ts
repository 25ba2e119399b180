/**
 * The four reason keys wired as a matrix of two rows and two columns: a bought keypad instead of four arcade buttons. The
 * kernel's own driver (gpio-matrix-keypad) scans and debounces it; the device-tree overlay and the firmware read here what
 * they must agree on. The lines are those of the four keys in `wiring.ts`: it is one or the other.
 *
 * Each key has a Schottky diode from its row to its column (anode at the row), or three pressed keys would show a fourth.
 * An untested board: it has been wired nowhere yet.
 *
 * Source: drivers/input/keyboard/matrix_keypad.c and Documentation/devicetree/bindings/input/gpio-matrix-keypad of Linux 6.1.
 */
import type { ReasonKey } from "#schemas/code-list.ts";
import type { PinName } from "./pins.ts";
import { KEY_PINS } from "./wiring.ts";

/** Where a key sits and what the kernel reports for it. */
export type MatrixKey = { readonly row: number; readonly column: number; readonly code: number };

/** BTN_TRIGGER_HAPPY1 of input-event-codes.h: this one and its followers type nothing, whatever reads them. */
const FIRST_CODE = 0x2c0;

export const MATRIX_KEYPAD = {
  /** The overlay's node directly below the root: the kernel names the input device after it. */
  name: "faccine-keypad",
  /** Read as inputs. */
  rowPins: [KEY_PINS.wait, KEY_PINS.staff],
  /** Driven low one after the other, and left floating in between. */
  columnPins: [KEY_PINS.return, KEY_PINS.outcome],
  /**
   * Rows need a pull-up to rest. Columns need one too: their lines start with a pull-down, which through a second pressed
   * key would draw a row half way down while its own column floats.
   */
  bias: "pull-up",
  /** A pressed key pulls its row low (property `gpio-activelow`). */
  activeLow: true,
  /** Property `debounce-delay-ms`: as for keys on lines of their own. Good switches bounce for 6.2 ms at most (Ganssle). */
  debounceMs: 10,
  /** Property `col-scan-delay-us`: 100 pF of cable and a pull-up of 50 kOhm have a time constant of 5 us; four of them. */
  columnScanDelayUs: 20,
  keys: {
    wait: { row: 0, column: 0, code: FIRST_CODE },
    staff: { row: 0, column: 1, code: FIRST_CODE + 1 },
    return: { row: 1, column: 0, code: FIRST_CODE + 2 },
    outcome: { row: 1, column: 1, code: FIRST_CODE + 3 },
  },
} as const satisfies {
  readonly name: string;
  readonly rowPins: readonly PinName[];
  readonly columnPins: readonly PinName[];
  readonly bias: string;
  readonly activeLow: boolean;
  readonly debounceMs: number;
  readonly columnScanDelayUs: number;
  readonly keys: Readonly<Record<ReasonKey, MatrixKey>>;
};

/** One cell of the property `linux,keymap` (bindings/input/matrix-keymap): row, column and code in one number. */
export function keymapCell({ row, column, code }: MatrixKey): number {
  return ((row << 24) | (column << 16) | code) >>> 0;
}
