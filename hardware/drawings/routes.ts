/**
 * Wires between the header and the rows beside it: each gets a vertical of its own, so placed that none crosses another,
 * provided rows and pins come in the same order.
 */
import { leave, leaveY, type Side } from "./header.ts";
import type { Point } from "./svg.ts";

export type Target = { readonly physical: number; readonly row: Point };

/**
 * Points of every wire, in the targets' order. `channel` is where the verticals may stand: nearest to the header first.
 * @throws when they come closer than they can be drawn.
 */
export function routes(
  targets: readonly Target[],
  side: Side,
  channel: { readonly nearX: number; readonly farX: number },
): readonly (readonly Point[])[] {
  const step = (channel.farX - channel.nearX) / Math.max(1, targets.length - 1);
  if (targets.length > 1 && Math.abs(step) < 7)
    throw new Error(`${targets.length} wires do not fit into one channel`);
  // Going down, the lowest must turn first; going up, the highest.
  const down = targets.filter(({ physical, row }) => row[1] >= leaveY(physical, side));
  const up = targets.filter((target) => !down.includes(target));
  const order = [...down.toReversed(), ...up];
  return targets.map((target) => {
    const x = channel.nearX + step * order.indexOf(target);
    return [...leave(target.physical, side, x), [x, target.row[1]], target.row];
  });
}
