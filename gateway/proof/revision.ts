/**
 * Whether a closed month is published anew after votes came late. Once published, figures stand: a new revision comes only when everything that
 * can be worked out about the late votes, by subtracting one revision from the other, is about five votes at least. Pure.
 *
 * Of a row both revisions tell the shown cells, and of those that are hidden their sum; a hidden cell may be shown in the other one. What can
 * be had of the difference is then what both tell: the cells put together until either revision knows each heap. A row that is no longer
 * there means that other services are shown together now, so that the rows cannot be compared: the month then stands as it is.
 */
import { FACES, REASONS } from "#schemas/code-list.ts";
import type { Figure, MonthProof, OpenedSum } from "#schemas/public-log.ts";

/** As few votes as a cell may show (promise 10). */
export const MOVES_BY_MIN = 5;

type Unsigned = Omit<MonthProof, "signature">;
/** The figures of a row that are shown. */
type Row = ReadonlyMap<Figure, number>;

const NO_ROW: Row = new Map();

/** Sums, and the cells they are made of. */
const WHOLES = [
  { whole: "valid", cells: FACES },
  { whole: "red", cells: REASONS },
] as const;

/** The proof to publish now, or null when the one before stands. */
export function revised(
  before: Pick<MonthProof, "sums" | "revision"> | null,
  fresh: Unsigned,
): Unsigned | null {
  if (before === null) return { ...fresh, revision: 1 };
  const [old, now] = [rowsOf(before.sums), rowsOf(fresh.sums)];
  if ([...old.keys()].some((name) => !now.has(name))) return null;
  const moves = [...now]
    .flatMap(([name, row]) => movesOf(old.get(name) ?? NO_ROW, row))
    .filter((votes) => votes > 0);
  const isWorthIt = moves.length > 0 && moves.every((votes) => votes >= MOVES_BY_MIN);
  return isWorthIt ? { ...fresh, revision: before.revision + 1 } : null;
}

function rowsOf(sums: readonly OpenedSum[]): ReadonlyMap<string, Row> {
  const rows = new Map<string, Map<Figure, number>>();
  for (const { row, figure, total } of sums) {
    const name = `${row.uo}/${row.service}/${row.wording}`;
    const figures = rows.get(name) ?? new Map<Figure, number>();
    rows.set(name, figures.set(figure, total));
  }
  return rows;
}

/** By how much each figure moved, one that is shown in one of the two only by all it says; and each heap of cells that both tell. */
function movesOf(old: Row, now: Row): readonly number[] {
  const figures = [...new Set([...old.keys(), ...now.keys()])];
  const ofFigures = figures.map((figure) => Math.abs((now.get(figure) ?? 0) - (old.get(figure) ?? 0)));
  const ofHeaps = WHOLES.flatMap(({ whole, cells }) =>
    old.has(whole) && now.has(whole)
      ? heaps(cells, old, now).map((heap) =>
          Math.abs(sumOf(heap, now, whole, cells) - sumOf(heap, old, whole, cells)),
        )
      : [],
  );
  return [...ofFigures, ...ofHeaps];
}

/** The smallest heaps of cells whose sum both rows tell: those hidden in either go together. */
function heaps(cells: readonly Figure[], old: Row, now: Row): readonly (readonly Figure[])[] {
  const hidden = cells.filter((cell) => !old.has(cell) || !now.has(cell));
  // Two hidden cells of the one and two others of the other might be two heaps: they are looked at as they are, too.
  const ofOld = cells.filter((cell) => !old.has(cell));
  const ofNow = cells.filter((cell) => !now.has(cell));
  const areApart = ofOld.length > 0 && ofNow.length > 0 && !ofOld.some((cell) => ofNow.includes(cell));
  const shown = cells.filter((cell) => !hidden.includes(cell)).map((cell) => [cell]);
  return [...shown, ...(areApart ? [ofOld, ofNow] : [hidden])].filter((heap) => heap.length > 0);
}

/** What a row tells of a heap: its shown cells, and with a hidden one in it all that are hidden. */
function sumOf(heap: readonly Figure[], row: Row, whole: Figure, cells: readonly Figure[]): number {
  const shown = (some: readonly Figure[]) => some.reduce((sum, cell) => sum + (row.get(cell) ?? 0), 0);
  const hasHidden = heap.some((cell) => !row.has(cell));
  return shown(heap) + (hasHidden ? (row.get(whole) ?? 0) - shown(cells) : 0);
}
