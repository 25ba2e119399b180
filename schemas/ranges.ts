/**
 * Runs of sequence numbers that were received: what receipts name and both sides keep. Always sorted, apart and merged.
 * Pure.
 */

/** All numbers from `first` to `last`, both included. */
export type Range = { readonly first: number; readonly last: number };

/** The ranges with one more; what was already there is not counted twice. */
export function addRange(ranges: readonly Range[], added: Range): readonly Range[] {
  const before = ranges.filter((r) => r.last < added.first - 1);
  const after = ranges.filter((r) => r.first > added.last + 1);
  const touched = ranges.filter((r) => r.last >= added.first - 1 && r.first <= added.last + 1);
  const merged = {
    first: Math.min(added.first, ...touched.map((r) => r.first)),
    last: Math.max(added.last, ...touched.map((r) => r.last)),
  };
  return [...before, merged, ...after];
}

/** How many numbers the ranges hold. */
export function sizeOf(ranges: readonly Range[]): number {
  return ranges.reduce((sum, r) => sum + r.last - r.first + 1, 0);
}

/** The last number up to which nothing is missing from 1 on; 0 when 1 itself is missing. */
export function contiguousEnd(ranges: readonly Range[]): number {
  const [lowest] = ranges;
  return lowest?.first === 1 ? lowest.last : 0;
}

/** True when the number is in one of the ranges. */
export function holds(ranges: readonly Range[], number: number): boolean {
  return ranges.some((r) => r.first <= number && number <= r.last);
}

/** What is missing between `from` and `to`, in order. */
export function gaps(ranges: readonly Range[], from: number, to: number): readonly Range[] {
  const out: Range[] = [];
  let next = from;
  for (const range of ranges) {
    if (range.last < next) continue;
    if (range.first > to) break;
    if (range.first > next) out.push({ first: next, last: range.first - 1 });
    next = range.last + 1;
  }
  if (next <= to) out.push({ first: next, last: to });
  return out;
}
