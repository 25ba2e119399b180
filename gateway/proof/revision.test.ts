import { describe, expect, it } from "vitest";
import type { MonthProof, OpenedSum } from "#schemas/public-log.ts";
import { revised } from "./revision.ts";

const sum = (figure: OpenedSum["figure"], total: number): OpenedSum => ({
  ...{
    row: { uo: "anagrafe", service: "anagrafe", wording: 1 },
    figure,
    of: [],
    total,
    opening: "00".repeat(32),
  },
});
const proof = (sums: OpenedSum[], revision = 1): Omit<MonthProof, "signature"> => ({
  ...{ month: "2026-10", revision, log: { size: 1, hash: "ab".repeat(32) }, sums },
  ...{ corrections: [], missing: [] },
});
const OLD = proof([sum("valid", 100), sum("green", 60), sum("yellow", 40)], 2);

describe("a closed month", () => {
  it("is published once it is closed, as its first revision", () => {
    expect(revised(null, proof([sum("valid", 3)], 7))).toMatchObject({ revision: 1, sums: [{ total: 3 }] });
  });

  it("stands as it is when nothing changed, or when any figure moved by less than five", () => {
    expect(revised(OLD, proof(OLD.sums))).toBeNull();
    expect(revised(OLD, proof([sum("valid", 104), sum("green", 64), sum("yellow", 40)]))).toBeNull();
    expect(revised(OLD, proof([sum("valid", 109), sum("green", 68), sum("yellow", 41)]))).toBeNull();
    expect(revised(OLD, proof([...OLD.sums, sum("red", 4)]))).toBeNull();
  });

  it("comes as a new revision when every figure that changed moved by five or more", () => {
    const late = proof([sum("valid", 105), sum("green", 65), sum("yellow", 40)]);
    expect(revised(OLD, late)).toEqual({ ...late, revision: 3 });
    expect(revised(OLD, proof([sum("valid", 95), sum("green", 55), sum("yellow", 40)]))?.revision).toBe(3);
  });
});
