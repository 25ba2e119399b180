/**
 * Writes CSV lines in two profiles: RFC 4180 for open data, and the one Italian Excel opens right. Pure. Text cells are
 * guarded against formulas; numbers are typed and stay numbers.
 */

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

/** The header line, with the byte order mark where the profile wants one. */
export function csvHeader(columns: readonly Column[], profile: CsvProfile): string {
  const names = columns.map((column) => column.name).join(separator(profile));
  return `${profile === "excel-it" ? BYTE_ORDER_MARK : ""}${names}${LINE_END}`;
}

/** A column that takes its cells from rows, and from what else there is to know. */
export type ColumnOf<Row, Known> = Column & { readonly of: (row: Row, known: Known) => Cell };

/** Makes the function that writes one row as a line of these columns. */
export function csvLineWriter<Row, Known>(
  columns: readonly ColumnOf<Row, Known>[],
  profile: CsvProfile,
): (row: Row, known: Known) => string {
  const comma = separator(profile);
  const cells = columns.map(({ of, type }) => ({ of, write: cellWriter(type, profile) }));
  return (row, known) => {
    let line = "";
    let before = "";
    for (const { of, write } of cells) {
      const cell = of(row, known);
      line += cell === null ? before : before + write(cell);
      before = comma;
    }
    return line + LINE_END;
  };
}

type CellWriter = (cell: string | number) => string;

function separator(profile: CsvProfile): string {
  return profile === "excel-it" ? ";" : ",";
}

function cellWriter(type: ColumnType, profile: CsvProfile): CellWriter {
  switch (type) {
    case "text":
      return (cell) => quoted(FORMULA.test(String(cell)) ? `'${cell}` : String(cell));
    case "integer":
      return String;
    case "tenths":
      return profile === "excel-it"
        ? (cell) => withDecimal(Number(cell), ",")
        : (cell) => withDecimal(Number(cell), ".");
    case "moment":
      return profile === "excel-it" ? (cell) => italianMoment(String(cell)) : String;
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
