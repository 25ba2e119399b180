/**
 * Rules of volts: what reaches a 3.3 V line, what a lamp is fed with, how a key rests and what it closes to.
 */
import { bootPull, INPUT_HIGH_VOLTS_MIN, INTERNAL_PULL_OHMS_MIN, ON_BOARD_PULL_UP_OHMS } from "../boards.ts";
import {
  type Circuit,
  circuitOf,
  isGround,
  lineAt,
  type Machine,
  type Net,
  sourcesOn,
  voltsOf,
} from "../circuit.ts";
import type { End } from "../nets.ts";
import { kindOf, type Part } from "../parts.ts";
import type { PinName } from "../pins.ts";
import type { Rule } from "./rule.ts";

export const LOGIC_VOLTS = 3.3;

/** Where a supply gets to through resistors, fuses, lamps and closed contacts: it ends at what gives a level itself. */
function reachedFrom(machine: Machine, circuit: Circuit, supply: Net): readonly Net[] {
  const reached: Net[] = [supply];
  for (const net of reached) {
    if (net !== supply && sourcesOn(machine, circuit, net).length > 0) continue;
    for (const { to } of circuit.crossings(net)) if (!reached.includes(to)) reached.push(to);
  }
  return reached;
}

const noFiveVoltsOnALine: Rule = {
  name: "no-5-volts-on-a-line",
  reason: "More than 3.3 V on a line destroys the board (its maker's documentation says so).",
  problems: (machine) => {
    const circuit = circuitOf(machine);
    const tooHigh = machine.board.header.flatMap((pin, index) =>
      pin === "5V" ? [circuit.netOf(`A1.${index + 1}`)] : [],
    );
    const reached = new Set(tooHigh.flatMap((net) => reachedFrom(machine, circuit, net)));
    return [...reached].flatMap((net) =>
      net.flatMap((end) => {
        const pin = lineAt(machine.board, end);
        return pin === null ? [] : [`5 V reaches pin ${pin}, which bears 3.3 V`];
      }),
    );
  },
};

const loadsGetTheirVolts: Rule = {
  name: "loads-get-their-volts",
  reason: "A lamp for 5 V stays dark at 3.3 V, and takes more from that rail than it has.",
  problems: (machine) => {
    const circuit = circuitOf(machine);
    return machine.parts.flatMap((part) =>
      Object.entries(kindOf(machine.kinds, part).terminals).flatMap(([name, terminal]) => {
        if (terminal.role !== "load") return [];
        const volts = voltsOf(circuit, circuit.netOf(`${part.ref}.${name}`));
        if (volts === terminal.volts) return [];
        return [
          `${part.ref}.${name} needs ${terminal.volts} V and gets ${volts === null ? "none" : `${volts} V`}`,
        ];
      }),
    );
  },
};

const darkAtBoot: Rule = {
  name: "dark-at-boot",
  reason: "Before any program runs, a line with a pull-up would light its lamp or sound the buzzer.",
  problems: (machine) => {
    const circuit = circuitOf(machine);
    return machine.parts.flatMap((part) =>
      Object.entries(kindOf(machine.kinds, part).terminals).flatMap(([name, terminal]) => {
        if (terminal.role !== "driver-input") return [];
        return linesOn(machine, circuit.netOf(`${part.ref}.${name}`))
          .filter((pin) => bootPull(machine.board, pin) === "up")
          .map((pin) => `pin ${pin} starts high and switches on what hangs on ${part.ref}.${name}`);
      }),
    );
  },
};

function linesOn(machine: Machine, net: Net): readonly PinName[] {
  return net.flatMap((end) => lineAt(machine.board, end) ?? []);
}

/** A contact with the line that reads it and the resistors in between. */
export type ReadContact = {
  readonly part: Part;
  readonly closesTo: Net;
  readonly line: PinName | null;
  readonly pullOhms: number | null;
  readonly seriesOhms: number;
};

/** Every key and the headphone contact as the board reads it. */
export function contactsOf(machine: Machine, circuit: Circuit): readonly ReadContact[] {
  return machine.parts
    .filter((part) => kindOf(machine.kinds, part).ways.some(({ through }) => through === "contact"))
    .map((part) => {
      const outside = circuit.netOf(`${part.ref}.NO` as End);
      const resistors = circuit.crossings(outside).filter(({ way }) => way.through === "resistor");
      const toLine = resistors.find(({ to }) => linesOn(machine, to).length > 0);
      const line = linesOn(machine, toLine?.to ?? outside)[0] ?? null;
      const pull = [...resistors, ...(toLine === undefined ? [] : circuit.crossings(toLine.to))].find(
        ({ to }) => voltsOf(circuit, to) === LOGIC_VOLTS,
      );
      return {
        part,
        closesTo: circuit.netOf(`${part.ref}.COM` as End),
        line,
        pullOhms: pull?.way.ohms ?? (line === null ? null : (ON_BOARD_PULL_UP_OHMS[line] ?? null)),
        seriesOhms: toLine?.way.ohms ?? 0,
      };
    });
}

const keyRestsHigh: Rule = {
  name: "key-rests-high",
  reason: "A key at rest must be read as high, also against the pull-down its line starts with.",
  problems: (machine) =>
    contactsOf(machine, circuitOf(machine)).flatMap(({ part, line, pullOhms, seriesOhms }) => {
      if (line === null) return [`${part.ref} reaches no line of the header`];
      if (pullOhms === null) return [`${part.ref} has no pull-up to 3.3 V`];
      if (bootPull(machine.board, line) === "up") return [];
      const share = INTERNAL_PULL_OHMS_MIN / (INTERNAL_PULL_OHMS_MIN + pullOhms + seriesOhms);
      const volts = LOGIC_VOLTS * share;
      return volts >= INPUT_HIGH_VOLTS_MIN
        ? []
        : [`${part.ref} rests at ${volts.toFixed(1)} V against the pull-down of pin ${line}`];
    }),
};

const keyClosesToGround: Rule = {
  name: "key-closes-to-ground",
  reason: "Keys are active low: one that closes to anything else is never pressed, or shorts a supply.",
  problems: (machine) => {
    const circuit = circuitOf(machine);
    return contactsOf(machine, circuit)
      .filter(({ closesTo }) => !isGround(circuit, closesTo))
      .map(({ part }) => `${part.ref} does not close to ground`);
  },
};

export const LEVEL_RULES: readonly Rule[] = [
  noFiveVoltsOnALine,
  loadsGetTheirVolts,
  darkAtBoot,
  keyRestsHigh,
  keyClosesToGround,
];
