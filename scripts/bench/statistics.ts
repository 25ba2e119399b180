/**
 * The arithmetic of the bench. Pure.
 */

/** The smallest value that at least `percent` % of the values do not exceed (nearest rank: always one that was measured). */
export function percentile(values: readonly number[], percent: number): number {
  if (values.length === 0) throw new RangeError("nothing was measured");
  const rising = [...values].sort((a, b) => a - b);
  const rank = Math.ceil((percent / 100) * rising.length);
  return rising[Math.min(Math.max(rank, 1), rising.length) - 1] as number;
}

/** The middle value; of an even number of values the lower one of the two in the middle. */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** How many times as large `one` is as `other`. @throws RangeError when there is nothing to compare with. */
export function ratio(one: number, other: number): number {
  if (!(other > 0)) throw new RangeError(`nothing to compare with: ${other}`);
  return one / other;
}

/** Things done per second. */
export function perSecond(count: number, ms: number): number {
  return ratio(count * 1_000, ms);
}

/** As many figures as anybody reads of a measurement: three, and whole numbers from a hundred on. */
export function rounded(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}
