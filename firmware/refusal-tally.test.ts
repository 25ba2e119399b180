import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { REFUSALS } from "#schemas/code-list.ts";
import { parseEntry, REFUSAL_LINES_MAX } from "#schemas/entry.ts";
import { NO_REFUSALS, tallied, tallyDueMs, tallyReturned, tallyWritten } from "./refusal-tally.ts";

const time = { wallMs: 1, monotonicUs: 1, bootId: "boot-1", clock: "trusted" } as const;
const total = (tally: typeof NO_REFUSALS) => tally.counts.reduce((sum, line) => sum + line.count, 0);

describe("the tally of refusals", () => {
  it("counts by reason and service", () => {
    let tally = tallied(NO_REFUSALS, "used", "anagrafe");
    tally = tallied(tally, "used", "anagrafe");
    tally = tallied(tally, "used", "tributi");
    tally = tallied(tally, "malformed", null);
    expect(tally.counts).toEqual([
      { reason: "used", service: "anagrafe", count: 2 },
      { reason: "used", service: "tributi", count: 1 },
      { reason: "malformed", service: null, count: 1 },
    ]);
  });

  it("is due at once the first time, then a minute after it was written, and never when empty", () => {
    expect(tallyDueMs(NO_REFUSALS)).toBeNull();
    expect(tallyDueMs(tallied(NO_REFUSALS, "used", null))).toBe(Number.NEGATIVE_INFINITY);
    const written = tallyWritten(5_000);
    expect(tallyDueMs(written)).toBeNull();
    expect(tallyDueMs(tallied(written, "used", null))).toBe(65_000);
  });

  it("of more services than an entry holds counts the rest without their names, and loses none", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...REFUSALS), fc.option(fc.nat({ max: 90 }))), {
          maxLength: 400,
          size: "max",
        }),
        fc.nat({ max: 400 }),
        (refusals, failsAt) => {
          let tally = NO_REFUSALS;
          let failed: typeof NO_REFUSALS.counts = [];
          refusals.forEach(([refusal, service], index) => {
            tally = tallied(tally, refusal, service === null ? null : `service-${service}`);
            if (index !== failsAt) return;
            failed = tally.counts;
            tally = tallyWritten(0);
          });
          tally = tallyReturned(tally, failed);
          expect(total(tally)).toBe(refusals.length);
          expect(tally.counts.length).toBeLessThanOrEqual(REFUSAL_LINES_MAX);
          if (refusals.length === 0) return;
          expect(parseEntry({ kind: "refusals", time, counts: [...tally.counts] }).ok).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("keeps a place for every reason without a service", () => {
    let tally = NO_REFUSALS;
    for (let service = 0; service < 200; service += 1)
      tally = tallied(tally, "expired", `service-${service}`);
    for (const refusal of REFUSALS) tally = tallied(tally, refusal, null);
    expect(tally.counts).toHaveLength(REFUSAL_LINES_MAX);
    expect(tally.counts.find((line) => line.reason === "expired" && line.service === null)?.count).toBe(147);
  });
});
