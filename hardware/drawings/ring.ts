/**
 * A ring of wire that passes all keys or all lamps, with both ends on the interface board: one break anywhere cuts nobody off.
 */
import type { WireColour } from "../nets.ts";
import { text, wire } from "./svg.ts";

export type Ring = {
  readonly connector: string;
  readonly colour: WireColour;
  readonly label: string;
  /** Where the ring leaves the board, where it runs along the row's ends, and the middle of its label. */
  readonly boardX: number;
  readonly farX: number;
  readonly labelX: number;
  readonly topY: number;
  readonly bottomY: number;
  /** What stands on the board at its upper and at its lower end. */
  readonly ends: readonly [string, string];
};

export function ring(one: Ring): string {
  const { boardX, farX, topY, bottomY } = one;
  const label = (y: number) => text([one.labelX, y - 9], one.label, { size: 12, anchor: "middle" });
  return [
    wire(
      [
        [boardX, topY],
        [farX, topY],
        [farX, bottomY],
        [boardX, bottomY],
      ],
      one.colour,
    ),
    text([boardX, topY - 15], one.connector, { size: 13, anchor: "middle", bold: true }),
    ...one.ends,
    label(topY),
    label(bottomY),
  ].join("\n");
}
