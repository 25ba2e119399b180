/**
 * The boards a totem can be built on, as far as wiring and current depend on them. Facts of their makers, each with where
 * it was read. No totem has been run on any of these boards yet, and every page made from this says so.
 */
import type { Bilingual } from "./bilingual.ts";
import type { PinName } from "./pins.ts";

export type HeaderPin = "3V3" | "5V" | "GND" | PinName;

export type Board = {
  readonly id: "pi-3" | "pi-4" | "pi-5" | "zero-2-w";
  readonly name: string;
  /** Label of the chip that holds the header's lines; its number changes from kernel to kernel. */
  readonly chipLabel: "pinctrl-bcm2835" | "pinctrl-bcm2711" | "pinctrl-rp1";
  /** The 40 pins in order: pin 1 is the first. */
  readonly header: readonly HeaderPin[];
  /** Lines from this one on start with a pull-down, those before it with a pull-up. */
  readonly firstPulledDown: PinName;
  readonly bootPullsSource: string;
  /** What may be drawn from the header's lines and from its 3.3 V pins. */
  readonly limits: {
    readonly perPinMilliamps: number;
    /** All lines and the 3.3 V pins together. */
    readonly logicMilliamps: number;
    readonly source: string;
  };
  readonly supply: {
    readonly milliamps: number;
    /** The board alone, at work. */
    readonly ownMilliamps: number;
    /** All USB devices together; null where only the supply limits them. */
    readonly usbMilliamps: number | null;
    readonly source: string;
  };
  /** What has to be bought beside it, or done without. */
  readonly lacks: readonly Bilingual[];
  readonly triedOnHardware: false;
};

/** The header is the same on all four. */
export const HEADER: readonly HeaderPin[] = [
  ...(["3V3", "5V", "GPIO2", "5V", "GPIO3", "GND", "GPIO4", "GPIO14", "GND", "GPIO15"] as const),
  ...(["GPIO17", "GPIO18", "GPIO27", "GND", "GPIO22", "GPIO23", "3V3", "GPIO24", "GPIO10", "GND"] as const),
  ...(["GPIO9", "GPIO25", "GPIO11", "GPIO8", "GND", "GPIO7", "GPIO0", "GPIO1", "GPIO5", "GND"] as const),
  ...(["GPIO6", "GPIO12", "GPIO13", "GND", "GPIO19", "GPIO16", "GPIO26", "GPIO20", "GND", "GPIO21"] as const),
];

/** Lines that stay free on every board, and why. */
export const RESERVED: readonly { readonly pin: PinName; readonly reason: Bilingual }[] = [
  ...(["GPIO0", "GPIO1"] as const).map((pin) => ({
    pin,
    reason: { it: "identificazione delle schede HAT", en: "identification of add-on boards" },
  })),
  { pin: "GPIO3", reason: { it: "riaccende la scheda spenta", en: "wakes a halted board" } },
  ...(["GPIO14", "GPIO15"] as const).map((pin) => ({
    pin,
    reason: { it: "UART, per un lettore senza USB", en: "UART, for a scanner without USB" },
  })),
];

/** Resistors that the boards carry themselves: the I2C pull-ups of lines 2 and 3 to 3.3 V. */
export const ON_BOARD_PULL_UP_OHMS: Readonly<Partial<Record<PinName, number>>> = {
  GPIO2: 1_800,
  GPIO3: 1_800,
};

/** A line's own pull is this weak at most (BCM2711: 33 to 73 kohm; BCM2835: 50 to 65). */
export const INTERNAL_PULL_OHMS_MIN = 33_000;

/** At least this much on an input is high (BCM2711, the more demanding of the two in the documentation). */
export const INPUT_HIGH_VOLTS_MIN = 2.0;

const PI_DOCS = "github.com/raspberrypi/documentation, documentation/asciidoc/computers/raspberry-pi";

/**
 * "Designed with a maximum current of ~3 mA per GPIO pin" (gpio-pad-controls.adoc); 50 mA over all pins
 * (power-supplies.adoc). A pad bears 16 mA, its supply not sixteen times that.
 */
