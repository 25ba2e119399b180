/**
 * Writes report rows as JSON values, with the columns of the files in other forms: numbers are numbers, empty cells null. Pure.
 */
import type { Cell, ColumnOf, ColumnType } from "./csv.ts";
import { tenthsText } from "./figures.ts";

/** Makes the function that writes one row as an object on one line. */
export function jsonRowWriter<Row, Known>(
  columns: readonly ColumnOf<Row, Known>[],
): (row: Row, known: Known) => string {
  const cells = columns.map(({ name, of, type }) => ({ of, type, label: `${JSON.stringify(name)}:` }));
  return (row, known) =>
    `{${cells.map(({ of, type, label }) => label + jsonCell(of(row, known), type)).join(",")}}`;
}

function jsonCell(cell: Cell, type: ColumnType): string {
  if (cell === null) return "null";
  if (type === "tenths") return tenthsText(Number(cell));
  return type === "integer" ? String(cell) : JSON.stringify(String(cell));
}
