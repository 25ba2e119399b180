/**
 * Reads served counts from a CSV file as a queue system or a spreadsheet writes it: commas or semicolons, with or without
 * a byte order mark and quotes. Strict: whatever is not understood is refused with its line and column, and nothing is
 * half read. Pure.
 */
import { SERVED_COUNT, type ServedCount } from "#schemas/api.ts";
import { SERVED_COUNTS_MAX } from "#schemas/limits.ts";
import { isLocalDay } from "#schemas/local-day.ts";
import { fail, ok, type Result } from "#schemas/result.ts";

/** A count and where it stood: a line of a file, or a place in a list. */
export type PlacedCount = { readonly at: string; readonly count: ServedCount };

/** What is wrong, where: `line 3, column day = 2026-13-01: must be a day, YYYY-MM-DD`. */
export type ServedProblem = {
  readonly at: string;
  readonly column: string;
  readonly value: string;
  readonly expected: string;
};

const COLUMNS = ["office", "service", "day", "served"] as const;
type ColumnName = (typeof COLUMNS)[number];

/** Longest cell: ids have 40 characters, and nothing else is longer. A missing quote must not swallow the file. */
const CELL_MAX = 64;
/** Longest value repeated in a message. */
const SHOWN_VALUE_MAX = 40;
/** Problems told at once: enough to mend a file by, not a copy of it. */
export const PROBLEMS_MAX = 20;

/** The counts of a file, or what is wrong with it. */
export function parseServedCsv(text: string): Result<readonly PlacedCount[], readonly ServedProblem[]> {
  const body = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const headerEnd = body.search(/[\r\n]|$/);
  const separator = body.slice(0, headerEnd).includes(";") ? ";" : ",";
  const lines = readLines(body, separator);
  if (!lines.ok) return fail([lines.problem]);
  const [header, ...rows] = lines.value;
  const order = readHeader(header?.cells ?? []);
  if (!order.ok) return fail([order.problem]);
  const counts: PlacedCount[] = [];
  const problems: ServedProblem[] = [];
  for (const { line, cells } of rows) {
    // Spreadsheets leave lines of empty cells behind.
    if (cells.every((cell) => cell === "")) continue;
    const at = `line ${line}`;
    const count = readCount(at, cells, order.value, separator);
    if (count.ok) counts.push({ at, count: count.value });
    else problems.push(count.problem);
    if (problems.length === PROBLEMS_MAX) break;
  }
  if (problems.length > 0) return fail(problems);
  if (counts.length > 0) return ok(counts);
  return fail([{ at: "line 2", column: "", value: "", expected: "must hold a served count" }]);
}

/** One problem as a sentence. */
export function problemText({ at, column, value, expected }: ServedProblem): string {
  const where = column === "" ? at : `${at}, column ${column}`;
  return value === "" ? `${where}: ${expected}` : `${where} = ${shownValue(value)}: ${expected}`;
}

/** A served count from any value, with the first thing wrong in it. */
export function readServedCount(at: string, value: unknown): Result<ServedCount, ServedProblem> {
  const parsed = SERVED_COUNT.parse(value);
  if (!parsed.ok) {
    const column = parsed.problem.where.split("/").at(-1) ?? "";
    const given = (value as Record<string, unknown> | null)?.[column];
    return fail({
      at,
      column,
      value: given === undefined ? "" : String(given),
      expected: parsed.problem.expected,
    });
  }
  if (isLocalDay(parsed.value.day)) return parsed;
  return fail({ at, column: "day", value: parsed.value.day, expected: "must be a day of the calendar" });
}

function readHeader(cells: readonly string[]): Result<readonly ColumnName[], ServedProblem> {
  const at = "line 1";
  const order: ColumnName[] = [];
  for (const cell of cells) {
    const column = COLUMNS.find((name) => name === cell.trim().toLowerCase());
    if (column === undefined || order.includes(column)) {
      const expected = `must be one of the columns ${COLUMNS.join(", ")}, each once`;
      return fail({ at, column: String(order.length + 1), value: cell, expected });
    }
    order.push(column);
  }
  const missing = COLUMNS.find((name) => !order.includes(name));
  if (missing === undefined) return ok(order);
  return fail({ at, column: missing, value: "", expected: "is missing" });
}

