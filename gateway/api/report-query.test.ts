import { describe, expect, it } from "vitest";
import { fileName, queryText, type RawQuery, readAggregateQuery, readMonthlyQuery } from "./report-query.ts";

const NOW_MS = Date.UTC(2026, 10, 24, 12);

const read = (query: string) =>
  readAggregateQuery(Object.fromEntries(new URLSearchParams(query)), NOW_MS, "csv");
const refusal = (query: string | RawQuery) => {
  const result = typeof query === "string" ? read(query) : readAggregateQuery(query, NOW_MS, "csv");
  return result.ok ? "taken" : result.problem;
};

describe("the query of a report", () => {
  it("takes days with `to` not included, or a month", () => {
    expect(read("from=2026-11-01&to=2026-11-08&by=week&profile=excel-it&exact=1")).toEqual({
      ok: true,
      value: {
        kind: "aggregate",
        span: { fromDay: "2026-11-01", toDay: "2026-11-08" },
        by: "week",
        format: "csv",
        profile: "excel-it",
        isExact: true,
      },
    });
    expect(read("month=2026-12")).toMatchObject({
      value: {
        span: { fromDay: "2026-12-01", toDay: "2027-01-01" },
        by: "day",
        format: "csv",
        profile: "open",
        isExact: false,
      },
    });
    expect(readMonthlyQuery({ month: "2024-02" }, "csv")).toMatchObject({
      value: { kind: "monthly", by: "month", span: { fromDay: "2024-02-01", toDay: "2024-03-01" } },
    });
  });

  it.each([
    ["from=2026-11-01", "to: is missing; give from and to (a day each, to not included) or month"],
    ["by=day", "from: is missing; give from and to (a day each, to not included) or month"],
    ["from=2026-02-30&to=2026-03-01", "from = 2026-02-30: must be a day, YYYY-MM-DD"],
    ["from=2026-11-01&to=1.12.2026", "to = 1.12.2026: must be a day, YYYY-MM-DD"],
    [
      "from=2026-11-02&to=2026-11-02",
      "to = 2026-11-02: must be after from = 2026-11-02, because the day to is not included",
    ],
    ["from=2026-11-01&to=2026-11-02&month=2026-11", "month: must be given alone, without from and to"],
    ["month=2026-13", "month = 2026-13: must be a month, YYYY-MM"],
    ["month=2026-11&by=minute", "by = minute: must be one of hour, day, week, month"],
    ["month=2026-11&profile=excel", "profile = excel: must be one of open, excel-it"],
    ["month=2026-11&exact=true", "exact = true: must be one of 0, 1"],
    [
      "month=2026-11&totem=t1",
      "totem: is no parameter; there are from, to, month, by, profile, exact, limit, cursor",
    ],
    [
      "from=2000-01-01&to=2026-01-01",
      "to = 2026-01-01: must be at most 3660 days (ten years) after from = 2000-01-01",
    ],
    [
      "from=2025-01-01&to=2025-02-01&by=hour",
      "from = 2025-01-01: must not be before 2025-10-21 with by = hour, because hours are kept for 400 days; ask by = day",
    ],
    [
      "from=2026-11-01&to=2028-11-01&by=hour",
      "to = 2028-11-01: must be at most 400 days after from = 2026-11-01 with by = hour",
    ],
  ])("refuses %s with the parameter, its value and what is expected", (query, problem) => {
    expect(refusal(query)).toBe(problem);
  });

  it("takes the longest span of each kind, and not a day more", () => {
    expect(refusal("from=2016-01-01&to=2026-01-08")).toBe("taken");
    expect(refusal("from=2016-01-01&to=2026-01-09")).toContain("3660 days");
    expect(refusal("from=2025-10-21&to=2026-11-25&by=hour")).toBe("taken");
    expect(refusal("from=2025-10-20&to=2026-11-25&by=hour")).toContain("2025-10-21");
  });

  it("refuses a parameter given twice, and repeats no long value whole", () => {
    expect(refusal({ month: ["2026-11", "2026-12"] })).toBe("month: must be given once");
    expect(refusal({ month: "2026-11", by: "x".repeat(5_000) })).toHaveLength(
      `by = ${"x".repeat(40)}…: must be one of hour, day, week, month`.length,
    );
    expect(readMonthlyQuery({}, "csv")).toEqual({ ok: false, problem: "month: is missing; give YYYY-MM" });
    expect(readMonthlyQuery({ month: "2026-11", by: "day" }, "csv")).toMatchObject({ ok: false });
  });

  it("names the file after the first and the last day it holds", () => {
    const query = read("from=2026-11-01&to=2026-12-01&by=day");
    if (!query.ok) throw new Error(query.problem);
    expect(fileName(query.value, false)).toBe("faccine_by-day_2026-11-01_2026-11-30.csv");
    expect(fileName({ ...query.value, profile: "excel-it", isExact: true }, true)).toBe(
      "faccine_by-day_2026-11-01_2026-11-30_exact_excel-it_dati-di-esempio.csv",
    );
  });

  it("is written again in one fixed form that reads as the same query", () => {
    for (const text of [
      "month=2026-11&by=hour",
      "to=2026-11-09&from=2026-11-02&by=week&exact=1&profile=excel-it",
    ]) {
      const query = read(text);
      if (!query.ok) throw new Error(query.problem);
      expect(read(queryText(query.value))).toEqual(query);
    }
  });
});
