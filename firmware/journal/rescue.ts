/**
 * Copies what can still be read of a damaged journal into a new one. The damaged file is only read. What is missing
 * afterwards is found by the same check as in a sound file, and declared lost.
 */
import { createRequire } from "node:module";
import Database from "better-sqlite3";
import { gaps, sizeOf } from "#schemas/ranges.ts";
import { Receipts } from "./receipts.ts";
import { prepareStatements, type Statements } from "./statements.ts";
import { failureOf } from "./storage-errors.ts";

/** Each table with the columns that order it; what others refer to comes first. `total` is counted anew. */
const TABLES = [
  ["epoch", ["ordinal"]],
  ["entry", ["ordinal", "seq"]],
  ["received", ["ordinal", "first"]],
  ["damage", ["ordinal", "first"]],
  ["draft", ["one"]],
  ["spent", ["mark"]],
  ["kept", ["name"]],
] as const;

/** Fills an empty, migrated journal with what can be read from the damaged file. */
export function rescue(damagedPath: string, into: Database.Database): void {
  let from: Database.Database | null = null;
  const copyAll = (source: Database.Database) => {
    for (const [table, key] of TABLES) copyTable(source, into, table, key);
    const sql = prepareStatements(into);
    dropUnreadableDraft(sql);
    countAnew(sql);
  };
  try {
    from = new Database(damagedPath, { readonly: true, fileMustExist: true });
    const source = from;
    into.transaction(() => copyAll(source)).immediate();
  } catch (error) {
    // Not even its first page can be read: the new journal starts empty.
    if (failureOf(error) === null) throw error;
  } finally {
    from?.close();
  }
}

/** Reads from the front up to the damaged page, then from the back down to it. */
function copyTable(
  from: Database.Database,
  into: Database.Database,
  table: string,
  key: readonly string[],
): void {
  const forwards = key.join(", ");
  const backwards = key.map((column) => `${column} DESC`).join(", ");
  for (const order of [forwards, backwards]) {
    if (copyRows(from, into, table, order)) return;
  }
}

/** True when the reading came to its end. */
function copyRows(from: Database.Database, into: Database.Database, table: string, order: string): boolean {
  try {
    const read = from.prepare(`SELECT * FROM ${table} ORDER BY ${order}`).raw();
    const columns = read.columns().map((column) => column.name);
    const put = into.prepare(
      `INSERT OR IGNORE INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
    );
    for (const row of read.iterate()) putIfFit(put, row as unknown[]);
    return true;
  } catch (error) {
    if (failureOf(error) === null) throw error;
    return false;
  }
}

/** A row that breaks the table's rules is as good as unreadable. */
function putIfFit(put: Database.Statement, row: readonly unknown[]): void {
  try {
    put.run(...row);
  } catch (error) {
    const code = (error as { code?: string }).code ?? "";
    if (!code.startsWith("SQLITE_CONSTRAINT"))
      throw new Error("the new journal cannot be written", { cause: error });
  }
}

/** Entries have their hash to prove them; a draft has only its shape. */
function dropUnreadableDraft(sql: Statements): void {
  const draft = sql.draft.get();
  if (draft === undefined || isVote(draft.body)) return;
  sql.dropDraft.run();
}

const load = createRequire(import.meta.url);

function isVote(body: string): boolean {
  try {
    // Only now: hardly any totem ever gets here, and the validator would be a third of the journal thread's memory.
    const { parseEntry } = load("#schemas/entry.ts") as typeof import("#schemas/entry.ts");
    const parsed = parseEntry(JSON.parse(body));
    return parsed.ok && parsed.value.kind === "vote";
  } catch {
    return false;
  }
}

function countAnew(sql: Statements): void {
  const receipts = new Receipts(sql);
  let captured = 0;
  let pending = 0;
  let pendingBytes = 0;
  for (const row of sql.allEpochs.all()) {
    captured += row.last;
    const missing = gaps(receipts.rangesOf(row), 1, row.last);
    pending += sizeOf(missing);
    for (const { first, last } of missing)
      pendingBytes += sql.bytes.get(row.ordinal, first, last)?.bytes ?? 0;
  }
  sql.setTotal.run(captured, captured - pending, pendingBytes);
}