function readCount(
  at: string,
  cells: readonly string[],
  order: readonly ColumnName[],
  separator: string,
): Result<ServedCount, ServedProblem> {
  if (cells.length !== order.length) {
    const expected = `must have ${order.length} cells, as the first line has; it has ${cells.length}`;
    return fail({ at, column: "", value: "", expected });
  }
  const of = (name: ColumnName) => cells[order.indexOf(name)] as string;
  const served = of("served");
  if (!/^\d{1,9}$/.test(served)) {
    return fail({ at, column: "served", value: served, expected: "must be a whole number in digits only" });
  }
  const day = isoDay(of("day"), separator);
  return readServedCount(at, { office: of("office"), service: of("service"), day, served: Number(served) });
}

/**
 * A day as `YYYY-MM-DD`. In files with semicolons `DD/MM/YYYY` is understood too, as Italian spreadsheets write it: where
 * the semicolon separates, the comma is the decimal mark, and there the day comes first.
 */
function isoDay(text: string, separator: string): string {
  const match = separator === ";" ? /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text) : null;
  if (match === null) return text;
  const [, day = "", month = "", year = ""] = match;
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

type Line = { readonly line: number; readonly cells: readonly string[] };

/** Cuts a text into lines of cells, as RFC 4180 has them, with any line end. */
function readLines(text: string, separator: string): Result<readonly Line[], ServedProblem> {
  const lines: Line[] = [];
  let line = 1;
  let cells: string[] = [];
  let from = 0;
  const broken = (value: string, expected: string) =>
    fail({ at: `line ${line}`, column: String(cells.length + 1), value, expected });
  while (from < text.length) {
    const cell = text[from] === '"' ? quotedCell(text, from) : plainCell(text, from, separator);
    if (cell === null) return broken("", "has a quote that is not closed, or not alone around its cell");
    if (cell.text.length > CELL_MAX) return broken(cell.text, `must have at most ${CELL_MAX} characters`);
    cells.push(cell.text);
    const end = text[cell.end];
    if (end === separator) {
      from = cell.end + 1;
      if (from < text.length) continue;
      cells.push("");
    } else if (end !== undefined && end !== "\n" && end !== "\r") {
      return broken(cell.text, "has a quote that is not closed, or not alone around its cell");
    } else {
      from = cell.end + (end === "\r" && text[cell.end + 1] === "\n" ? 2 : 1);
    }
    lines.push({ line, cells });
    if (lines.length > SERVED_COUNTS_MAX + 1) {
      return broken("", `is one too many: at most ${SERVED_COUNTS_MAX} counts are taken at once`);
    }
    cells = [];
    line += 1;
  }
  return ok(lines);
}

type FoundCell = { readonly text: string; readonly end: number };

function plainCell(text: string, from: number, separator: string): FoundCell | null {
  let end = from;
  while (end < text.length && text[end] !== separator && text[end] !== "\n" && text[end] !== "\r") {
    if (text[end] === '"') return null;
    end += 1;
  }
  return { text: text.slice(from, end), end };
}

/** No cell of ours can hold a line end, so a quote left open ends with its line. */
function quotedCell(text: string, from: number): FoundCell | null {
  let out = "";
  for (let at = from + 1; at < text.length && text[at] !== "\n" && text[at] !== "\r"; at++) {
    if (text[at] !== '"') out += text[at];
    else if (text[at + 1] === '"') {
      out += '"';
      at += 1;
    } else return { text: out, end: at + 1 };
  }
  return null;
}

function shownValue(value: string): string {
  return value.length > SHOWN_VALUE_MAX ? `${value.slice(0, SHOWN_VALUE_MAX)}…` : value;
}
