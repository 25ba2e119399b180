/**
 * The wiring as a circuit: which ends are one net, and where current can go through a part. Pure, and judges nothing;
 * the rules do.
 */
import type { Board, HeaderPin } from "./boards.ts";
import type { Kind, Terminal, Way } from "./kinds/kind.ts";
import type { End, Wire } from "./nets.ts";
import { kindOf, type Part } from "./parts.ts";
import type { PinName } from "./pins.ts";

/** All that a rule may look at. */
export type Machine = {
  readonly wiring: readonly Wire[];
  readonly parts: readonly Part[];
  readonly kinds: readonly Kind[];
  readonly board: Board;
};

export type Crossing = { readonly part: Part; readonly way: Way; readonly to: Net };

/** Ends that wires make one. An end without a wire is a net of its own. */
export type Net = readonly End[];

export type Circuit = {
  readonly netOf: (end: End) => Net;
  /** Ways out of a net through the parts on it, in both directions. */
  readonly crossings: (net: Net) => readonly Crossing[];
  /** What a terminal does, or null for an end that no part has. */
  readonly terminal: (end: End) => Terminal | null;
};

/** The board's reference. */
export const BOARD_REF = "A1";

export function refOf(end: End): string {
  return end.slice(0, end.indexOf("."));
}

export function terminalOf(end: End): string {
  return end.slice(end.indexOf(".") + 1);
}

/** The line of the header at an end, or null for any other end. */
export function lineAt(board: Board, end: End): PinName | null {
  const pin = headerPinAt(board, end);
  return pin === null || pin === "3V3" || pin === "5V" || pin === "GND" ? null : pin;
}

function headerPinAt(board: Board, end: End): HeaderPin | null {
  if (refOf(end) !== BOARD_REF) return null;
  return board.header[Number(terminalOf(end)) - 1] ?? null;
}

export function circuitOf(machine: Machine): Circuit {
  const nets = netsOf(machine.wiring);
  const parts = new Map(
    machine.parts.map((part) => [part.ref, { part, kind: kindOf(machine.kinds, part) }] as const),
  );
  const netOf = (end: End): Net => nets.get(end) ?? [end];
  const crossingsAt = (end: End): readonly Crossing[] => {
    const found = parts.get(refOf(end));
    if (found === undefined) return [];
    const { part, kind } = found;
    const name = terminalOf(end);
    return kind.ways.flatMap((way): readonly Crossing[] => {
      if (way.from === name) return [{ part, way, to: netOf(`${part.ref}.${way.to}`) }];
      return way.to === name ? [{ part, way, to: netOf(`${part.ref}.${way.from}`) }] : [];
    });
  };
  return {
    netOf,
    crossings: (net) => net.flatMap(crossingsAt),
    terminal: (end) => parts.get(refOf(end))?.kind.terminals[terminalOf(end)] ?? null,
  };
}

/** Every end with all it is joined to. */
function netsOf(wiring: readonly Wire[]): ReadonlyMap<End, Net> {
  const nets = new Map<End, Set<End>>();
  for (const { from, to } of wiring) {
    const one = nets.get(from) ?? new Set([from]);
    const other = nets.get(to) ?? new Set([to]);
    // The smaller one moves: ground has half the ends of a totem.
    const [small, large] = one.size < other.size ? [one, other] : [other, one];
    for (const end of small) large.add(end);
    for (const end of small) nets.set(end, large);
    for (const end of [from, to]) nets.set(end, large);
  }
  const lists = new Map<Set<End>, Net>();
  const listed = (net: Set<End>) => {
    const list = lists.get(net) ?? [...net];
    lists.set(net, list);
    return list;
  };
  return new Map([...nets].map(([end, net]) => [end, listed(net)]));
}

/** What gives a net its level: the supplies by name, ground, every output and every line of the header. */
export function sourcesOn(machine: Machine, circuit: Circuit, net: Net): readonly string[] {
  const sources = net.flatMap((end): readonly string[] => {
    const terminal = circuit.terminal(end);
    if (terminal?.role === "supply") return [`${terminal.volts} V`];
    if (terminal?.role === "ground") return ["ground"];
    if (terminal?.role === "open-collector") return [end];
    return lineAt(machine.board, end) === null ? [] : [`pin ${lineAt(machine.board, end)}`];
  });
  return [...new Set(sources)].toSorted();
}

/** Volts of a net that is joined to a supply directly or through a fuse, or null. */
export function voltsOf(circuit: Circuit, net: Net): number | null {
  const fused = circuit.crossings(net).filter(({ way }) => way.through === "fuse");
  for (const near of [net, ...fused.map(({ to }) => to)]) {
    for (const end of near) {
      const terminal = circuit.terminal(end);
      if (terminal?.role === "supply") return terminal.volts;
    }
  }
  return null;
}

export function isGround(circuit: Circuit, net: Net): boolean {
  return net.some((end) => circuit.terminal(end)?.role === "ground");
}
