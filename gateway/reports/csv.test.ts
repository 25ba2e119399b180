import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ColumnOf, CSV_PROFILES, type CsvProfile, csvHeader, csvLineWriter } from "./csv.ts";
import { TextBytes } from "./text-bytes.ts";

type Row = {
  readonly name: string | null;
  readonly votes: number | null;
  readonly share: number | null;
  readonly start: string;
};

const COLUMNS: readonly ColumnOf<Row, null>[] = [
  { name: "name", type: "text", meaning: "", of: (row) => row.name },
  { name: "votes", type: "integer", meaning: "", of: (row) => row.votes },
  { name: "share", type: "tenths", meaning: "", of: (row) => row.share },
  { name: "start", type: "moment", meaning: "", of: (row) => row.start },
];

const START = "2026-10-25T02:00:00+01:00";

function file(rows: readonly Row[], profile: CsvProfile): string {
  const writeLine = csvLineWriter(COLUMNS, profile);
  const text = new TextBytes(0);
  for (const row of rows) writeLine(row, null, text);
  return csvHeader(COLUMNS, profile) + new TextDecoder().decode(text.take());
}

/** The cells as an independent reader finds them. */
function read(text: string, profile: CsvProfile): readonly (readonly string[])[] {
  return parse(text, { bom: true, delimiter: profile === "open" ? "," : ";", record_delimiter: "\r\n" });
}

const row = (name: string | null): Row => ({ name, votes: 12, share: 5, start: START });

describe("CSV lines", () => {
  it("are RFC 4180 for open data: commas, CR LF, points", () => {
    expect(file([{ name: "Anagrafe", votes: 12, share: 874, start: START }], "open")).toBe(
      "name,votes,share,start\r\nAnagrafe,12,87.4,2026-10-25T02:00:00+01:00\r\n",
    );
  });

  it("open right in Italian Excel: byte order mark, semicolons, decimal comma, Italian dates", () => {
    expect(file([{ name: "Anagrafe", votes: 12, share: 874, start: START }], "excel-it")).toBe(
      "\uFEFFname;votes;share;start\r\nAnagrafe;12;87,4;25/10/2026 02:00:00\r\n",
    );
  });

  it("leave empty what is not known or not shown, and write zero as zero", () => {
    expect(file([{ name: null, votes: null, share: null, start: START }], "open")).toContain(
      `\r\n,,,${START}\r\n`,
    );
    expect(file([{ name: "", votes: 0, share: 0, start: START }], "open")).toContain(
      `\r\n,0,0.0,${START}\r\n`,
    );
  });

  it.each(CSV_PROFILES)("keep a text that a spreadsheet would run as a formula a text (%s)", (profile) => {
    const formulas = [
      "=1+1",
      "+39 06",
      "-2",
      "@SUM(A1)",
      "\t=1",
      "\r=1",
      "\n=1",
      "＝1+1",
      '=HYPERLINK("http://x";"y")',
    ];
    for (const formula of formulas) {
      const [, cells] = read(file([row(formula)], profile), profile);
      expect(cells?.[0]).toBe(`'${formula}`);
    }
    const [, plain] = read(file([row("Anagrafe = casa")], profile), profile);
    expect(plain?.[0]).toBe("Anagrafe = casa");
  });

  it("quote what the other profile's separator would cut", () => {
    expect(file([row("a;b")], "open")).toContain('"a;b",');
    expect(file([row("a,b")], "excel-it")).toContain('"a,b";');
    expect(file([row('say "no"')], "open")).toContain('"say ""no""",');
  });

  it("write a cell the same the first time and ever after, however many there are", () => {
    const rows = Array.from({ length: 1_100 }, (_, n) => ({ ...row(`=${n}`), votes: n }));
    const [, ...cells] = read(file([...rows, ...rows], "open"), "open");
    expect(cells).toEqual(
      [...rows, ...rows].map(({ name, votes }) => [`'${name}`, `${votes}`, "0.5", START]),
    );
  });

  it("are read back cell by cell by an independent reader, whatever the texts", () => {
    const texts = fc.string({ unit: fc.constantFrom(..."aè=-+@;,\"'\t\r\n ＝") });
    const rows = fc.array(
      fc.record({ name: texts, votes: fc.nat(), share: fc.nat(1_000), start: fc.constant(START) }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(rows, fc.constantFrom(...CSV_PROFILES), (written, profile) => {
        const [header, ...cells] = read(file(written, profile), profile);
        expect(header).toEqual(["name", "votes", "share", "start"]);
        expect(cells).toEqual(
          written.map(({ name, votes, share }) => [
            /^[=+\-@\t\r\n＝]/.test(name) ? `'${name}` : name,
            String(votes),
            (share / 10).toFixed(1).replace(".", profile === "open" ? "." : ","),
            profile === "open" ? START : "25/10/2026 02:00:00",
          ]),
        );
      }),
    );
  });

  it("writes cells that rows share as it writes any others, whatever rows share them", () => {
    type Row = { readonly at: number; readonly of: number; readonly value: number };
    const columns = (isShared: boolean): readonly ColumnOf<Row, null>[] => {
      const by = <T>(alike: T) => (isShared ? { alike } : {});
      const byAt = by((row: Row) => row.at);
      const byOf = by((row: Row) => row.of);
      const about = { type: "text", meaning: "" } as const;
      return [
        { ...about, ...byAt, name: "a", of: ({ at }) => (at === 0 ? null : `=${at}`) },
        { ...about, ...byAt, name: "b", of: ({ at }) => `"${at}"` },
        { ...about, ...byOf, name: "c", of: ({ of }) => (of === 1 ? null : `;${of}`) },
        { ...about, name: "d", type: "integer", of: ({ value }) => value },
        { ...about, ...byAt, name: "e", of: ({ at }) => String(at) },
      ];
    };
    const written = (rows: readonly Row[], isShared: boolean) => {
      const text = new TextBytes(10);
      const write = csvLineWriter(columns(isShared), "open");
      for (const row of rows) write(row, null, text);
      return Buffer.from(text.take()).toString();
    };
    // More periods than are remembered, so that the oldest are written again.
    const few = fc.integer({ min: 0, max: 3 });
    const row = fc.record({ at: fc.integer({ min: 0, max: 1_200 }), of: few, value: fc.integer() });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 3_000, size: "max" }), (rows) => {
        expect(written(rows, true)).toBe(written(rows, false));
      }),
      { numRuns: 20 },
    );
  });
});
