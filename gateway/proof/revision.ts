/**
 * Whether a closed month is published anew after votes came late. Once published, figures stand: a new revision comes only when each figure that
 * changed moved by at least five, so that nobody learns a single late vote by subtracting one revision from the other. Pure.
 */
import type { MonthProof, OpenedSum } from "#schemas/public-log.ts";

/** As few votes as a cell may show (promise 10). */
export const MOVES_BY_MIN = 5;

type Unsigned = Omit<MonthProof, "signature">;

/** The proof to publish now, or null when the one before stands. */
export function revised(
  before: Pick<MonthProof, "sums" | "revision"> | null,
  fresh: Unsigned,
): Unsigned | null {
  if (before === null) return { ...fresh, revision: 1 };
  const moves = movesBetween(before.sums, fresh.sums);
  const isWorthIt = moves.length > 0 && moves.every((votes) => votes >= MOVES_BY_MIN);
  return isWorthIt ? { ...fresh, revision: before.revision + 1 } : null;
}

/** By how much each figure that is not the same moved; one that is shown in one of the two only moved by all it says. */
function movesBetween(before: readonly OpenedSum[], fresh: readonly OpenedSum[]): readonly number[] {
  const totals = (sums: readonly OpenedSum[]) => new Map(sums.map((sum) => [nameOf(sum), sum.total]));
  const [old, now] = [totals(before), totals(fresh)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((name) => Math.abs((now.get(name) ?? 0) - (old.get(name) ?? 0)))
    .filter((votes) => votes > 0);
}

function nameOf({ row, figure }: OpenedSum): string {
  return `${row.uo}/${row.service}/${row.wording}/${figure}`;
}
