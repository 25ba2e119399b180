/**
 * Every connection of a totem, wire by wire, made from the pins in `wiring.ts` and the parts in `parts.ts`. Drawings,
 * tables and rules read it. The firmware does not: it needs the pins only.
 */
import { KEYS, type Key } from "#schemas/code-list.ts";
import { physicalPin } from "./boards.ts";
import { DRIVERS, KEY_REFS, LIGHT_REFS, type Light } from "./parts.ts";
import type { PinName } from "./pins.ts";
import { BUZZER_PIN, HEADPHONES_PIN, KEY_PINS, LAMP_PINS, PICTOGRAM_PINS } from "./wiring.ts";

/** A terminal of a part: `S1.NO`, `A1.7` (pin 7 of the header). */
export type End = `${string}.${string}`;

/** IEC 60757; two codes are a wire with a stripe, as in telephone cable. */
export type WireColour =
  | ("BK" | "BN" | "RD" | "OG" | "YE" | "GN" | "BU" | "VT" | "GY" | "WH" | "PK" | "TQ")
  | ("WHBU" | "WHOG" | "WHGN" | "WHBN");

/** `board`: on the interface board and its ribbon. The others leave it through a connector, or are cables with plugs. */
export type Harness = "board" | "keys" | "lamps" | "power" | "sound";

export type Wire = {
  readonly from: End;
  readonly to: End;
  readonly colour: WireColour | "cable";
  readonly harness: Harness;
  /** Where it leaves the interface board: connector and way. */
  readonly connector: `${string}:${number}` | null;
};

/** Colours of the keys' wires. Black and red stay what everybody takes them for. */
const KEY_COLOURS: Readonly<Record<Key, WireColour>> = {
  green: "GN",
  yellow: "YE",
  red: "PK",
  wait: "BU",
  staff: "VT",
  return: "GY",
  outcome: "WH",
  assist: "BN",
  service: "TQ",
};

const LIGHT_COLOURS: Readonly<Record<Light, WireColour>> = {
  green: "GN",
  yellow: "YE",
  red: "PK",
  wait: "BU",
  staff: "VT",
  return: "GY",
  outcome: "WH",
  assist: "BN",
  showReceipt: "WHBU",
  choose: "WHOG",
  thankYou: "WHGN",
  notAccepted: "WHBN",
};

/** Ways of J2 in the order of the parts, so that the plug is crimped from left to right. */
const J2_ORDER: readonly Light[] = [
  ...(["green", "yellow", "red", "assist"] as const),
  ...(["showReceipt", "choose", "thankYou", "notAccepted"] as const),
  ...(["wait", "staff", "return", "outcome"] as const),
];

const LIGHT_PINS: Readonly<Record<Light, PinName>> = { ...LAMP_PINS, ...PICTOGRAM_PINS };

/** Lines of the suppressors: four a part. */
const SUPPRESSOR_LINES = 4;

const onBoard = (from: End, to: End, colour: WireColour): Wire => ({
  from,
  to,
  colour,
  harness: "board",
  connector: null,
});

const cable = (from: End, to: End, harness: Harness): Wire => ({
  from,
  to,
  colour: "cable",
  harness,
  connector: null,
});

const header = (pin: PinName): End => `A1.${physicalPin(pin)}`;

/** Series resistor, filter, suppressor and way of J1, alike for keys and the headphone contact. */
function inputWires(input: {
  readonly number: number;
  readonly pin: PinName;
  readonly contact: End;
  readonly colour: WireColour;
}): readonly Wire[] {
  const { number, pin, contact, colour } = input;
  const line: End = `R${number + 10}.1`;
  const outside: End = `R${number + 10}.2`;
  const suppressor =
    `D${Math.ceil(number / SUPPRESSOR_LINES)}.IO${((number - 1) % SUPPRESSOR_LINES) + 1}` as End;
  return [
    onBoard(header(pin), line, colour),
    onBoard(`C${number}.1`, line, colour),
    onBoard(`C${number}.2`, "A2.GND", "BK"),
    onBoard(suppressor, outside, colour),
    { from: outside, to: contact, colour, harness: "keys", connector: `J1:${number}` },
  ];
}

function keyWires(key: Key, number: number): readonly Wire[] {
  const colour = KEY_COLOURS[key];
  return [
    ...inputWires({ number, pin: KEY_PINS[key], contact: `${KEY_REFS[key]}.NO`, colour }),
    onBoard(`R${number}.2`, `R${number + 10}.2`, colour),
    onBoard(`R${number}.1`, "A2.3V3", "OG"),
  ];
}

