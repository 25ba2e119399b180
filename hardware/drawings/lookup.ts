/**
 * What the sheets ask the wiring: colours and ways, found by the ends of a wire. A sheet that asks for a wire which is not
 * there is not drawn.
 */
import { type End, WIRING, type Wire, type WireColour } from "../nets.ts";

function touching(end: End): readonly Wire[] {
  return WIRING.filter(({ from, to }) => from === end || to === end);
}

/** The wire between two ends. @throws when there is none. */
export function wireBetween(one: End, other: End): Wire {
  const found = touching(one).find(({ from, to }) => from === other || to === other);
  if (found === undefined) throw new Error(`no wire leads from ${one} to ${other}`);
  return found;
}

/** The colour of the wire at an end that has one. @throws when it has none. */
export function colourOf(end: End): WireColour | "cable" {
  const [found] = touching(end);
  if (found === undefined) throw new Error(`no wire leads to ${end}`);
  return found.colour;
}

/** The way by which a wire leaves the interface board. @throws when it does not. */
export function wayOf(one: End, other: End): number {
  const { connector } = wireBetween(one, other);
  if (connector === null) throw new Error(`the wire from ${one} to ${other} stays on its board`);
  return Number(connector.split(":")[1]);
}

/** The other end of the one wire from `end` to a terminal of that form. @throws when there is none. */
export function terminalAt(end: End, form: RegExp): End {
  const found = touching(end)
    .map(({ from, to }) => (from === end ? to : from))
    .find((other) => form.test(other));
  if (found === undefined) throw new Error(`no wire leads from ${end} to ${form}`);
  return found;
}

/** The pins of the header that anything is joined to. */
export function wiredPins(): ReadonlySet<number> {
  const ends = WIRING.flatMap(({ from, to }) => [from, to]);
  return new Set(ends.filter((end) => /^A1\.\d+$/.test(end)).map((end) => Number(end.slice("A1.".length))));
}
