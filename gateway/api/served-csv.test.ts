import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SERVED_COUNTS_MAX } from "#schemas/limits.ts";
import { PROBLEMS_MAX, parseServedCsv, problemText } from "./served-csv.ts";

const HEADER = "office,service,day,served";

const counts = (text: string) => {
  const result = parseServedCsv(text);
  return result.ok ? result.value.map(({ count }) => count) : result.problem.map(problemText);
};
const ONE = { office: "demografici", service: "anagrafe", day: "2026-11-24", served: 12 };

describe("a file of served counts", () => {
  it.each([
    ["commas and LF", `${HEADER}\ndemografici,anagrafe,2026-11-24,12\n`],
    ["commas, CR LF and no last line end", `${HEADER}\r\ndemografici,anagrafe,2026-11-24,12`],
    [
      "semicolons and a byte order mark",
      "\uFEFFoffice;service;day;served\r\ndemografici;anagrafe;2026-11-24;12\r\n",
    ],
    ["Italian dates between semicolons", "office;service;day;served\ndemografici;anagrafe;24/11/2026;12\n"],
    ["quotes", `"office","service","day","served"\n"demografici","anagrafe","2026-11-24","12"\n`],
    ["another order of columns", "served,day,Service,OFFICE\n12,2026-11-24,anagrafe,demografici\n"],
    ["empty lines, as spreadsheets leave them", `${HEADER}\n\ndemografici,anagrafe,2026-11-24,12\n,,,\n\n`],
  ])("is read with %s", (_, text) => {
    expect(counts(text)).toEqual([ONE]);
  });

  it.each([
    ["", "line 1, column office: is missing"],
    [`${HEADER}\n`, "line 2: must hold a served count"],
    ["office,service,day\n", "line 1, column served: is missing"],
    [
      "ufficio,service,day,served\n",
      "line 1, column 1 = ufficio: must be one of the columns office, service, day, served, each once",
    ],
    [
      `${HEADER},office\n`,
      "line 1, column 5 = office: must be one of the columns office, service, day, served, each once",
    ],
    [`${HEADER}\na,b,2026-11-24\n`, "line 2: must have 4 cells, as the first line has; it has 3"],
    [`${HEADER}\na,b,2026-11-24,-1\n`, "line 2, column served = -1: must be a whole number in digits only"],
    [
      `${HEADER}\na,b,2026-11-24,1.200\n`,
      "line 2, column served = 1.200: must be a whole number in digits only",
    ],
    [
      `${HEADER}\na,b,2026-11-24,9999999\n`,
      "line 2, column served = 9999999: must be a whole number from 0 to 1000000",
    ],
    [`${HEADER}\n\na,b,2026-02-30,1\n`, "line 3, column day = 2026-02-30: must be a day of the calendar"],
    [`${HEADER}\na,b,24/11/2026,1\n`, "line 2, column day = 24/11/2026: must be a day, YYYY-MM-DD"],
    [`${HEADER}\nA B,b,2026-11-24,1\n`, /^line 2, column office = A B: must match/],
    [
      `${HEADER}\n"a,b,2026-11-24,1\n`,
      "line 2, column 1: has a quote that is not closed, or not alone around its cell",
    ],
    [
      `${HEADER}\n"a"x,b,2026-11-24,1\n`,
      "line 2, column 2 = a: has a quote that is not closed, or not alone around its cell",
    ],
    [
      `${HEADER}\na"b,b,2026-11-24,1\n`,
      "line 2, column 1: has a quote that is not closed, or not alone around its cell",
    ],
    [
      `${HEADER}\n${"x".repeat(65)},b,2026-11-24,1\n`,
      /^line 2, column 1 = x{40}…: must have at most 64 characters$/,
    ],
  ])("is refused with line and column: %j", (text, problem) => {
    expect(counts(text)).toEqual([typeof problem === "string" ? problem : expect.stringMatching(problem)]);
  });

  it("may hold ten thousand counts, and not one more", () => {
    const lines = (count: number) => `${HEADER}\n${"a,b,2026-11-24,1\n".repeat(count)}`;
    expect(counts(lines(SERVED_COUNTS_MAX))).toHaveLength(SERVED_COUNTS_MAX);
    expect(counts(lines(SERVED_COUNTS_MAX + 1))).toEqual([
      expect.stringContaining("is one too many: at most 10000 counts are taken at once"),
    ]);
  });

  it("with many mistakes is refused with the first twenty", () => {
    const problems = counts(`${HEADER}\n${"a,b,x,1\n".repeat(500)}`);
    expect(problems).toHaveLength(PROBLEMS_MAX);
    expect(problems.at(-1)).toMatch(/^line 21, column day = x/);
  });

  it("is never half understood, whatever it holds", () => {
    const anything = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.string({
        unit: fc.constantFrom(...'office,service;day"served\r\n\uFEFF0123456789-/ab '),
        maxLength: 300,
      }),
      fc
        .array(fc.string({ unit: fc.constantFrom(...'ab1",;\n\r-'), maxLength: 30 }), { maxLength: 6 })
        .map((lines) => `${HEADER}\n${lines.join("\n")}`),
    );
    fc.assert(
      fc.property(anything, (text) => {
        const result = parseServedCsv(text);
        if (!result.ok) expect(result.problem.map(problemText).join("").length).toBeGreaterThan(0);
        for (const { count } of result.ok ? result.value : []) {
          expect(count.office).toMatch(/^[a-z0-9-]{1,40}$/);
          expect(count.day).toMatch(/^\d{4}-\d{2}-\d{2}$/);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("is read as an independent reader reads it", () => {
    const id = fc.stringMatching(/^[a-z0-9-]{1,12}$/);
    const row = fc.tuple(
      id,
      id,
      fc.constantFrom("2026-11-24", "2024-02-29"),
      fc.nat(1_000_000),
      fc.boolean(),
    );
    const file = fc.tuple(
      fc.array(row, { minLength: 1, maxLength: 20 }),
      fc.constantFrom(",", ";"),
      fc.constantFrom("\n", "\r\n", "\r"),
    );
    fc.assert(
      fc.property(file, ([rows, separator, lineEnd]) => {
        const lines = rows.map(([office, service, day, served, isQuoted]) =>
          [office, service, day, String(served)]
            .map((cell) => (isQuoted ? `"${cell}"` : cell))
            .join(separator),
        );
        const text = [HEADER.replaceAll(",", separator), ...lines].join(lineEnd);
        const expected = parse(text, { columns: true, delimiter: separator, record_delimiter: lineEnd });
        expect(counts(text)).toEqual(
          expected.map((count) => ({
            ...(count as object),
            served: Number((count as { served: string }).served),
          })),
        );
      }),
      { numRuns: 200 },
    );
  });
});
