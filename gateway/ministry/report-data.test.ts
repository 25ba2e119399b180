import { describe, expect, it } from "vitest";
import type { Publication, PublishedRow } from "#schemas/publication.ts";
import { brokenReport, reportOf } from "./report-data.ts";

const ROW: PublishedRow = {
  ...{ uo: "front", serviceId: "registry", wording: 1, served: 100 },
  ...{ valid: 40, green: 20, yellow: 10, red: 10, score: null, participation: null },
  reasons: { wait: null, staff: null, return: null, outcome: null, none: null },
} as PublishedRow;
const month = (name: string, row: Partial<PublishedRow>) =>
  ({
    ...{ month: name, day: `${name}-05`, revision: 1, administration: { name: "Comune", ipaCode: "" } },
    ...{ sample: true, taken: { conflict: 0, expiredLate: 0 }, missingDays: 0, rows: [{ ...ROW, ...row }] },
  }) as unknown as Publication;
const reported = (...months: readonly Publication[]) =>
  reportOf({ from: "2026-09", to: "2026-10" }, months, () => 0);

describe("the reasons of a service in the report to the ministry", () => {
  it("stand beside the red votes of which the months hide the reason: no sum is read as whole that is not", () => {
    const reasons = { ...ROW.reasons, wait: 6, outcome: 0 };
    const report = reported(month("2026-09", { reasons }), month("2026-10", {}));
    expect(report.services[0]).toMatchObject({
      red: 20,
      reasons: { wait: 6, staff: null, return: null, outcome: 0, none: null, hidden: 14 },
    });
    expect(brokenReport(report)).toEqual([]);
  });

  it("that are more than the red votes stop the report", () => {
    const reasons = { ...ROW.reasons, wait: 11 };
    expect(brokenReport(reported(month("2026-10", { reasons })))).toEqual([
      "front/registry: more reasons than red votes",
    ]);
  });
});
