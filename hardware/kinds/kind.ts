/**
 * What a kind of part is: one line of the bill of materials, and what the wiring rules have to know of it electrically.
 */
import type { Bilingual } from "../bilingual.ts";

/** What a terminal does, as far as a rule can go wrong with it. */
export type Terminal =
  | { readonly role: "passive" }
  | { readonly role: "ground" }
  /** Gives a voltage. */
  | { readonly role: "supply"; readonly volts: number }
  /** Has to be supplied with this voltage. */
  | { readonly role: "load"; readonly volts: number }
  /** Pulls to ground when its input is high; bears this much. */
  | { readonly role: "open-collector"; readonly voltsMax: number; readonly milliampsMax: number }
  /** High switches something on; draws what its own resistor lets through. */
  | { readonly role: "driver-input"; readonly ohms: number }
  | { readonly role: "line" }
  /** Audio, USB, the board's own supply socket: ends of cables that only fit where they belong. */
  | { readonly role: "plug" };

/** A way for current through a part. A contact is a way too: it may be closed. */
export type Way = {
  readonly from: string;
  readonly to: string;
  readonly through: "resistor" | "fuse" | "contact" | "lamp";
  readonly ohms: number;
};

export type Kind = {
  readonly id: string;
  readonly description: Bilingual;
  /** Maker and number, or null where the part is bought by its facts: no single one has been tried. */
  readonly makersNumber: string | null;
  /** What it must be or have, to be read before buying another one. */
  readonly facts: Bilingual;
  readonly alternatives: readonly Bilingual[];
  /** Where the facts were read; null where they are a demand of this design. */
  readonly source: string | null;
  readonly terminals: Readonly<Record<string, Terminal>>;
  readonly ways: readonly Way[];
  /** The most it draws: from the interface board's 5 V, or from the board's USB. */
  readonly draws: { readonly from: "5V" | "USB"; readonly milliamps: number } | null;
  /** Lowest current with which its contact stays clean. */
  readonly contactMilliampsMin?: number;
  /** A fuse's: what it carries for ever. */
  readonly holdMilliamps?: number;
};

export const PASSIVE: Terminal = { role: "passive" };
export const GROUND: Terminal = { role: "ground" };
export const PLUG: Terminal = { role: "plug" };

/** What every lamp of the totem may draw: Omron's lit buttons A3PJ need 40 mA at 5 V for red and white, others less. */
export const LAMP_MILLIAMPS_MAX = 40;
