import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays, dayNumber } from "#schemas/local-day.ts";
import {
  covers,
  type DaySpan,
  dayStart,
  daysOf,
  doOverlap,
  hourName,
  monthsTouching,
  periodName,
  weekParts,
} from "./periods.ts";

const span = (fromDay: string, toDay: string): DaySpan => ({ fromDay, toDay });

const spans = fc
  .tuple(fc.integer({ min: -800, max: 20_000 }), fc.integer({ min: 1, max: 100 }))
  .map(([first, days]) => span(addDays("1972-01-01", first), addDays("1972-01-01", first + days)));

describe("periods", () => {
  it("cut a month where weeks begin, on Mondays", () => {
    expect(weekParts(span("2026-11-01", "2026-12-01"))).toEqual([
      span("2026-11-01", "2026-11-02"),
      span("2026-11-02", "2026-11-09"),
      span("2026-11-09", "2026-11-16"),
      span("2026-11-16", "2026-11-23"),
      span("2026-11-23", "2026-11-30"),
      span("2026-11-30", "2026-12-01"),
    ]);
  });

  it("name the months a span touches whole", () => {
    expect(monthsTouching(span("2026-12-31", "2027-01-02"))).toEqual([
      span("2026-12-01", "2027-01-01"),
      span("2027-01-01", "2027-02-01"),
    ]);
  });

  it("are called after the month, the ISO week or the day", () => {
    expect(periodName("month", "2026-11-24")).toBe("2026-11");
    expect(periodName("day", "2026-11-24")).toBe("2026-11-24");
    // ISO 8601: the week belongs to the year that has most of it.
    expect(periodName("week", "2027-01-01")).toBe("2026-W53");
    expect(periodName("week", "2025-12-29")).toBe("2026-W01");
  });

  it("begin at local midnight, with the offset of that day", () => {
    expect(dayStart("2026-10-25", "Europe/Rome")).toBe("2026-10-25T00:00:00+02:00");
    expect(dayStart("2026-10-26", "Europe/Rome")).toBe("2026-10-26T00:00:00+01:00");
  });

  it("tell autumn's two hours apart by their offsets", () => {
    expect(hourName("2026-10-25T02:00:00+02:00")).toBe("2026-10-25T02:00+02:00");
    expect(hourName("2026-10-25T02:00:00+01:00")).toBe("2026-10-25T02:00+01:00");
  });

  it("hold every day of their span once, in order, whatever they are cut by", () => {
    fc.assert(
      fc.property(spans, (whole) => {
        for (const parts of [weekParts(whole), daysOf(whole)]) {
          expect(parts[0]?.fromDay).toBe(whole.fromDay);
          expect(parts.at(-1)?.toDay).toBe(whole.toDay);
          for (const [index, part] of parts.entries()) {
            expect(part.fromDay < part.toDay && covers(whole, part)).toBe(true);
            expect(parts[index + 1]?.fromDay ?? part.toDay).toBe(part.toDay);
          }
        }
        expect(daysOf(whole)).toHaveLength(dayNumber(whole.toDay) - dayNumber(whole.fromDay));
        for (const month of monthsTouching(whole)) expect(doOverlap(month, whole)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
