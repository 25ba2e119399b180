/**
 * Writes CSV lines in two profiles: RFC 4180 for open data, and the one Italian Excel opens right. Pure. Text cells are
 * guarded against formulas; numbers are typed and stay numbers.
 */

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
export type ColumnOf<Row, Known> = Column & { readonly of: (row: Row, known: Known) => Cell };

/** Makes the function that puts one row, as a line of these columns, at the end of a text. */
export function csvLineWriter<Row, Known>(
  columns: readonly ColumnOf<Row, Known>[],
  profile: CsvProfile,
): (row: Row, known: Known, text: TextBytes) => void {
  const cells = columns.map(({ of, type }, at) => {
    const before = at === 0 ? "" : separator(profile);
    const write = remembering((cell) => bytesOf(before + written(cell, type, profile)));
    return { of, write, empty: bytesOf(before) };
  });
  const lineEnd = bytesOf(LINE_END);
  return (row, known, text) => {
    for (const { of, write, empty } of cells) {
      const cell = of(row, known);
      text.put(cell === null ? empty : write(cell));
    }
    text.put(lineEnd);
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
      return withDecimal(Number(cell), isItalian ? "," : ".");
    case "moment":
      return isItalian ? italianMoment(String(cell)) : String(cell);
  }
}

function quoted(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function withDecimal(tenths: number, mark: string): string {
  const whole = Math.trunc(tenths / 10);
  return `${whole}${mark}${Math.abs(tenths % 10)}`;
}

/** `2026-10-25T02:00:00+01:00` as Italian Excel reads dates: `25/10/2026 02:00:00`. The period's name keeps the offset. */
function italianMoment(iso: string): string {
  return `${iso.slice(8, 10)}/${iso.slice(5, 7)}/${iso.slice(0, 4)} ${iso.slice(11, 19)}`;
}
