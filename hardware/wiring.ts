/**
 * Which line of the header everything hangs on: the only place where a pin's number is written. The firmware, the
 * drawings and the device-tree overlays read it from here; `nets.ts` makes every wire of it.
 *
 * Lines 0 to 8 start with a pull-up, 9 to 27 with a pull-down (BCM2835 ARM Peripherals, table 6-31): drivers of lamps hang on the
 * latter, so that nothing lights while the board starts. Left free: 0 and 1 (identification of add-on boards), 3 (wakes a
 * halted board), 14 and 15 (the UART, for a scanner module without USB).
 */
import type { Key } from "#schemas/code-list.ts";
import type { PinName } from "./pins.ts";

/** Keys close their line to ground. */
export const KEY_PINS: Readonly<Record<Key, PinName>> = {
  green: "GPIO4",
  yellow: "GPIO5",
  red: "GPIO6",
  wait: "GPIO7",
  staff: "GPIO8",
  return: "GPIO9",
  outcome: "GPIO10",
  assist: "GPIO11",
  service: "GPIO27",
};

/** Lamps in or beside the keys; the service key has none. High lights them, through a driver. */
export const LAMP_PINS = {
  green: "GPIO12",
  yellow: "GPIO13",
  red: "GPIO16",
  wait: "GPIO17",
  staff: "GPIO18",
  return: "GPIO19",
  outcome: "GPIO20",
  assist: "GPIO21",
} as const satisfies Partial<Record<Key, PinName>>;

/** The four lit pictograms. */
export const PICTOGRAM_PINS = {
  showReceipt: "GPIO22",
  choose: "GPIO23",
  thankYou: "GPIO24",
  notAccepted: "GPIO25",
} as const satisfies Readonly<Record<string, PinName>>;

/** An active buzzer: it sounds while its line is high. */
export const BUZZER_PIN: PinName = "GPIO26";

/** The contact of the headphone socket, which closes to ground while a plug is in. The board's own 1.8 kohm pull it up. */
export const HEADPHONES_PIN: PinName = "GPIO2";

/**
 * The level that means "headphones are in". Low, and not high as with the usual contact that opens: a broken wire then
 * reads as "nothing plugged in", and a choice is never spoken into the room.
 */
export const HEADPHONES_PLUGGED_LEVEL = 0;

/**
 * A lamp inside the case that the kernel lights, on totems whose scanner is on USB (`overlays/faccine-status-led.dts`). It is
 * the UART's line otherwise, and no wire of the standard wiring leads to it.
 */
export const STATUS_LED_PIN: PinName = "GPIO15";
