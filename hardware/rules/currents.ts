/**
 * Rules of current: per line, over all lines, per driver, through the fuse, from USB and from the supply. Everything is
 * taken as lit, pressed and loud at once.
 */
import { type Circuit, circuitOf, lineAt, type Machine } from "../circuit.ts";
import { kindOf } from "../parts.ts";
import type { PinName } from "../pins.ts";
import { contactsOf, LOGIC_VOLTS } from "./levels.ts";
import type { Rule } from "./rule.ts";

const MILLI = 1_000;
/** Typical figures are no peaks: this share of a supply stays free. */
const SUPPLY_RESERVE = 0.15;

const milliamps = (value: number) => `${Math.ceil(value)} mA`;

/** What each output line gives, when high. */
export function lineCurrents(machine: Machine, circuit: Circuit): ReadonlyMap<PinName, number> {
  const found = new Map<PinName, number>();
  machine.board.header.forEach((_, index) => {
    const end = `A1.${index + 1}` as const;
    const pin = lineAt(machine.board, end);
    if (pin === null) return;
    for (const other of circuit.netOf(end)) {
      const terminal = circuit.terminal(other);
      if (terminal?.role !== "driver-input") continue;
      found.set(pin, (found.get(pin) ?? 0) + (LOGIC_VOLTS / terminal.ohms) * MILLI);
    }
  });
  return found;
}

/** What all parts draw at most from the interface board's 5 V, or from USB. */
export function drawnFrom(machine: Machine, rail: "5V" | "USB"): number {
  return machine.parts
    .map((part) => kindOf(machine.kinds, part).draws)
    .reduce((sum, draws) => sum + (draws?.from === rail ? draws.milliamps : 0), 0);
}

/** Outputs high and contacts closed, together: what the board's 3.3 V has to give. */
export function logicMilliamps(machine: Machine): number {
  const circuit = circuitOf(machine);
  const outputs = [...lineCurrents(machine, circuit).values()];
  const contacts = contactsOf(machine, circuit).flatMap(({ pullOhms }) =>
    pullOhms === null ? [] : [(LOGIC_VOLTS / pullOhms) * MILLI],
  );
  return [...outputs, ...contacts].reduce((sum, each) => sum + each, 0);
}

const pinCurrent: Rule = {
  name: "pin-current",
  reason: "A line that gives more no longer keeps its level, and in time not itself.",
  problems: (machine) =>
    [...lineCurrents(machine, circuitOf(machine))]
      .filter(([, current]) => current > machine.board.limits.perPinMilliamps)
      .map(
        ([pin, current]) =>
          `pin ${pin} gives ${milliamps(current)}, at most ${machine.board.limits.perPinMilliamps} mA`,
      ),
};

const logicCurrent: Rule = {
  name: "logic-current",
  reason: "All lines share one small 3.3 V supply.",
  problems: (machine) => {
    const sum = logicMilliamps(machine);
    const limit = machine.board.limits.logicMilliamps;
    return sum <= limit ? [] : [`lines and pull-ups draw ${milliamps(sum)}, at most ${limit} mA`];
  },
};

const contactKeptClean: Rule = {
  name: "contact-kept-clean",
  reason: "Contacts tarnish; a current below their least load does not burn them free.",
  problems: (machine) =>
    contactsOf(machine, circuitOf(machine)).flatMap(({ part, pullOhms }) => {
      const least = kindOf(machine.kinds, part).contactMilliampsMin ?? 0;
      const current = pullOhms === null ? 0 : (LOGIC_VOLTS / pullOhms) * MILLI;
      return current >= least ? [] : [`${part.ref} carries ${current.toFixed(2)} mA, at least ${least} mA`];
    }),
};

const driverCurrent: Rule = {
  name: "driver-current",
  reason: "At 3.3 V a driver carries less than its data sheet's first page says.",
  problems: (machine) => {
    const circuit = circuitOf(machine);
    return machine.parts.flatMap((part) =>
      Object.entries(kindOf(machine.kinds, part).terminals).flatMap(([name, terminal]) => {
        if (terminal.role !== "open-collector") return [];
        const sum = circuit
          .crossings(circuit.netOf(`${part.ref}.${name}`))
          .reduce((so, { part: load }) => so + (kindOf(machine.kinds, load).draws?.milliamps ?? 0), 0);
        return sum <= terminal.milliampsMax
          ? []
          : [`${part.ref}.${name} carries ${milliamps(sum)}, at most ${terminal.milliampsMax} mA`];
      }),
    );
  },
};

const fuseHolds: Rule = {
  name: "fuse-holds",
  reason: "A fuse that trips when everything is lit is a fault of its own.",
  problems: (machine) => {
    const drawn = drawnFrom(machine, "5V");
    return machine.parts.flatMap((part) => {
      const holds = kindOf(machine.kinds, part).holdMilliamps;
      return holds === undefined || holds >= drawn
        ? []
        : [`${part.ref} holds ${holds} mA and ${milliamps(drawn)} are drawn through it`];
    });
  },
};

const usbCurrent: Rule = {
  name: "usb-current",
  reason: "A board cuts its USB ports off when they draw too much, and the scanner with them.",
  problems: (machine) => {
    const drawn = drawnFrom(machine, "USB");
    const limit = machine.board.supply.usbMilliamps;
    return limit === null || drawn <= limit
      ? []
      : [`USB devices draw ${milliamps(drawn)}, at most ${limit} mA on ${machine.board.name}`];
  },
};

const supplyCurrent: Rule = {
  name: "supply-current",
  reason: "Under-voltage damages cards and loses votes long before anything goes out.",
  problems: (machine) => {
    const { supply, name } = machine.board;
    const drawn = supply.ownMilliamps + drawnFrom(machine, "5V") + drawnFrom(machine, "USB");
    const limit = supply.milliamps * (1 - SUPPLY_RESERVE);
    return drawn <= limit
      ? []
      : [`${milliamps(drawn)} are drawn, at most ${milliamps(limit)} of the supply of ${name}`];
  },
};

export const CURRENT_RULES: readonly Rule[] = [
  pinCurrent,
  logicCurrent,
  contactKeptClean,
  driverCurrent,
  fuseHolds,
  usbCurrent,
  supplyCurrent,
];
