import { describe, expect, it } from "vitest";
import { linesOf, shownMonth } from "../reports/lines.ts";
import { type ReportRow, rowsOf, servedSums } from "../reports/rows.ts";
import { COUNT_COLUMNS, type CountColumn } from "../rollups/counts.ts";
import { comparedMonths, differenceOf, heatMapOf, participationOf, reasonSums, scoreOf } from "./trends.ts";

const PLACE = { siteId: "municipio", officeId: "tributi", serviceId: "imu" };

function row(
  counts: Partial<Record<CountColumn, number>>,
  about: { readonly served?: number; readonly period?: string } = {},
): ReportRow {
  const zeroes = Object.fromEntries(COUNT_COLUMNS.map((column) => [column, 0])) as Record<
    CountColumn,
    number
  >;
  const lines = shownMonth(linesOf([{ ...PLACE, wording: 1, counts: { ...zeroes, ...counts } }], null));
  const served = servedSums(about.served === undefined ? [] : [{ place: PLACE, served: about.served }]);
  const name = {
    period: about.period ?? "2026-10",
    periodStart: "2026-10-05T10:00:00+02:00",
    zone: "Europe/Rome",
  };
  const [made] = rowsOf(lines, served, { nameAt: () => name, isExact: false });
  if (made === undefined) throw new Error("no row");
  return made;
}

const MANY = { green: 80, yellow: 10, red: 20, reason_wait: 12, reason_none: 8 };
/** One yellow vote: yellow and red are hidden, and the reasons with them. */
const FEW = { green: 9, yellow: 1, red: 7, reason_wait: 7 };

describe("sums over rows", () => {
  it("leave out what a row hides, and say how many rows did", () => {
    expect(reasonSums([row(MANY), row(FEW)])).toMatchObject({ red: 20, hiddenRows: 1 });
    const small = row({ green: 3 });
    expect(scoreOf([row(MANY), small], false)).toMatchObject({ votes: 110, green: 80 });
    expect(scoreOf([small], false)).toBeNull();
  });

  it("take participation only from services whose two numbers are both known", () => {
    const rows = [row(MANY, { served: 220 }), row(MANY), row(FEW, { period: "2026-11", served: 34 })];
    expect(participationOf(rows)).toEqual([
      { period: "2026-10", votes: 110, served: 220, participation: 500 },
      { period: "2026-11", votes: 17, served: 34, participation: 500 },
    ]);
  });

  it("by hour and weekday add up the same hour of several weeks, and count the hours that are hidden", () => {
    const map = heatMapOf([row(MANY), row(MANY), row({ green: 2 })], () => ({ weekday: 1, hour: 10 }), false);
    expect(map.hidden).toBe(1);
    expect(map.cells).toMatchObject([{ weekday: 1, hour: 10, votes: 220, score: { green: 160 } }]);
  });
});

describe("a month beside the same one a year earlier", () => {
  it("is the last whole one of what was asked for", () => {
    const both = { now: "2026-10", before: "2025-10" };
    expect(comparedMonths({ fromDay: "2025-12-01", toDay: "2026-11-24" })).toEqual(both);
    expect(comparedMonths({ fromDay: "2026-10-01", toDay: "2026-11-01" })).toEqual(both);
    expect(comparedMonths({ fromDay: "2026-10-02", toDay: "2026-11-01" })).toBeNull();
  });

  it("differs only where the two intervals do not touch", () => {
    expect(differenceOf({ low: 800, high: 850 }, { low: 700, high: 799 })).toBe("higher");
    expect(differenceOf({ low: 700, high: 799 }, { low: 800, high: 850 })).toBe("lower");
    expect(differenceOf({ low: 700, high: 800 }, { low: 800, high: 850 })).toBe("unclear");
  });
});
