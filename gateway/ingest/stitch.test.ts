import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addRange, type Range } from "#schemas/ranges.ts";
import {
  type EpochHeld,
  NOTHING_HELD,
  type Run,
  rangesBeyond,
  SEGMENTS_MAX,
  stitch,
  stitchLost,
} from "./stitch.ts";

const LENGTH = 24;

/** The heads of a chain of entries: the head before the first, then one after each. */
function chainOf(name: string, from?: { readonly heads: readonly string[]; readonly upTo: number }) {
  const heads = from === undefined ? [digest(`start ${name}`)] : from.heads.slice(0, from.upTo + 1);
  while (heads.length <= LENGTH) heads.push(digest(`${heads.at(-1)} ${name} ${heads.length}`));
  return heads;
}
function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
function runOf(heads: readonly string[], first: number, last: number): Run {
  return { first, last, previousHead: heads[first - 1] as string, heads: heads.slice(first, last + 1) };
}

const CHAIN = chainOf("ours");

const span = fc
  .tuple(fc.integer({ min: 1, max: LENGTH }), fc.integer({ min: 1, max: LENGTH }))
  .map(([a, b]) => ({ first: Math.min(a, b), last: Math.max(a, b) }));

/** All numbers of some ranges. */
function numbers(ranges: readonly Range[]): readonly number[] {
  return ranges.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, i) => first + i));
}

/** The plain way: a set of numbers. */
class Model {
  readonly has = new Set<number>();

  add(range: Range): readonly number[] {
    const fresh = numbers([range]).filter((n) => !this.has.has(n));
    for (const n of fresh) this.has.add(n);
    return fresh;
  }

  upTo(): number {
    let n = 0;
    while (this.has.has(n + 1)) n += 1;
    return n;
  }
}

function agree(held: EpochHeld, model: Model): void {
  expect(held.upTo).toBe(model.upTo());
  const beyond = [...model.has].filter((n) => n > model.upTo()).sort((a, b) => a - b);
  expect(numbers(rangesBeyond(held))).toEqual(beyond);
}

