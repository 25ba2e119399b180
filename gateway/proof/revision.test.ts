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

  it("stands when few late votes are told by the difference of what is hidden", () => {
    // Six late votes, five of them green: the sixth is one of yellow and red, which are hidden in both.
    const hidden = proof([sum("valid", 63), sum("green", 40)]);
    expect(revised(hidden, proof([sum("valid", 69), sum("green", 45)]))).toBeNull();
    expect(revised(hidden, proof([sum("valid", 73), sum("green", 45)]))?.revision).toBe(2);
    // The same, when they are hidden in one of the two only.
    const shown = [sum("yellow", 14), sum("red", 10)];
    expect(revised(hidden, proof([sum("valid", 69), sum("green", 45), ...shown]))).toBeNull();
  });

  it("stands when a row has gone, because services are then gathered otherwise", () => {
    const other = { ...sum("valid", 50), row: { uo: "anagrafe", service: "", wording: 1 } };
    expect(revised(proof([sum("valid", 100), other]), proof([sum("valid", 150)]))).toBeNull();
  });

  it("comes as a new revision when every figure that changed moved by five or more", () => {
    const late = proof([sum("valid", 105), sum("green", 65), sum("yellow", 40)]);
    expect(revised(OLD, late)).toEqual({ ...late, revision: 3 });
    expect(revised(OLD, proof([sum("valid", 95), sum("green", 55), sum("yellow", 40)]))?.revision).toBe(3);
  });
});
