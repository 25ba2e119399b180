/**
 * The parts of an Excel workbook (ECMA-376, SpreadsheetML) that holds report rows: a sheet of figures, and one that says what each column
 * means. Pure. Texts are written as texts and can be no formula; numbers are numbers.
 */
import type { Cell, Column, ColumnOf, ColumnType } from "./csv.ts";
import { tenthsText } from "./figures.ts";

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/** Rows of one sheet: below the 1,048,576 that Excel opens. What is more goes on in the next sheet. */
export const SHEET_ROWS_MAX = 1_000_000;

/** Styles by their position: plain, header, one decimal. */
const [, HEADER, DECIMAL] = [0, 1, 2];

/** The beginning of a sheet of figures, up to its first row. */
export function sheetStart(columns: readonly Column[]): string {
  const cells = columns.map(({ name }, at) => textCell(name, `${letters(at)}1`, HEADER)).join("");
  return (
    `${DECLARATION}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0">` +
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>' +
    `<sheetData><row r="1">${cells}</row>`
  );
}

/** The end of every sheet. */
export const SHEET_END = "</sheetData></worksheet>";

/** Makes the function that writes one row of a sheet. Its number counts from 1; the header is the first. */
export function xlsxRowWriter<Row, Known>(
  columns: readonly ColumnOf<Row, Known>[],
): (row: Row, known: Known, number: number) => string {
  const cells = columns.map(({ of, type }, at) => ({ of, type, column: letters(at) }));
  return (row, known, number) =>
    `<row r="${number}">${cells.map(({ of, type, column }) => cellOf(of(row, known), type, `${column}${number}`)).join("")}</row>`;
}

/** The sheet that says what each column means. */
export function meaningsSheet(title: string, columns: readonly Column[]): string {
  const rows = columns.map(
    ({ name, meaning }, at) =>
      `<row r="${at + 2}">${textCell(name, `A${at + 2}`)}${textCell(meaning, `B${at + 2}`)}</row>`,
  );
  const head = `<row r="1">${textCell(title, "A1", HEADER)}</row>`;
  return `${DECLARATION}<worksheet xmlns="${MAIN}"><cols><col min="1" max="1" width="22" customWidth="1"/><col min="2" max="2" width="100" customWidth="1"/></cols><sheetData>${head}${rows.join("")}${SHEET_END}`;
}

/** The other parts of a workbook with these sheets, by their names in the package. */
export function workbookParts(sheets: readonly string[]): Readonly<Record<string, string>> {
  const all = sheets.map((name, at) => ({ name, id: at + 1 }));
  return {
    "[Content_Types].xml": `${DECLARATION}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${SHEET_TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${SHEET_TYPE}.styles+xml"/>${all.map(({ id }) => `<Override PartName="/${sheetPart(id)}" ContentType="${SHEET_TYPE}.worksheet+xml"/>`).join("")}</Types>`,
    "_rels/.rels": relations([["rId1", "officeDocument", "xl/workbook.xml"]]),
    "xl/workbook.xml": `${DECLARATION}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${all.map(({ name, id }) => `<sheet name="${escaped(name)}" sheetId="${id}" r:id="rId${id}"/>`).join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": relations([
      ...all.map(({ id }) => [`rId${id}`, "worksheet", `worksheets/sheet${id}.xml`] as const),
      ["rIdStyles", "styles", "styles.xml"],
    ]),
    "xl/styles.xml": `${DECLARATION}<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="0.0"/></numFmts><fonts count="2"><font/><font><b/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>`,
  };
}

/** Where a sheet lies, counted from 1. */
export function sheetPart(id: number): string {
  return `xl/worksheets/sheet${id}.xml`;
}

function cellOf(cell: Cell, type: ColumnType, at: string): string {
  if (cell === null) return "";
  if (type === "integer") return `<c r="${at}"><v>${cell}</v></c>`;
  if (type === "tenths") return `<c r="${at}" s="${DECIMAL}"><v>${tenthsText(Number(cell))}</v></c>`;
  return textCell(String(cell), at);
}

function textCell(text: string, at: string, style = 0): string {
  return `<c r="${at}" t="inlineStr"${style === 0 ? "" : ` s="${style}"`}><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;
}

/** How Excel calls a column, counted from 0. */
function letters(at: number): string {
  const last = String.fromCharCode(65 + (at % 26));
  return at < 26 ? last : letters(Math.floor(at / 26) - 1) + last;
}

function relations(list: readonly (readonly [id: string, type: string, target: string])[]): string {
  const all = list.map(
    ([id, type, to]) => `<Relationship Id="${id}" Type="${RELATIONS}/${type}" Target="${to}"/>`,
  );
  return `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships">${all.join("")}</Relationships>`;
}

/** XML 1.0 has no way to write most control characters: they are left out. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "")
    .replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}
