/**
 * Tallies written by hand, for tests of what may be shown.
 */
import { cellIndex, NO_TALLY, type Tally, type TallyCell } from "./tally.ts";

/** A tally from the cells that are not zero. */
export function tally(cells: Partial<Record<TallyCell, number>>): Tally {
  const out = [...NO_TALLY.cells];
  for (const [cell, count] of Object.entries(cells)) out[cellIndex(cell as TallyCell)] = count;
  return { ...NO_TALLY, cells: out };
}
