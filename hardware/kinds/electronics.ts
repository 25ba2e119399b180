/**
 * The kinds of parts on the interface board, between the header and what the harnesses lead to.
 */
import { GROUND, type Kind, PASSIVE, type Terminal } from "./kind.ts";

/** 3.3 V over it: 1.5 mA through a closed key, enough for its contact and for metres of wire beside a motor. */
export const PULL_UP_OHMS = 2_200;
/** What a spark on the wire still brings past the suppressor must pass it; a line draws nothing through it. */
export const SERIES_OHMS = 330;
/** In front of each input of the ULN2803A, inside it. */
export const DRIVER_INPUT_OHMS = 2_700;
/** With 2.4 V at its input a ULN280x still carries 200 mA; the boards give 2.6 V at least. */
const DRIVER_MILLIAMPS_MAX = 200;

/** What the fuse carries for ever at 23 degrees; about a fifth less in a warm case. */
export const HOLD_MILLIAMPS = 1_350;

const CHANNELS = [1, 2, 3, 4, 5, 6, 7, 8] as const;
const DRIVER_INPUT: Terminal = { role: "driver-input", ohms: DRIVER_INPUT_OHMS };
const DRIVER_OUTPUT: Terminal = {
  role: "open-collector",
  voltsMax: 50,
  milliampsMax: DRIVER_MILLIAMPS_MAX,
};

const resistor = (ohms: number) =>
  ({
    terminals: { "1": PASSIVE, "2": PASSIVE },
    ways: [{ from: "1", to: "2", through: "resistor", ohms }],
    draws: null,
  }) as const;

export const ELECTRONIC_KINDS: readonly Kind[] = [
  {
    id: "driver",
    description: {
      it: "ULN2803A, otto comandi a collettore aperto, DIP-18, con zoccolo",
      en: "ULN2803A, eight open-collector drivers, DIP-18, with socket",
    },
    makersNumber: "Texas Instruments ULN2803AN",
    facts: {
      it: "2,7 kohm in ogni ingresso; comandabile a 3,3 V; toglie circa 1 V alla lampada",
      en: "2.7 kohm in each input; can be driven with 3.3 V; takes about 1 V from the lamp",
    },
    alternatives: [
      {
        it: "STMicroelectronics o Toshiba ULN2803A, stessi piedini",
        en: "STMicroelectronics or Toshiba ULN2803A, same pins",
      },
      {
        it: "TBD62083A (MOSFET, stessi piedini): la lampada perde meno",
        en: "TBD62083A (MOSFET, same pins): takes less from the lamp",
      },
    ],
    source: "TI data sheet ULN2803A (2.7 kohm, 50 V, 500 mA); ULN2003A table: 200 mA at 2.4 V",
    terminals: {
      ...Object.fromEntries(CHANNELS.map((n) => [`IN${n}`, DRIVER_INPUT])),
      ...Object.fromEntries(CHANNELS.map((n) => [`OUT${n}`, DRIVER_OUTPUT])),
      GND: GROUND,
      COM: { role: "load", volts: 5 },
    },
    ways: [],
    draws: null,
  },
  {
    id: "pull-up",
    description: { it: "Resistenza 2,2 kohm 1/4 W, verso 3,3 V", en: "Resistor 2.2 kohm 1/4 W, to 3.3 V" },
    makersNumber: null,
    facts: {
      it: "da 1 a 2,2 kohm: quella interna da 50 kohm non basta fuori dalla scheda",
      en: "1 to 2.2 kohm: the internal one of 50 kohm is not enough off the board",
    },
    alternatives: [{ it: "1,8 kohm", en: "1.8 kohm" }],
    source: "electronics.stackexchange.com 452909: on 10 m of wire 5 kohm failed, 1 kohm held",
    ...resistor(PULL_UP_OHMS),
  },
  {
    id: "series",
    description: { it: "Resistenza 330 ohm 1/4 W, in serie", en: "Resistor 330 ohm 1/4 W, in series" },
    makersNumber: null,
    facts: { it: "da 100 ohm a 1 kohm", en: "100 ohm to 1 kohm" },
    alternatives: [{ it: "470 ohm", en: "470 ohm" }],
    source: null,
    ...resistor(SERIES_OHMS),
  },
  {
    id: "capacitor",
    description: { it: "Condensatore ceramico 100 nF", en: "Ceramic capacitor 100 nF" },
    makersNumber: null,
    facts: { it: "almeno 16 V", en: "at least 16 V" },
    alternatives: [],
    source: null,
    terminals: { "1": PASSIVE, "2": PASSIVE },
    ways: [],
    draws: null,
  },
  {
    id: "suppressor",
    description: {
      it: "Soppressore di scariche, 4 linee, su adattatore DIP",
      en: "Surge suppressor, 4 lines, on a DIP adapter",
    },
    makersNumber: "Texas Instruments TPD4E1B06",
    facts: { it: "lavora fino a 5,5 V", en: "works up to 5.5 V" },
    alternatives: [
      {
        it: "TI TPD4E002; oppure un diodo unidirezionale da 5 V per linea",
        en: "TI TPD4E002; or one 5 V unidirectional diode a line",
      },
    ],
    source: "TI data sheets TPD4E1B06 (SLVSBQ8) and TPD4E002",
    terminals: { IO1: PASSIVE, IO2: PASSIVE, IO3: PASSIVE, IO4: PASSIVE, GND: GROUND },
    ways: [],
    draws: null,
  },
  {
    id: "fuse",
    description: { it: "Fusibile autoripristinante 1,35 A", en: "Resettable fuse 1.35 A" },
    makersNumber: "Bourns MF-R135",
    facts: { it: "tiene 1,35 A a 23 gradi", en: "holds 1.35 A at 23 degrees" },
    alternatives: [{ it: "Littelfuse RXEF135", en: "Littelfuse RXEF135" }],
    source: "Bourns data sheet MF-R",
    terminals: { "1": PASSIVE, "2": PASSIVE },
    ways: [{ from: "1", to: "2", through: "fuse", ohms: 0 }],
    draws: null,
    holdMilliamps: HOLD_MILLIAMPS,
  },
  {
    id: "buzzer",
    description: { it: "Cicalino attivo 5 V", en: "Active buzzer 5 V" },
    makersNumber: null,
    facts: {
      it: "con oscillatore proprio (suona in continua), al massimo 30 mA",
      en: "with its own oscillator (sounds on direct current), at most 30 mA",
    },
    alternatives: [{ it: "CUI CT-1205CL (SMD, 30 mA)", en: "CUI CT-1205CL (SMD, 30 mA)" }],
    source: "CUI data sheet CT-1205CL: 4 to 7 V, 30 mA at most",
    terminals: { "+": { role: "load", volts: 5 }, "-": PASSIVE },
    ways: [{ from: "+", to: "-", through: "lamp", ohms: 0 }],
    draws: { from: "5V", milliamps: 30 },
  },
];
