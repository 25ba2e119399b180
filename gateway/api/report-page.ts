/**
 * One page of a report file: some rows after a position. The pages of a file, one after the other, are its bytes.
 */
import { csvHeader, csvLineWriter } from "../reports/csv.ts";
import { jsonRowWriter } from "../reports/json.ts";
import type { ReportRow } from "../reports/rows.ts";
import { bytesOf, TextBytes } from "../reports/text-bytes.ts";
import type { Position } from "./report-cursor.ts";
import { columnsOf, labelsOf, type ReportParts, reportPeriods } from "./report-files.ts";
import type { ReportQuery } from "./report-query.ts";

export type ReportPage = {
  readonly bytes: Uint8Array;
  /** The page's last row; null when there is nothing after it. */
  readonly next: Position | null;
};

/** A row of these files has some 210 bytes; what is more is made room for. */
const ROW_BYTES = 256;

/** @param after null for the first page. */
export async function reportPage(
  parts: ReportParts,
  query: ReportQuery,
  { after, limit }: { readonly after: Position | null; readonly limit: number },
): Promise<ReportPage> {
  const columns = columnsOf(query);
  const labels = await labelsOf(parts, query);
  const text = new TextBytes(limit * ROW_BYTES);
  const csvLine = csvLineWriter(columns, query.profile);
  const jsonRow = jsonRowWriter(columns);
  const write = (row: ReportRow) =>
    query.format === "csv" ? csvLine(row, labels, text) : text.put(bytesOf(`${jsonRow(row, labels)}\n`));
  if (query.format === "csv" && after === null) text.put(bytesOf(csvHeader(columns, query.profile)));
  let last: Position | null = null;
  let count = 0;
  for await (const { position, row } of rowsAfter(parts, query, after)) {
    if (count === limit) return { bytes: text.take(), next: last };
    write(row);
    last = position;
    count += 1;
  }
  return { bytes: text.take(), next: null };
}

/** Rows with their positions; those up to one position are passed over, their months not even read. */
async function* rowsAfter(
  parts: ReportParts,
  query: ReportQuery,
  after: Position | null,
): AsyncGenerator<{ readonly position: Position; readonly row: ReportRow }> {
  let isBeyond = after === null;
  for await (const { slot, rows } of reportPeriods(parts, query, after?.slot.slice(0, 10) ?? null)) {
    for (const row of rows) {
      const position = { slot, key: row.line.key };
      if (isBeyond) yield { position, row };
      else isBeyond = slot === after?.slot && row.line.key === after.key;
    }
  }
  // The file was found unchanged: were the row not there, an end would be told that is none.
  if (!isBeyond) throw new Error("the row a cursor names is not in the file");
}
