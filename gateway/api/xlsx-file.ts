/**
 * An Excel workbook as a stream: sheets are written as their rows come, whatever their number. The same rows make the same bytes.
 */
import { once } from "node:events";
import { Readable } from "node:stream";
import { ZipFile } from "yazl";
import type { ColumnOf } from "../reports/csv.ts";
import {
  meaningsSheet,
  SHEET_END,
  SHEET_ROWS_MAX,
  sheetPart,
  sheetStart,
  workbookParts,
  xlsxRowWriter,
} from "../reports/xlsx.ts";
import { ZIP_ENTRY } from "../zip-entry.ts";

/** Text handed over at once. */
const CHUNK_CHARACTERS = 65_536;

/** @param rowsMax rows of a sheet: fewer than Excel's own limit only in tests. */
export function xlsxFile<Row, Known>(
  pages: AsyncIterable<readonly Row[]>,
  about: {
    readonly columns: readonly ColumnOf<Row, Known>[];
    readonly known: Known;
    readonly title: string;
    readonly rowsMax?: number;
  },
): Readable {
  const zip = new ZipFile();
  // Its types know the old kind of streams only; it is one of today's.
  const out = zip.outputStream as Readable;
  const fill = async () => {
    const rows = rowByRow(pages);
    const sheets: string[] = [];
    do {
      const sheet = Readable.from(sheetText(rows, about), { objectMode: false });
      sheets.push(sheets.length === 0 ? "dati" : `dati ${sheets.length + 1}`);
      zip.addReadStream(sheet, sheetPart(sheets.length), ZIP_ENTRY);
      await once(sheet, "close");
    } while (await rows.hasMore());
    sheets.push("colonne");
    zip.addBuffer(
      Buffer.from(meaningsSheet(about.title, about.columns)),
      sheetPart(sheets.length),
      ZIP_ENTRY,
    );
    for (const [name, text] of Object.entries(workbookParts(sheets)))
      zip.addBuffer(Buffer.from(text), name, ZIP_ENTRY);
    zip.end();
  };
  fill().catch((error: Error) => out.destroy(error));
  return out;
}

/** One sheet: as many rows as it has room for. */
async function* sheetText<Row, Known>(
  rows: RowByRow<Row>,
  { columns, known, rowsMax = SHEET_ROWS_MAX }: Parameters<typeof xlsxFile<Row, Known>>[1],
): AsyncGenerator<string> {
  const rowOf = xlsxRowWriter(columns);
  let text = sheetStart(columns);
  for (let count = 0; count < rowsMax && (await rows.hasMore()); count++) {
    // The header is the first row.
    text += rowOf(await rows.take(), known, count + 2);
    if (text.length < CHUNK_CHARACTERS) continue;
    yield text;
    text = "";
  }
  yield text + SHEET_END;
}

type RowByRow<Row> = { readonly hasMore: () => Promise<boolean>; readonly take: () => Promise<Row> };

/** Rows of pages one at a time, with a look ahead: a sheet begins only when there is a row for it. */
function rowByRow<Row>(pages: AsyncIterable<readonly Row[]>): RowByRow<Row> {
  const all = pages[Symbol.asyncIterator]();
  let page: readonly Row[] = [];
  let at = 0;
  const hasMore = async () => {
    while (at === page.length) {
      const next = await all.next();
      if (next.done === true) return false;
      page = next.value;
      at = 0;
    }
    return true;
  };
  return {
    hasMore,
    take: async () => {
      if (!(await hasMore())) throw new Error("there is no row left");
      at += 1;
      return page[at - 1] as Row;
    },
  };
}
