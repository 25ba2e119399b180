/**
 * Fits a verified batch into what is held of its epoch: which entries are new, how far nothing is missing, and whether
 * the chains meet. Pure. Batches may come in any order, cut anywhere, again and again.
 */
import { addRange, gaps, type Range } from "#schemas/ranges.ts";
import { fail, ok, type Result } from "#schemas/result.ts";

/** A run of entries held beyond the watermark, with the heads at its two ends. */
export type Segment = Range & { readonly previousHead: string; readonly head: string };

/** What is held of one epoch. */
export type EpochHeld = {
  /** Everything up to here is held, rejected or declared lost. */
  readonly upTo: number;
  /** The chain's head at `upTo`; null before the first entry and right after a declared loss. */
  readonly head: string | null;
  /** Sorted, apart from each other and from `upTo`, unless their heads do not meet. */
  readonly segments: readonly Segment[];
};

export const NOTHING_HELD: EpochHeld = { upTo: 0, head: null, segments: [] };

/** A run of chained entries, with the head after each of them. */
export type Run = Range & { readonly previousHead: string; readonly heads: readonly string[] };

/**
 * Runs held beyond the watermark of one epoch. A totem has at most twenty batches under way or held back; a hundred
 * more cover its restarts, and beyond that somebody scatters entries to make the lists long.
 */
export const SEGMENTS_MAX = 128;

export type Stitched = { readonly held: EpochHeld; readonly fresh: readonly Range[] };

/**
 * Adds a run.
 * @param startHead the head the epoch must start from, when known from its `opened` entry.
 * @returns `fork` when the run contradicts what is held, `scattered` when too many gaps would lie between what is held:
 * then nothing of it may be stored.
 */
export function stitch(
  held: EpochHeld,
  run: Run,
  startHead: string | null,
): Result<Stitched, "fork" | "scattered"> {
  if (run.first === 1 && startHead !== null && run.previousHead !== startHead) return fail("fork");
  if (!agrees(held, run)) return fail("fork");
  const ranges = held.segments.reduce<readonly Range[]>(
    addRange,
    held.upTo > 0 ? [{ first: 1, last: held.upTo }] : [],
  );
  const fresh = gaps(ranges, run.first, run.last);
  const added = fresh.map((range) => ({
    ...range,
    previousHead: headBefore(run, range.first),
    head: headAt(run, range.last),
  }));
  const segments = [...held.segments, ...added].sort((a, b) => a.first - b.first);
  const after = advance({ ...held, segments });
  if (after.segments.length > SEGMENTS_MAX) return fail("scattered");
  return ok({ held: after, fresh });
}

/** A declared loss: the watermark passes over it, and the chain begins anew behind it. */
export function stitchLost(held: EpochHeld, lost: Range): Stitched {
  const ranges = held.segments.reduce<readonly Range[]>(
    addRange,
    held.upTo > 0 ? [{ first: 1, last: held.upTo }] : [],
  );
  const fresh = gaps(ranges, lost.first, lost.last);
  const added = fresh.map((range) => ({ ...range, previousHead: LOST, head: LOST }));
  const segments = [...held.segments, ...added].sort((a, b) => a.first - b.first);
  return { held: advance({ ...held, segments }), fresh };
}

/** The runs held beyond the watermark, merged: what a receipt names. */
export function rangesBeyond(held: EpochHeld): readonly Range[] {
  return held.segments.reduce<readonly Range[]>((all, { first, last }) => addRange(all, { first, last }), []);
}

/** Stands for the unknown head at the ends of a declared loss: meets every other head. */
const LOST = "lost";

function meet(left: string | null, right: string): boolean {
  return left === null || left === LOST || right === LOST || left === right;
}

function agrees(held: EpochHeld, run: Run): boolean {
  const known: readonly Segment[] = [
    ...(held.upTo > 0 ? [{ first: 1, last: held.upTo, previousHead: LOST, head: held.head ?? LOST }] : []),
    ...held.segments,
  ];
  return known.every((segment) => {
    const endsInside = run.first - 1 <= segment.last && segment.last <= run.last;
    if (endsInside && !meet(segment.head, headAt(run, segment.last))) return false;
    const startsInside = run.first <= segment.first && segment.first - 1 <= run.last;
    return (
      !startsInside ||
      segment.previousHead === LOST ||
      meet(headBefore(run, segment.first), segment.previousHead)
    );
  });
}

/** Moves the watermark through the segments that follow it, as long as their heads meet. */
function advance(held: EpochHeld): EpochHeld {
  let { upTo, head } = held;
  const segments = [...held.segments];
  for (let next = segments[0]; next !== undefined && next.first <= upTo + 1; next = segments[0]) {
    if (next.first === upTo + 1 && !meet(head, next.previousHead)) break;
    upTo = Math.max(upTo, next.last);
    head = next.head === LOST ? null : next.head;
    segments.shift();
  }
  return { upTo, head, segments: merged(segments) };
}

/** Neighbours whose heads meet become one. */
function merged(segments: readonly Segment[]): readonly Segment[] {
  const out: Segment[] = [];
  for (const segment of segments) {
    const before = out.at(-1);
    if (before === undefined || before.last + 1 !== segment.first || before.head !== segment.previousHead) {
      out.push(segment);
    } else {
      out[out.length - 1] = { ...before, last: segment.last, head: segment.head };
    }
  }
  return out;
}

function headAt(run: Run, seq: number): string {
  return seq < run.first ? run.previousHead : (run.heads[seq - run.first] as string);
}

function headBefore(run: Run, seq: number): string {
  return headAt(run, seq - 1);
}
