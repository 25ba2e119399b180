import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TIME_MAX_MS } from "#schemas/limits.ts";
import { DAY_MS, type EntryTime, HOUR_MS } from "#schemas/time.ts";
import { bootOffsetMs, placementOf } from "./placement.ts";

const NOON_MS = Date.UTC(2026, 6, 6, 12);
const trusted: EntryTime = {
  wallMs: NOON_MS,
  monotonicUs: HOUR_MS * 1_000,
  bootId: "boot-1",
  clock: "trusted",
};
const untrusted: EntryTime = { ...trusted, wallMs: 0, clock: "untrusted" };
const bounds = { afterMs: NOON_MS - DAY_MS, beforeMs: NOON_MS + DAY_MS };
const exactly = (atMs: number) => ({ atMs, earliestMs: atMs, latestMs: atMs, uncertain: false });

describe("placing an entry in time", () => {
  it("believes a trusted clock, whatever else is known", () => {
    expect(placementOf(trusted, 5, bounds)).toEqual(exactly(NOON_MS));
  });

  it("uses a trusted moment of the same boot", () => {
    const offsetMs = bootOffsetMs(trusted);
    expect(offsetMs).toBe(NOON_MS - HOUR_MS);
    const earlier = { ...untrusted, monotonicUs: HOUR_MS * 500 };
    expect(placementOf(earlier, offsetMs, bounds)).toEqual(exactly(NOON_MS - HOUR_MS / 2));
  });

  it("learns nothing from an untrusted moment", () => {
    expect(bootOffsetMs(untrusted)).toBeNull();
  });

  it("else places it where time returned, and says between which moments it was", () => {
    expect(placementOf(untrusted, null, bounds)).toEqual({
      ...{ atMs: NOON_MS + DAY_MS, earliestMs: NOON_MS - DAY_MS, latestMs: NOON_MS + DAY_MS },
      uncertain: true,
    });
  });

  it.each([
    ["nothing was ever known before", null],
    ["a clock was set back since", NOON_MS + 2 * DAY_MS],
  ])("knows no beginning when %s", (_, afterMs) => {
    expect(placementOf(untrusted, null, { ...bounds, afterMs })).toMatchObject({ earliestMs: 0 });
  });

  it("stays inside the calendar, whatever a broken clock says", () => {
    const time = fc.record({
      wallMs: fc.nat(TIME_MAX_MS),
      monotonicUs: fc.nat(Number.MAX_SAFE_INTEGER),
      bootId: fc.constant("boot-1"),
      clock: fc.constantFrom("trusted" as const, "untrusted" as const),
    });
    fc.assert(
      fc.property(time, time, fc.nat(TIME_MAX_MS), (moment, entry, beforeMs) => {
        const { atMs, earliestMs, latestMs } = placementOf(entry, bootOffsetMs(moment), {
          afterMs: null,
          beforeMs,
        });
        for (const ms of [atMs, earliestMs, latestMs]) {
          expect(ms).toBeGreaterThanOrEqual(0);
          expect(ms).toBeLessThanOrEqual(TIME_MAX_MS);
        }
        expect(earliestMs).toBeLessThanOrEqual(atMs);
        expect(atMs).toBeLessThanOrEqual(latestMs);
      }),
    );
  });
});
