/**
 * Writes CSV lines in two profiles: RFC 4180 for open data, and the one Italian Excel opens right. Pure. Text cells are
 * guarded against formulas; numbers are typed and stay numbers.
 */

import { tenthsText } from "./figures.ts";
import { bytesOf, type TextBytes } from "./text-bytes.ts";

export const CSV_PROFILES = ["open", "excel-it"] as const;
export type CsvProfile = (typeof CSV_PROFILES)[number];

/** What a column holds. `tenths` are tenths of a unit, written with one decimal. */
export type ColumnType = "text" | "integer" | "tenths" | "moment";

export type Column = {
  readonly name: string;
  readonly type: ColumnType;
  /** What it means, for the metadata beside the file. */
  readonly meaning: string;
};

/** A cell: null is empty, which means not known or not shown. Moments are ISO 8601 with offset. */
export type Cell = string | number | null;

/** RFC 4180 section 2. */
const LINE_END = "\r\n";

/** UTF-8's byte order mark: without it Excel reads accents wrong. */
const BYTE_ORDER_MARK = "\uFEFF";

/** First characters a spreadsheet takes for a formula, their full-width forms among them (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/** What must stand in quotes in either profile: a file read with the wrong separator must not gain a cell. */
const NEEDS_QUOTES = /[",;\t\r\n]|^\s|\s$/;

/** Texts and numbers of a column that are remembered: more than an administration has services; 100 KB at most. */
const REMEMBERED_MAX = 1_000;

/** The header line, with the byte order mark where the profile wants one. */
export function csvHeader(columns: readonly Column[], profile: CsvProfile): string {
  const names = columns.map((column) => column.name).join(separator(profile));
  return `${profile === "excel-it" ? BYTE_ORDER_MARK : ""}${names}${LINE_END}`;
}

/** A column that takes its cells from rows, and from what else there is to know. */
export type ColumnOf<Row, Known> = Column & {
  readonly of: (row: Row, known: Known) => Cell;
  /** Rows for which this is the same have the same cell here; left out where each has its own. */
  readonly alike?: (row: Row) => unknown;
};

/** Puts the cells of some columns at the end of a text. */
type Writer<Row, Known> = (row: Row, known: Known, text: TextBytes) => void;

/** Makes the function that puts one row, as a line of these columns, at the end of a text. For one file: what else is known is remembered. */
export function csvLineWriter<Row, Known>(
  columns: readonly ColumnOf<Row, Known>[],
  profile: CsvProfile,
): Writer<Row, Known> {
  const writers = runsOf(columns).map(({ from, run }) => {
    const alike = run[0]?.alike;
    return alike === undefined
      ? cellsWriter(run, profile, from === 0)
      : onceWriter(run, profile, from === 0, alike);
  });
  const lineEnd = bytesOf(LINE_END);
  return (row, known, text) => {
    for (const write of writers) write(row, known, text);
    text.put(lineEnd);
  };
}

/** Neighbours that are alike for the same rows. */
function runsOf<Row, Known>(columns: readonly ColumnOf<Row, Known>[]) {
  const runs: { readonly from: number; readonly run: ColumnOf<Row, Known>[] }[] = [];
  for (const [from, column] of columns.entries()) {
    const last = runs.at(-1);
    if (last !== undefined && last.run[0]?.alike === column.alike) last.run.push(column);
    else runs.push({ from, run: [column] });
  }
  return runs;
}

function cellsWriter<Row, Known>(
  columns: readonly ColumnOf<Row, Known>[],
  profile: CsvProfile,
  isFirst: boolean,
): Writer<Row, Known> {
  const cells = columns.map(({ of, type }, at) => {
    const before = isFirst && at === 0 ? "" : separator(profile);
    const write = remembering((cell) => bytesOf(before + written(cell, type, profile)));
    return { of, write, empty: bytesOf(before) };
  });
  return (row, known, text) => {
    for (const { of, write, empty } of cells) {
      const cell = of(row, known);
      text.put(cell === null ? empty : write(cell));
    }
  };
}

/** The same for neighbours that are alike: written once for all such rows. What is remembered is let go of when it is too much. */
function onceWriter<Row, Known>(
  columns: readonly ColumnOf<Row, Known>[],
  profile: CsvProfile,
  isFirst: boolean,
  alike: (row: Row) => unknown,
): Writer<Row, Known> {
  const remembered = new Map<unknown, Uint8Array>();
  const textOf = (row: Row, known: Known) =>
    columns
      .map(({ of, type }) => {
        const cell = of(row, known);
        return cell === null ? "" : written(cell, type, profile);
      })
      .join(separator(profile));
  return (row, known, text) => {
    const key = alike(row);
    let bytes = remembered.get(key);
    if (bytes === undefined) {
      bytes = bytesOf((isFirst ? "" : separator(profile)) + textOf(row, known));
      if (remembered.size >= REMEMBERED_MAX) remembered.clear();
      remembered.set(key, bytes);
    }
    text.put(bytes);
  };
}

function separator(profile: CsvProfile): string {
  return profile === "excel-it" ? ";" : ",";
}

type CellWriter = (cell: string | number) => Uint8Array;

/**
 * The same names and small numbers come again and again in a column: each is written once. What is remembered is let go of
 * when it is too much; a number too large for its place is written each time.
 */
function remembering(write: CellWriter): CellWriter {
  const texts = new Map<string, Uint8Array>();
  const numbers: Uint8Array[] = [];
  return (cell) => {
    const before = typeof cell === "number" ? numbers[cell] : texts.get(cell);
    if (before !== undefined) return before;
    const text = write(cell);
    if (typeof cell === "string") {
      if (texts.size >= REMEMBERED_MAX) texts.clear();
      texts.set(cell, text);
    } else if (Number.isInteger(cell) && cell >= 0 && cell < REMEMBERED_MAX) numbers[cell] = text;
    return text;
  };
}

function written(cell: string | number, type: ColumnType, profile: CsvProfile): string {
  const isItalian = profile === "excel-it";
  switch (type) {
    case "text":
      return quoted(FORMULA.test(String(cell)) ? `'${cell}` : String(cell));
    case "integer":
      return String(cell);
    case "tenths":
      return tenthsText(Number(cell), isItalian ? "," : ".");
    case "moment":
      return isItalian ? italianMoment(String(cell)) : String(cell);
  }
}

function quoted(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** `2026-10-25T02:00:00+01:00` as Italian Excel reads dates: `25/10/2026 02:00:00`. The period's name keeps the offset. */
function italianMoment(iso: string): string {
  return `${iso.slice(8, 10)}/${iso.slice(5, 7)}/${iso.slice(0, 4)} ${iso.slice(11, 19)}`;
}
