/** The same figures in every form, each read by somebody else's reader and compared cell by cell. */
import { Buffer } from "node:buffer";
import { parse } from "csv-parse/sync";
import readWorkbook, { readSheet } from "read-excel-file/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ColumnOf } from "../reports/csv.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import type { Store } from "../store/store.ts";
import { fillWithGolden, GOLDEN_DIRECTORY, GOLDEN_SETTINGS } from "./golden-votes.fixture.ts";
import { columnsOf, reportFile } from "./report-files.ts";
import type { FileFormat, ReportQuery } from "./report-query.ts";
import { xlsxFile } from "./xlsx-file.ts";

const OCTOBER = { fromDay: "2026-10-01", toDay: "2026-11-01" };
const AUTUMN = { fromDay: "2026-10-24", toDay: "2026-10-27" };
const MONTHLY: Omit<ReportQuery, "format"> = {
  ...{ kind: "monthly", by: "month", span: OCTOBER, profile: "open", isExact: true },
};
const HOURS: Omit<ReportQuery, "format"> = { ...MONTHLY, kind: "aggregate", by: "hour", span: AUTUMN };
const SMALL: Omit<ReportQuery, "format"> = { ...MONTHLY, isExact: false };
const NOTHING: Omit<ReportQuery, "format"> = {
  ...{ ...MONTHLY, span: { fromDay: "2020-01-01", toDay: "2020-02-01" } },
};

let store: Store;
beforeAll(async () => {
  store = openSqliteStore(":memory:", 0);
  await fillWithGolden(store);
});
afterAll(() => store.close());

async function bytesOf(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of stream) parts.push(Buffer.from(chunk as string));
  return Buffer.concat(parts);
}
const fileOf = async (query: Omit<ReportQuery, "format">, format: FileFormat) => {
  const parts = { store, directory: GOLDEN_DIRECTORY, settings: GOLDEN_SETTINGS };
  return bytesOf(await reportFile(parts, { ...query, format }));
};
type Row = Readonly<Record<string, string>>;
const sheetNames = async (bytes: Buffer) => (await readWorkbook(bytes)).map(({ sheet }) => sheet);
/** A CSV guards texts that a spreadsheet would take for formulas; other forms have no need to. */
const unguarded = (rows: readonly Row[]) =>
  rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, cell.replace(/^'(?=[=+@-])/, "")])),
  );
/** Every cell as the CSV would write it: one decimal for shares, nothing for null. */
const asText = (query: Omit<ReportQuery, "format">, row: Readonly<Record<string, unknown>>): Row =>
  Object.fromEntries(
    columnsOf({ ...query, format: "csv" }).map(({ name, type }) => {
      const cell = row[name] ?? null;
      if (cell === null) return [name, ""];
      return [name, type === "tenths" ? (cell as number).toFixed(1) : String(cell)];
    }),
  );
const sheetRows = async (bytes: Buffer, sheet = 1) => {
  const [header = [], ...rows] = await readSheet(bytes, sheet);
  return rows.map((row) => Object.fromEntries(row.map((cell, at) => [String(header[at]), cell])));
};

describe.each([
  ["the month", MONTHLY],
  ["hours around the change of the clock", HOURS],
  ["a month with hidden figures", SMALL],
  ["a month of nothing", NOTHING],
])("%s", (_, query) => {
  it("says the same in CSV, JSON, NDJSON and Excel, cell by cell", async () => {
    const expected = unguarded(parse(await fileOf(query, "csv"), { columns: true }));
    const json = JSON.parse((await fileOf(query, "json")).toString()) as Record<string, unknown>[];
    expect(json.map((row) => asText(query, row))).toEqual(expected);
    const lines = (await fileOf(query, "ndjson")).toString().split("\n");
    expect(lines.pop()).toBe("");
    expect(lines.map((line) => asText(query, JSON.parse(line)))).toEqual(expected);
    const sheet = await sheetRows(await fileOf(query, "xlsx"));
    expect(sheet.map((row) => asText(query, row))).toEqual(expected);
  });

  it("is the same bytes when it is made again, and tells no moment of making", async () => {
    for (const format of ["csv", "json", "ndjson", "xlsx"] as const) {
      const first = await fileOf(query, format);
      expect((await fileOf(query, format)).equals(first), format).toBe(true);
    }
    // In an archive's first header: time and date, as MS-DOS had them.
    const header = (await fileOf(query, "xlsx")).subarray(10, 14);
    expect(header).toEqual(Buffer.from([0, 0, 0x21, 0]));
  });
});

describe("a workbook", () => {
  it("says on a sheet of its own what each column means", async () => {
    const bytes = await fileOf(MONTHLY, "xlsx");
    expect(await sheetNames(bytes)).toEqual(["dati", "colonne"]);
    const meanings = new Map(
      (await readSheet(bytes, "colonne")).slice(1).map(([name, meaning]) => [name, meaning]),
    );
    for (const { name, meaning } of columnsOf({ ...MONTHLY, format: "xlsx" }))
      expect(meanings.get(name)).toBe(meaning);
  });

  const COLUMNS: readonly ColumnOf<string, null>[] = [
    { name: "text", type: "text", meaning: "what stands there", of: (row) => row },
  ];
  const pages = async function* (...rows: string[]) {
    for (const row of rows) yield [row];
  };
  const workbook = (rows: readonly string[], rowsMax?: number) =>
    bytesOf(
      xlsxFile(pages(...rows), {
        columns: COLUMNS,
        known: null,
        title: "x",
        ...(rowsMax ? { rowsMax } : {}),
      }),
    );

  it("goes on in another sheet when one is full, and not before", async () => {
    const names = async (count: number) =>
      sheetNames(
        await workbook(
          Array.from({ length: count }, (_, at) => `row ${at}`),
          3,
        ),
      );
    expect(await names(3)).toEqual(["dati", "colonne"]);
    expect(await names(7)).toEqual(["dati", "dati 2", "dati 3", "colonne"]);
    const bytes = await workbook(["a", "b", "c", "d"], 3);
    expect([await sheetRows(bytes, 1), await sheetRows(bytes, 2)].flat().map(({ text }) => text)).toEqual([
      ..."abcd",
    ]);
  });

  it("takes no text for markup or a formula, and leaves out what XML cannot say", async () => {
    const rows = ["=1+1", "<b>&\"'", " spaces ", "a\u0000b\uFFFFc", "😀 è"];
    const read = (await readSheet(await workbook(rows), 1, { trim: false })).slice(1).map(([cell]) => cell);
    expect(read).toEqual(["=1+1", "<b>&\"'", " spaces ", "abc", "😀 è"]);
  });

  it("ends with the failure of what it reads", async () => {
    const failing = async function* (): AsyncGenerator<readonly string[]> {
      yield ["one"];
      throw new Error("the disk is gone");
    };
    const broken = xlsxFile(failing(), { columns: COLUMNS, known: null, title: "x" });
    await expect(bytesOf(broken)).rejects.toThrow("the disk is gone");
  });
});
