/**
 * The case's outline from the side, as corners in the room: for the side view and the manual's pictures.
 */
import type { Case } from "../case.ts";
import { inRoom } from "../geometry.ts";

/** A wing's four corners: at the plate and off it, above and below. */
export function wingCorners(built: Case): readonly { readonly out: number; readonly up: number }[] {
  const { plate, wings } = built;
  const above = { x: 0, y: -wings.aboveUpperEdge };
  const below = { x: 0, y: plate.height };
  return [
    inRoom(built, above),
    inRoom(built, above, wings.upperDepth),
    inRoom(built, below, wings.lowerDepth),
    inRoom(built, below),
  ];
}
