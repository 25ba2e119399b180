/**
 * The limit of a drain: one better-sqlite3 writer that puts the very rows the gateway stored into the same schema with
 * the same settings, as many batches in a commit as the gateway took. It verifies, judges and counts nothing.
 */
import Database from "better-sqlite3";
import { openDatabase } from "#gateway/store/sqlite/open-store.ts";
import { perSecond } from "./statistics.ts";

type RawRow = readonly unknown[];
type Insert = { readonly table: string; readonly row: RawRow };

/** Rows that must be there before the others may name them (foreign keys are on); not timed. */
const PARENTS = ["totem", "epoch", "place", "boot"] as const;

/** What a gateway stored of some batches, in the order it stored them. */
export type StoredBatches = {
  readonly parents: readonly Insert[];
  readonly batches: readonly (readonly Insert[])[];
  readonly votes: number;
};

/** Reads back what a gateway stored. */
export function readStored(databaseFile: string): StoredBatches {
  const database = new Database(databaseFile, { readonly: true });
  try {
    const all = (table: string) => database.prepare<[], RawRow>(`SELECT * FROM ${table}`).raw().all();
    const parents = PARENTS.flatMap((table) => all(table).map((row) => ({ table, row })));
    const leaves = all("audit");
    const batches = database
      .prepare<[], { epoch_no: number; first: number; last: number }>("SELECT * FROM batch ORDER BY no")
      .all();
    const payloads = all("batch");
    const votes = keyed(database, "vote");
    const entries = keyed(database, "entry");
    const marks = markRows(database);
    return {
      parents,
      votes: votes.size,
      batches: batches.map(({ epoch_no, first, last }, index) => {
        const inserts: Insert[] = [];
        for (let seq = first; seq <= last; seq++) {
          const key = `${epoch_no}/${seq}`;
          push(inserts, "entry", entries.get(key));
          push(inserts, "vote", votes.get(key));
          push(inserts, "mark", marks.get(key));
        }
        push(inserts, "batch", payloads[index]);
        push(inserts, "audit", leaves[index]);
        return inserts;
      }),
    };
  } finally {
    database.close();
  }
}

/** Writes it all into a fresh database; gives the votes written in a second. */
export function writeRaw(stored: StoredBatches, databaseFile: string, batchesPerCommit: number): number {
  const database = openDatabase(databaseFile, Date.now());
  try {
    const statements = new Map<string, Database.Statement>();
    const put = ({ table, row }: Insert) => {
      let statement = statements.get(table);
      if (statement === undefined) {
        statement = database.prepare(`INSERT INTO ${table} VALUES (${row.map(() => "?").join(", ")})`);
        statements.set(table, statement);
      }
      statement.run(...row);
    };
    const commit = database.transaction((batches: readonly (readonly Insert[])[]) => {
      for (const batch of batches) for (const insert of batch) put(insert);
    });
    commit.immediate([stored.parents]);
    const groups = grouped(stored.batches, batchesPerCommit);
    const startMs = performance.now();
    for (const group of groups) commit.immediate(group);
    return perSecond(stored.votes, performance.now() - startMs);
  } finally {
    database.close();
  }
}

/** Cuts a list into runs of so many on average, each of at least one: 1.5 gives runs of 1 and 2 in turn. */
export function grouped<T>(items: readonly T[], perGroup: number): readonly (readonly T[])[] {
  const groups: T[][] = [];
  const size = Math.max(1, perGroup);
  for (const [index, item] of items.entries()) {
    const group = Math.floor(index / size);
    if (group >= groups.length) groups.push([]);
    groups.at(-1)?.push(item);
  }
  return groups;
}

function push(inserts: Insert[], table: string, row: RawRow | undefined): void {
  if (row !== undefined) inserts.push({ table, row });
}

function keyed(database: Database.Database, table: "vote" | "entry"): Map<string, RawRow> {
  const keys = database.prepare<[], RawRow>(`SELECT epoch_no, seq, * FROM ${table}`).raw().all();
  return new Map(keys.map(([epochNo, seq, ...row]) => [`${epochNo}/${seq}`, row]));
}

/** The row of `mark` each vote claimed, by the vote's key. */
function markRows(database: Database.Database): Map<string, RawRow> {
  const rows = database
    .prepare<[], RawRow>(
      "SELECT vote.epoch_no, vote.seq, mark.* FROM vote JOIN mark USING (mark) ORDER BY vote.no DESC",
    )
    .raw()
    .all();
  // Descending: of several votes with one mark the first committed is set last, and it is the one that claimed it.
  return new Map(rows.map(([epochNo, seq, ...row]) => [`${epochNo}/${seq}`, row]));
}
