/**
 * What a wiring rule is.
 */
import type { Machine } from "../circuit.ts";

export type Rule = {
  readonly name: string;
  /** What would happen otherwise. */
  readonly reason: string;
  /** One sentence for everything that breaks it; a machine with unknown ends is judged as far as it goes. */
  readonly problems: (machine: Machine) => readonly string[];
};
