/**
 * The limit of a drain: one better-sqlite3 writer that puts the very rows the gateway stored into the same schema with
 * the same settings, as many batches in a commit as the gateway took. It verifies, judges and answers nothing.
 */
import Database from "better-sqlite3";
import { CountDeltas, type CountKey, type Counts, countsOfVote } from "#gateway/rollups/counts.ts";
import { Counters } from "#gateway/store/sqlite/counters.ts";
import { openDatabase } from "#gateway/store/sqlite/open-store.ts";
import { FACES, type Face, REASONS, type Reason, VERDICTS, type Verdict } from "#schemas/code-list.ts";
import { perSecond } from "./statistics.ts";

type RawRow = readonly unknown[];
type Insert = { readonly table: string; readonly row: RawRow };
type Counted = { readonly key: CountKey; readonly counts: Counts };

/** What the gateway stored of one batch: rows, and what its votes added to the counters. */
type StoredBatch = { readonly inserts: readonly Insert[]; readonly counted: readonly Counted[] };

/** Rows that must be there before the others may name them (foreign keys are on); not timed. */
const PARENTS = ["totem", "epoch", "place", "boot"] as const;

/** What a gateway stored of some batches, in the order it stored them. */
export type StoredBatches = {
  readonly parents: readonly Insert[];
  readonly batches: readonly StoredBatch[];
  readonly votes: number;
};

/** Reads back what a gateway stored. */
export function readStored(databaseFile: string): StoredBatches {
  const database = new Database(databaseFile, { readonly: true });
  try {
    const all = (table: string) => database.prepare<[], RawRow>(`SELECT * FROM ${table}`).raw().all();
    const parents = PARENTS.flatMap((table) => all(table).map((row) => ({ table, row })));
    const [payloads, leaves] = [all("batch"), all("audit")];
    const tables = {
      entry: keyed(database, "entry"),
      vote: keyed(database, "vote"),
      mark: markRows(database),
    };
    const counted = countedVotes(database);
    const batches = database
      .prepare<[], { epoch_no: number; first: number; last: number }>("SELECT * FROM batch ORDER BY no")
      .all();
    return {
      parents,
      votes: tables.vote.size,
      batches: batches.map(({ epoch_no, first, last }, index) => {
        const keys = Array.from({ length: last - first + 1 }, (_, n) => `${epoch_no}/${first + n}`);
        const rows = keys.flatMap((key) =>
          Object.entries(tables).map(([table, held]) => ({ table, row: held.get(key) })),
        );
        const inserts = [
          ...rows,
          { table: "batch", row: payloads[index] },
          { table: "audit", row: leaves[index] },
        ];
        return {
          inserts: inserts.filter((insert): insert is Insert => insert.row !== undefined),
          counted: keys.map((key) => counted.get(key)).filter((one) => one !== undefined),
        };
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
    const counters = new Counters(database);
    const statements = new Map<string, Database.Statement>();
    const put = ({ table, row }: Insert) => {
      let statement = statements.get(table);
      if (statement === undefined) {
        statement = database.prepare(`INSERT INTO ${table} VALUES (${row.map(() => "?").join(", ")})`);
        statements.set(table, statement);
      }
      statement.run(...row);
    };
    const commit = database.transaction((inserts: readonly Insert[], deltas: CountDeltas) => {
      for (const insert of inserts) put(insert);
      counters.apply(deltas);
    });
    commit.immediate(stored.parents, new CountDeltas());
    const commits = grouped(stored.batches, batchesPerCommit).map((group) => ({
      inserts: group.flatMap(({ inserts }) => inserts),
      deltas: addedUp(group.flatMap(({ counted }) => counted)),
    }));
    const startMs = performance.now();
    for (const { inserts, deltas } of commits) commit.immediate(inserts, deltas);
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

function addedUp(counted: readonly Counted[]): CountDeltas {
  const deltas = new CountDeltas();
  for (const { key, counts } of counted) deltas.add(key, counts);
  return deltas;
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

/** What each vote added to the counters, by the vote's key. */
function countedVotes(database: Database.Database): Map<string, Counted> {
  type Row = Readonly<
    Record<"epoch_no" | "seq" | "place_no" | "wording" | "face" | "hour" | "day" | "verdict", number>
  > & {
    readonly reason: number | null;
  };
  const rows = database
    .prepare<[], Row>("SELECT epoch_no, seq, place_no, wording, face, reason, hour, day, verdict FROM vote")
    .all();
  return new Map(
    rows.map((row) => {
      const { hour, day, wording } = row;
      const counts = countsOfVote({
        face: FACES[row.face] as Face,
        reason: row.reason === null ? null : (REASONS[row.reason] as Reason),
        verdict: VERDICTS[row.verdict] as Verdict,
        uncertain: false,
        afterHours: false,
      });
      return [`${row.epoch_no}/${row.seq}`, { key: { hour, day, wording, place: row.place_no }, counts }];
    }),
  );
}