/** A wire from end to end and back to the board: where it breaks once, everybody is still reached from the other side. */
function ring(
  rail: End,
  ends: readonly End[],
  run: {
    readonly colour: WireColour;
    readonly harness: Harness;
    readonly connector: string;
    readonly ways: readonly [number, number];
  },
): readonly Wire[] {
  const { colour, harness, connector, ways } = run;
  const stops = [rail, ...ends, rail];
  return stops.slice(1).flatMap((to, index): readonly Wire[] => {
    const from = stops[index];
    if (from === undefined) return [];
    const way = from === rail ? ways[0] : to === rail ? ways[1] : null;
    return [{ from, to, colour, harness, connector: way === null ? null : `${connector}:${way}` }];
  });
}

const HEADPHONES_NUMBER = KEYS.length + 1;

const KEY_HARNESS: readonly Wire[] = [
  ...KEYS.flatMap((key, index) => keyWires(key, index + 1)),
  ...inputWires({ number: HEADPHONES_NUMBER, pin: HEADPHONES_PIN, contact: "X1.NO", colour: "WHBU" }),
  ...ring("A2.GND", [...KEYS.map((key): End => `${KEY_REFS[key]}.COM`), "X1.COM"], {
    colour: "BK",
    harness: "keys",
    connector: "J1",
    ways: [HEADPHONES_NUMBER + 1, HEADPHONES_NUMBER + 2],
  }),
];

function channelWires(driver: string, channel: number, load: Light | "buzzer"): readonly Wire[] {
  const input: End = `${driver}.IN${channel}`;
  const output: End = `${driver}.OUT${channel}`;
  if (load === "buzzer") {
    return [onBoard(header(BUZZER_PIN), input, "TQ"), onBoard(output, "BZ1.-", "TQ")];
  }
  const colour = LIGHT_COLOURS[load];
  const way = J2_ORDER.indexOf(load) + 1;
  return [
    onBoard(header(LIGHT_PINS[load]), input, colour),
    { from: output, to: `${LIGHT_REFS[load]}.L-`, colour, harness: "lamps", connector: `J2:${way}` },
  ];
}

const LAMP_HARNESS: readonly Wire[] = [
  ...DRIVERS.flatMap(({ ref, channels }) => [
    ...channels.flatMap((load, index) => channelWires(ref, index + 1, load)),
    onBoard(`${ref}.GND`, "A2.GND", "BK"),
    onBoard(`${ref}.COM`, "A2.5V", "RD"),
  ]),
  ...ring(
    "A2.5V",
    J2_ORDER.map((light): End => `${LIGHT_REFS[light]}.L+`),
    {
      colour: "RD",
      harness: "lamps",
      connector: "J2",
      ways: [J2_ORDER.length + 1, J2_ORDER.length + 2],
    },
  ),
  onBoard("BZ1.+", "A2.5V", "RD"),
];

const POWER: readonly Wire[] = [
  cable("G1.OUT", "A1.PWR", "power"),
  // Two pins of each: one pin of a ribbon is not meant for an ampere.
  onBoard("A1.2", "F1.1", "RD"),
  onBoard("A1.4", "F1.1", "RD"),
  onBoard("F1.2", "A2.5V", "RD"),
  onBoard("A1.1", "A2.3V3", "OG"),
  ...([6, 9, 14, 20, 25, 30, 34, 39] as const).map((pin) => onBoard(`A1.${pin}`, "A2.GND", "BK")),
  ...[1, 2, 3].map((number) => onBoard(`D${number}.GND`, "A2.GND", "BK")),
];

const SOUND: readonly Wire[] = [
  cable("A1.USB1", "U3.USB", "power"),
  cable("A1.USB2", "U4.USB", "sound"),
  cable("U4.L", "X1.T", "sound"),
  cable("U4.R", "X1.R", "sound"),
  cable("U4.G", "X1.S", "sound"),
  cable("X1.TN", "U5.INL", "sound"),
  cable("X1.S", "U5.ING", "sound"),
  { from: "A2.5V", to: "U5.5V", colour: "RD", harness: "sound", connector: "J3:1" },
  { from: "A2.GND", to: "U5.GND", colour: "BK", harness: "sound", connector: "J3:2" },
  { from: "U5.OUTL+", to: "LS1.+", colour: "WH", harness: "sound", connector: null },
  { from: "U5.OUTL-", to: "LS1.-", colour: "BN", harness: "sound", connector: null },
];

export const WIRING: readonly Wire[] = [...POWER, ...KEY_HARNESS, ...LAMP_HARNESS, ...SOUND];