describe("stitching runs of one epoch together", () => {
  it("holds exactly what came, whatever the order, cuts and repetitions", () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 30 }), (spans) => {
        const model = new Model();
        let held: EpochHeld = NOTHING_HELD;
        for (const { first, last } of spans) {
          const stitched = stitch(held, runOf(CHAIN, first, last), CHAIN[0] as string);
          if (!stitched.ok) throw new Error(`${first}..${last}: ${stitched.problem}`);
          expect(numbers(stitched.value.fresh)).toEqual(model.add({ first, last }));
          held = stitched.value.held;
          agree(held, model);
          // The head named is the head of the chain at the watermark.
          expect(held.head).toBe(held.upTo === 0 ? null : CHAIN[held.upTo]);
          expect(held.segments.length).toBeLessThanOrEqual(LENGTH / 2);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("takes declared losses between them, and then knows no head until the next entry", () => {
    const step = fc.record({ lost: fc.boolean(), span });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const model = new Model();
        let held: EpochHeld = NOTHING_HELD;
        for (const { lost, span: range } of steps) {
          const { first, last } = range;
          const stitched = lost
            ? stitchLost(held, range)
            : stitch(held, runOf(CHAIN, first, last), CHAIN[0] as string);
          const after = "ok" in stitched ? (stitched.ok ? stitched.value : null) : stitched;
          if (after === null) throw new Error("an honest run was refused");
          expect(numbers(after.fresh)).toEqual(model.add(range));
          held = after.held;
          agree(held, model);
          expect([null, CHAIN[held.upTo]]).toContain(held.head);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("finds a chain that forks, unless the runs lie apart and only the missing entries could tell", () => {
    fc.assert(
      fc.property(
        fc.array(span, { minLength: 1, maxLength: 8 }),
        span,
        fc.nat(LENGTH - 1),
        (spans, other, at) => {
          let held: EpochHeld = NOTHING_HELD;
          for (const { first, last } of spans) {
            const stitched = stitch(held, runOf(CHAIN, first, last), null);
            if (stitched.ok) held = stitched.value.held;
          }
          const forked = chainOf("another", { heads: CHAIN, upTo: at });
          const run = runOf(forked, other.first, other.last);
          const stitched = stitch(held, run, null);
          if (other.last <= at) {
            expect(stitched.ok).toBe(true);
            return;
          }
          const ranges = numbers([
            ...(held.upTo > 0 ? [{ first: 1, last: held.upTo }] : []),
            ...held.segments,
          ]);
          // Both chains are seen at a place behind the fork: the last entry of a held run inside the new one or just
          // before it, or the first of one inside it or just behind it.
          const heldRuns = [...(held.upTo > 0 ? [{ first: 1, last: held.upTo }] : []), ...held.segments];
          const meets = heldRuns.some(
            ({ first, last }) =>
              (last > at && other.first - 1 <= last && last <= other.last) ||
              (first - 1 > at && other.first <= first && first - 1 <= other.last),
          );
          if (meets) expect(stitched).toEqual({ ok: false, problem: "fork" });
          if (stitched.ok) {
            // Whatever was taken, nothing that was held before has changed.
            const after = numbers([
              ...(stitched.value.held.upTo > 0 ? [{ first: 1, last: stitched.value.held.upTo }] : []),
              ...stitched.value.held.segments,
            ]);
            expect(ranges.every((n) => after.includes(n))).toBe(true);
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("refuses a first entry that does not follow from the epoch's start", () => {
    const run = runOf(CHAIN, 1, 3);
    expect(stitch(NOTHING_HELD, run, digest("another start"))).toEqual({ ok: false, problem: "fork" });
    expect(stitch(NOTHING_HELD, run, CHAIN[0] as string)).toMatchObject({ ok: true });
  });

  it("lets a gap close in whatever order its two sides came", () => {
    const late = stitch(NOTHING_HELD, runOf(CHAIN, 10, 12), null);
    const early = late.ok ? stitch(late.value.held, runOf(CHAIN, 1, 4), null) : late;
    const middle = early.ok ? stitch(early.value.held, runOf(CHAIN, 3, 11), null) : early;
    expect(middle).toMatchObject({
      ok: true,
      value: { held: { upTo: 12, head: CHAIN[12], segments: [] }, fresh: [{ first: 5, last: 9 }] },
    });
  });

  it("declares only what is not held as lost", () => {
    const held = stitch(NOTHING_HELD, runOf(CHAIN, 1, 4), null);
    if (!held.ok) throw new Error("refused");
    expect(stitchLost(held.value.held, { first: 2, last: 6 })).toEqual({
      held: { upTo: 6, head: null, segments: [] },
      fresh: [{ first: 5, last: 6 }],
    });
    expect(stitchLost(held.value.held, { first: 1, last: 4 }).fresh).toEqual([]);
  });

  it("keeps no more runs apart than its limit", () => {
    const heads = [digest("long")];
    while (heads.length <= 2 * SEGMENTS_MAX + 4) heads.push(digest(heads.at(-1) as string));
    let held: EpochHeld = NOTHING_HELD;
    for (let i = 1; i <= SEGMENTS_MAX; i++) {
      const stitched = stitch(held, runOf(heads, 2 * i, 2 * i), null);
      if (!stitched.ok) throw new Error("refused too early");
      held = stitched.value.held;
    }
    const beyond = 2 * SEGMENTS_MAX + 2;
    expect(stitch(held, runOf(heads, beyond, beyond), null)).toEqual({ ok: false, problem: "scattered" });
    const filling = stitch(held, runOf(heads, 1, 1), null);
    expect(filling).toMatchObject({ ok: true, value: { held: { upTo: 2 } } });
    expect(rangesBeyond(held).reduce<readonly Range[]>(addRange, [])).toHaveLength(SEGMENTS_MAX);
  });
});