const LIMITS = {
  perPinMilliamps: 3,
  logicMilliamps: 50,
  source: `${PI_DOCS}/gpio-pad-controls.adoc and power-supplies.adoc`,
};

const COMMON = { header: HEADER, firstPulledDown: "GPIO9", limits: LIMITS, triedOnHardware: false } as const;
const SUPPLY_SOURCE = `${PI_DOCS}/power-supplies.adoc: recommended supply, typical bare-board current, USB total`;

export const BOARDS: readonly Board[] = [
  {
    ...COMMON,
    id: "pi-3",
    name: "Raspberry Pi 3 Model B / B+",
    chipLabel: "pinctrl-bcm2835",
    bootPullsSource: "BCM2835 ARM Peripherals, table 6-31",
    // The B+ draws more than the B.
    supply: { milliamps: 2_500, ownMilliamps: 500, usbMilliamps: 1_200, source: SUPPLY_SOURCE },
    lacks: [],
  },
  {
    ...COMMON,
    id: "pi-4",
    name: "Raspberry Pi 4 Model B",
    chipLabel: "pinctrl-bcm2711",
    bootPullsSource: "BCM2711 ARM Peripherals, table of alternative functions",
    supply: { milliamps: 3_000, ownMilliamps: 600, usbMilliamps: 1_200, source: SUPPLY_SOURCE },
    lacks: [],
  },
  {
    ...COMMON,
    id: "pi-5",
    name: "Raspberry Pi 5",
    chipLabel: "pinctrl-rp1",
    bootPullsSource: "taken to be those of the older boards; not read in a data sheet and not tried",
    limits: {
      ...LIMITS,
      source: `taken from the older boards (${LIMITS.source}): nothing was read for the RP1`,
    },
    supply: {
      milliamps: 5_000,
      ownMilliamps: 800,
      usbMilliamps: 1_600,
      source: "Raspberry Pi documentation, Power supply: 5 A supply; a 3 A one leaves 600 mA for USB",
    },
    lacks: [
      {
        it: "presa per cuffie: serve comunque la scheda audio USB",
        en: "headphone jack: the USB sound adapter is needed anyway",
      },
      {
        it: "orologio tampone solo con una pila su J5, la cui ricarica è spenta in fabbrica",
        en: "clock kept only with a cell on J5, whose charging is off as delivered",
      },
    ],
  },
  {
    ...COMMON,
    id: "zero-2-w",
    name: "Raspberry Pi Zero 2 W",
    chipLabel: "pinctrl-bcm2835",
    bootPullsSource: "BCM2835 ARM Peripherals, table 6-31",
    // The 2.5 A supply its maker recommends for everything from the Zero to the 3.
    supply: { milliamps: 2_500, ownMilliamps: 350, usbMilliamps: null, source: SUPPLY_SOURCE },
    lacks: [
      {
        it: "presa per cuffie: serve comunque la scheda audio USB",
        en: "headphone jack: the USB sound adapter is needed anyway",
      },
      { it: "una sola porta USB, micro: serve un hub OTG", en: "one USB port only, micro: needs an OTG hub" },
      {
        it: "rete cablata: solo Wi-Fi, o un adattatore USB",
        en: "wired network: Wi-Fi only, or a USB adapter",
      },
      {
        it: "il connettore a 40 poli va saldato, o si compra la versione WH",
        en: "the header has to be soldered, or bought as version WH",
      },
      {
        it: "non è verificato che segnali la sottotensione",
        en: "not verified that it detects under-voltage",
      },
    ],
  },
];

/** The pin of the header a line is on, counted from 1. @throws for a line that no header has. */
export function physicalPin(pin: HeaderPin): number {
  const index = HEADER.indexOf(pin);
  if (index < 0) throw new Error(`the header has no ${pin}: lines GPIO0 to GPIO27 are on it`);
  return index + 1;
}

/** Whether a board starts with a pull-up or a pull-down on a line, before any program runs. */
export function bootPull(board: Board, pin: PinName): "up" | "down" {
  return Number(pin.slice("GPIO".length)) < Number(board.firstPulledDown.slice("GPIO".length))
    ? "up"
    : "down";
}
