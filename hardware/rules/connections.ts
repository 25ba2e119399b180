/**
 * Rules of what is joined to what: ends, pins, ways of connectors, rings. They know no volts.
 */
import { BOARD_REF, type Circuit, circuitOf, lineAt, refOf, sourcesOn, terminalOf } from "../circuit.ts";
import type { End, Wire } from "../nets.ts";
import { kindOf } from "../parts.ts";
import type { Rule } from "./rule.ts";

function endsOf(wiring: readonly Wire[]): readonly End[] {
  return wiring.flatMap(({ from, to }) => [from, to]);
}

/** The wires at every end. */
function wiresAt(wiring: readonly Wire[]): ReadonlyMap<End, readonly Wire[]> {
  const found = new Map<End, Wire[]>();
  for (const wire of wiring) {
    for (const end of [wire.from, wire.to]) {
      const wires = found.get(end) ?? [];
      wires.push(wire);
      found.set(end, wires);
    }
  }
  return found;
}

const endsExist: Rule = {
  name: "ends-exist",
  reason: "A wire to a part or terminal that is not there cannot be laid.",
  problems: (machine) => {
    const circuit = circuitOf(machine);
    return [...new Set(endsOf(machine.wiring))]
      .filter((end) => circuit.terminal(end) === null)
      .map((end) => `a wire leads to ${end}, which no part has`);
  },
};

const noDanglingEnd: Rule = {
  name: "no-dangling-end",
  reason: "A forgotten terminal is a part that does nothing; an open input reads whatever passes by.",
  problems: ({ wiring, parts, kinds }) => {
    const wired = new Set(endsOf(wiring));
    return parts.flatMap((part) =>
      Object.keys(kindOf(kinds, part).terminals)
        .filter((terminal) => !part.spare.includes(terminal) && !wired.has(`${part.ref}.${terminal}`))
        .map((terminal) => `${part.ref}.${terminal} is joined to nothing`),
    );
  },
};

const pinUsedOnce: Rule = {
  name: "pin-used-once",
  reason: "Two keys on one line are one key; a lamp and a key on one line is a short circuit.",
  problems: ({ wiring, board }) =>
    [...wiresAt(wiring)].flatMap(([end, wires]) => {
      const pin = lineAt(board, end);
      if (pin === null || wires.length === 1) return [];
      const others = wires.map(({ from, to }) => (from === end ? to : from));
      return [
        `pin ${pin} is used ${wires.length === 2 ? "twice" : `${wires.length} times`}: for ${others.join(" and ")}`,
      ];
    }),
};

const noReservedPin = (
  reserved: readonly { readonly pin: string; readonly reason: { readonly en: string } }[],
): Rule => ({
  name: "no-reserved-pin",
  reason: "Some lines have another duty before or after the program runs.",
  problems: ({ wiring, board }) =>
    [...wiresAt(wiring).keys()].flatMap((end) => {
      const pin = lineAt(board, end);
      const found = reserved.find((each) => each.pin === pin);
      return found === undefined ? [] : [`pin ${pin} is reserved: ${found.reason.en}`];
    }),
});

const oneSourcePerNet: Rule = {
  name: "one-source-per-net",
  reason: "Where two sources meet, the stronger one burns the other.",
  problems: (machine) => {
    const circuit = circuitOf(machine);
    const nets = new Set(endsOf(machine.wiring).map((end) => circuit.netOf(end)));
    return [...nets].flatMap((net) => {
      const sources = sourcesOn(machine, circuit, net);
      return sources.length < 2 ? [] : [`${sources.join(" and ")} meet at ${net.slice(0, 4).join(", ")}`];
    });
  },
};

const connectorWays: Rule = {
  name: "connector-ways",
  reason: "Two wires do not fit into one way, and no wire into one that the connector has not.",
  problems: ({ wiring, parts }) => {
    const used = wiring.flatMap(({ connector }) => (connector === null ? [] : [connector]));
    const twice = used.filter((way, index) => used.indexOf(way) !== index);
    const missing = used.filter((position) => {
      const [ref, way] = position.split(":");
      const ways = Number(parts.find((part) => part.ref === ref)?.kind.replace("connector-", "") ?? 0);
      return !(Number(way) >= 1 && Number(way) <= ways);
    });
    return [
      ...twice.map((way) => `way ${way} takes two wires`),
      ...missing.map((way) => `there is no way ${way}`),
    ];
  },
};

/** Whether a wire belongs to a ring: off the board, and of the same net as ground or 5 V. */
function isOfRing(circuit: Circuit, wire: Wire): boolean {
  return (
    (wire.harness === "keys" || wire.harness === "lamps") &&
    ["A2.GND", "A2.5V"].some((rail) => circuit.netOf(wire.from).includes(rail as End))
  );
}

const oneBreakReachesAll: Rule = {
  name: "one-break-reaches-all",
  reason: "A crimp that fails in the field must not take every key after it along.",
  problems: (machine) => {
    const circuit = circuitOf(machine);
    return machine.wiring
      .filter((wire) => isOfRing(circuit, wire))
      .flatMap((broken) => {
        const net = circuit.netOf(broken.from);
        const rest = circuitOf({ ...machine, wiring: machine.wiring.filter((wire) => wire !== broken) });
        const rail = net.find(
          (end) => refOf(end) === BOARD_REF || terminalOf(end) === "GND" || terminalOf(end) === "5V",
        );
        const lost = rail === undefined ? [] : net.filter((end) => !rest.netOf(rail).includes(end));
        return lost.length === 0
          ? []
          : [`with ${broken.from} - ${broken.to} broken, ${lost.join(", ")} are cut off`];
      });
  },
};

export function connectionRules(
  reserved: readonly { readonly pin: string; readonly reason: { readonly en: string } }[],
): readonly Rule[] {
  return [
    endsExist,
    noDanglingEnd,
    pinUsedOnce,
    noReservedPin(reserved),
    oneSourcePerNet,
    connectorWays,
    oneBreakReachesAll,
  ];
}
