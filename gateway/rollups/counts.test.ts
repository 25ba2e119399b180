import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FACES, REASONS, REFUSALS, VERDICTS } from "#schemas/code-list.ts";
import { SUM_COLUMNS, type Sums } from "#schemas/sums.ts";
import {
  brokenSums,
  COUNT_COLUMNS,
  type CountColumn,
  CountDeltas,
  type CountedVote,
  countsOfVote,
  REFUSAL_COLUMNS,
  SumDeltas,
  sumsOfVote,
  VoteTally,
  validOf,
} from "./counts.ts";

const face = fc.constantFrom(...FACES);
const vote: fc.Arbitrary<CountedVote> = fc
  .record({
    face,
    reason: fc.constantFrom(...REASONS),
    verdict: fc.constantFrom(...VERDICTS),
    uncertain: fc.boolean(),
    afterHours: fc.boolean(),
  })
  .map((v) => ({ ...v, reason: v.face === "red" ? v.reason : null }));

const ZERO = Object.fromEntries(SUM_COLUMNS.map((column) => [column, 0])) as Sums;

describe("counting", () => {
  it.each<[Partial<CountedVote>, Partial<Record<CountColumn, number>>]>([
    [{ face: "green" }, { green: 1 }],
    [
      { face: "red", reason: "none" },
      { red: 1, reason_none: 1 },
    ],
    [
      { face: "red", reason: "outcome", verdict: "late" },
      { red: 1, reason_outcome: 1, late: 1 },
    ],
    [
      { uncertain: true, afterHours: true },
      { green: 1, time_uncertain: 1, after_hours: 1 },
    ],
    [{ verdict: "conflict", face: "red", reason: "wait", afterHours: true }, { conflict: 1 }],
    [{ verdict: "expired-late" }, { expired_late: 1 }],
    [{ verdict: "unverified", uncertain: true }, { unverified: 1 }],
    [{ verdict: "test" }, { test: 1 }],
  ])("%j", (options, counts) => {
    const one: CountedVote = {
      ...{ face: "green", reason: null, verdict: "accepted", uncertain: false, afterHours: false },
      ...options,
    };
    expect(countsOfVote(one)).toEqual(counts);
  });

  it("has a column for every refusal, and none twice", () => {
    expect(REFUSAL_COLUMNS).toHaveLength(REFUSALS.length);
    expect(COUNT_COLUMNS).toEqual(expect.arrayContaining([...REFUSAL_COLUMNS]));
    expect(new Set(COUNT_COLUMNS).size).toBe(COUNT_COLUMNS.length);
  });

  it("keeps promise 6 for any votes, in the counters and in the sums", () => {
    fc.assert(
      fc.property(fc.array(vote, { maxLength: 60 }), (votes) => {
        const counts = new CountDeltas();
        const sums = new SumDeltas();
        const key = { place: 1, wording: 1, hour: 1, day: 1 };
        for (const one of votes) {
          counts.add(key, countsOfVote(one));
          sums.add(1, { received: 1, ...sumsOfVote(one) });
        }
        const [row] = counts.rows();
        const [totem] = sums.rows();
        const sum = totem?.sums ?? ZERO;
        expect(brokenSums(sum)).toEqual([]);
        expect(sum.received).toBe(votes.length);
        expect(validOf(row?.counts ?? {})).toBe(sum.accepted + sum.late);
        for (const column of ["green", "red", "reason_wait", "conflict", "expired_late", "test"] as const) {
          expect(row?.counts[column] ?? 0).toBe(sum[column]);
        }
      }),
    );
  });

  it("gives the same whether votes are counted one by one or alike ones together", () => {
    const cast = fc.record({ vote, totem: fc.nat(2), place: fc.nat(2), hour: fc.nat(2) });
    fc.assert(
      fc.property(fc.array(cast, { maxLength: 60 }), (votes) => {
        const [one, together] = [0, 1].map(() => ({ counts: new CountDeltas(), sums: new SumDeltas() })) as [
          { counts: CountDeltas; sums: SumDeltas },
          { counts: CountDeltas; sums: SumDeltas },
        ];
        const tally = new VoteTally();
        for (const { vote: v, totem, place, hour } of votes) {
          const key = { place, hour, wording: 1, day: 0 };
          one.counts.add(key, countsOfVote(v));
          one.sums.add(totem, { received: 1, ...sumsOfVote(v) });
          tally.add(totem, key, v);
        }
        tally.addTo(together.counts, together.sums);
        expect(together.counts.rows()).toEqual(one.counts.rows());
        expect(together.sums.rows()).toEqual(one.sums.rows());
      }),
    );
  });

  it("takes back exactly what it added", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(vote, fc.nat(3), fc.nat(3)), { maxLength: 30 }), (votes) => {
        const deltas = new CountDeltas();
        for (const sign of [1, -1] as const) {
          for (const [one, place, hour] of votes) {
            deltas.add({ place, wording: 1, hour, day: 0 }, countsOfVote(one), sign);
          }
        }
        expect(deltas.rows()).toEqual([]);
      }),
    );
  });

  it("gives one row per place, wording and hour, in order", () => {
    const key = fc.record({ place: fc.nat(3), wording: fc.nat(2), hour: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(key, { maxLength: 40 }), (keys) => {
        const deltas = new CountDeltas();
        for (const one of keys) deltas.add({ ...one, day: 0 }, { green: 1 });
        const rows = deltas.rows();
        const names = rows.map((r) => [r.key.hour, r.key.place, r.key.wording].join("/"));
        expect(names).toEqual([...new Set(keys.map((k) => [k.hour, k.place, k.wording].join("/")))].sort());
        expect(rows.reduce((sum, r) => sum + (r.counts.green ?? 0), 0)).toBe(keys.length);
      }),
    );
  });

  it.each<[keyof Sums, string]>([
    ["received", "received is 1"],
    ["accepted", "accepted + late is 1"],
    ["quarantined", "received is 0"],
    ["green", "accepted + late is 0"],
    ["red", "red is 1"],
    ["reason_none", "red is 0"],
  ])("finds %s that does not add up, and says so", (column, words) => {
    expect(brokenSums({ ...ZERO, [column]: 1 }).join("; ")).toContain(words);
    expect(brokenSums({ ...ZERO, lost: 9, entries: 5 })).toEqual([]);
  });
});
