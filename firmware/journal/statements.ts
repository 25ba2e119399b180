/**
 * The journal's SQL, prepared once. The only place in the firmware where rows of a running journal are touched.
 */
import type Database from "better-sqlite3";

export type EpochRow = {
  readonly ordinal: number;
  readonly epoch: string;
  readonly last: number;
  readonly head: Buffer;
  readonly pruned_to: number;
  readonly pruned_head: Buffer | null;
};
export type EntryRow = { readonly seq: number; readonly body: string; readonly head: Buffer };
export type ReceivedRow = { readonly first: number; readonly last: number; readonly at_ms: number };
export type DamageRow = {
  readonly ordinal: number;
  readonly epoch: string;
  readonly first: number;
  readonly last: number;
};

export type Statements = ReturnType<typeof prepareStatements>;

/** Prepares every statement of the journal on an open database. */
export function prepareStatements(database: Database.Database) {
  const prepare: Prepare = (sql) => database.prepare(sql);
  return {
    ...epochStatements(prepare),
    ...entryStatements(prepare),
    ...receivedStatements(prepare),

    draft: prepare<[], { vote_id: string; body: string }>("SELECT vote_id, body FROM draft"),
    putDraft: prepare<[string, string]>("INSERT OR REPLACE INTO draft VALUES (1, ?, ?)"),
    dropDraft: prepare<[]>("DELETE FROM draft"),
    spend: prepare<[Buffer, number | null]>("INSERT INTO spent VALUES (?, ?)"),
    dateSpent: prepare<[number]>("UPDATE spent SET spent_ms = ? WHERE spent_ms IS NULL"),
    isSpent: prepare<[Buffer], { mark: Buffer }>("SELECT mark FROM spent WHERE mark = ?"),
    dropSpent: prepare<[number]>("DELETE FROM spent WHERE spent_ms < ?"),

    total: prepare<[], { captured: number; acknowledged: number; pending_bytes: number }>(
      "SELECT * FROM total",
    ),
    captured: prepare<[number]>(
      "UPDATE total SET captured = captured + 1, pending_bytes = pending_bytes + ?",
    ),
    acknowledged: prepare<[number, number]>(
      "UPDATE total SET acknowledged = acknowledged + ?, pending_bytes = pending_bytes - ?",
    ),
    setTotal: prepare<[number, number, number]>(
      "UPDATE total SET captured = ?, acknowledged = ?, pending_bytes = ?",
    ),

    keep: prepare<[string, string]>("INSERT OR REPLACE INTO kept VALUES (?, ?)"),
    kept: prepare<[string], { value: string }>("SELECT value FROM kept WHERE name = ?"),
    forget: prepare<[string]>("DELETE FROM kept WHERE name = ?"),
    probe: prepare<[]>("UPDATE probe SET times = times + 1"),
  };
}

type Prepare = <P extends unknown[], R = unknown>(sql: string) => Database.Statement<P, R>;

function epochStatements(prepare: Prepare) {
  return {
    epoch: prepare<[string], EpochRow>("SELECT * FROM epoch WHERE epoch = ?"),
    newestEpoch: prepare<[], EpochRow>("SELECT * FROM epoch ORDER BY ordinal DESC LIMIT 1"),
    epochBefore: prepare<[number], EpochRow>("SELECT * FROM epoch WHERE ordinal = ? - 1"),
    epochsBefore: prepare<[number], EpochRow>("SELECT * FROM epoch WHERE ordinal < ? ORDER BY ordinal"),
    epochAfter: prepare<[number], EpochRow>("SELECT * FROM epoch WHERE ordinal = ? + 1"),
    openEpochs: prepare<[number], EpochRow>("SELECT * FROM epoch WHERE closed = 0 ORDER BY ordinal LIMIT ?"),
    newestOpen: prepare<[], EpochRow>("SELECT * FROM epoch WHERE closed = 0 ORDER BY ordinal DESC LIMIT 1"),
    openCount: prepare<[], { count: number }>("SELECT count(*) AS count FROM epoch WHERE closed = 0"),
    allEpochs: prepare<[], EpochRow>("SELECT * FROM epoch ORDER BY ordinal"),
    unpruned: prepare<[], EpochRow>("SELECT * FROM epoch WHERE pruned_to < last ORDER BY ordinal"),
    putEpoch: prepare<[number, string, Buffer]>(
      "INSERT INTO epoch (ordinal, epoch, last, head) VALUES (?, ?, 0, ?)",
    ),
    advance: prepare<[number, Buffer, number]>("UPDATE epoch SET last = ?, head = ? WHERE ordinal = ?"),
    close: prepare<[number]>("UPDATE epoch SET closed = 1 WHERE ordinal = ?"),
    reopen: prepare<[number]>("UPDATE epoch SET closed = 0 WHERE ordinal = ?"),
    pruned: prepare<[number, Buffer | null, number]>(
      "UPDATE epoch SET pruned_to = ?, pruned_head = ? WHERE ordinal = ?",
    ),
    // The epoch after needs its predecessor's head for as long as it holds its own first entry.
    dropEpochs: prepare<[number]>(
      `DELETE FROM epoch WHERE closed = 1 AND pruned_to = last AND ordinal <= (SELECT max(ordinal) FROM epoch) - ?
         AND EXISTS (SELECT 1 FROM epoch AS after WHERE after.ordinal = epoch.ordinal + 1 AND after.pruned_to > 0)
         AND NOT EXISTS (SELECT 1 FROM damage WHERE damage.ordinal = epoch.ordinal)`,
    ),
  };
}

function entryStatements(prepare: Prepare) {
  return {
    putEntry: prepare<[number, number, string, Buffer, number]>("INSERT INTO entry VALUES (?, ?, ?, ?, ?)"),
    entries: prepare<[number, number, number], EntryRow>(
      "SELECT seq, body, head FROM entry WHERE ordinal = ? AND seq BETWEEN ? AND ? ORDER BY seq",
    ),
    entriesAfter: prepare<[number, number, number, number], EntryRow & { ordinal: number; epoch: string }>(
      `SELECT ordinal, epoch, seq, body, entry.head AS head FROM entry JOIN epoch USING (ordinal)
       WHERE ordinal > ? OR (ordinal = ? AND seq > ?) ORDER BY ordinal, seq LIMIT ?`,
    ),
    headAt: prepare<[number, number], { head: Buffer }>(
      "SELECT head FROM entry WHERE ordinal = ? AND seq = ?",
    ),
    // One whose clock nobody could believe is of the day it was receipted on. `body` is canonical: nothing in an entry can forge
    // these letters.
    firstOpen: prepare<
      [{ ordinal: number; first: number; last: number; at_ms: number; closedBeforeMs: number }],
      { seq: number }
    >(
      `SELECT seq FROM entry WHERE ordinal = @ordinal AND seq BETWEEN @first AND @last
         AND CASE WHEN instr(body, '"clock":"trusted"') > 0 THEN wall_ms ELSE @at_ms END >= @closedBeforeMs
       ORDER BY seq LIMIT 1`,
    ),
    wallAt: prepare<[number, number], { wall_ms: number }>(
      "SELECT wall_ms FROM entry WHERE ordinal = ? AND seq = ?",
    ),
    bytes: prepare<[number, number, number], { bytes: number | null }>(
      "SELECT sum(octet_length(body)) AS bytes FROM entry WHERE ordinal = ? AND seq BETWEEN ? AND ?",
    ),
    dropEntries: prepare<[number, number]>("DELETE FROM entry WHERE ordinal = ? AND seq <= ?"),
  };
}

function receivedStatements(prepare: Prepare) {
  return {
    received: prepare<[number], ReceivedRow>(
      "SELECT first, last, at_ms FROM received WHERE ordinal = ? ORDER BY first",
    ),
    receivedUntil: prepare<[number, number], ReceivedRow>(
      "SELECT first, last, at_ms FROM received WHERE ordinal = ? AND last = ?",
    ),
    resizeReceived: prepare<[number, number, number, number]>(
      "UPDATE received SET last = ?, at_ms = ? WHERE ordinal = ? AND first = ?",
    ),
    shrinkReceived: prepare<[number, number, number]>(
      "UPDATE received SET first = ? WHERE ordinal = ? AND first = ?",
    ),
    putReceived: prepare<[number, number, number, number]>("INSERT INTO received VALUES (?, ?, ?, ?)"),
    dropReceived: prepare<[number, number]>("DELETE FROM received WHERE ordinal = ? AND first = ?"),
    damage: prepare<[], DamageRow>(
      "SELECT ordinal, epoch, first, damage.last FROM damage JOIN epoch USING (ordinal) ORDER BY ordinal, first",
    ),
    putDamage: prepare<[number, number, number]>("INSERT OR REPLACE INTO damage VALUES (?, ?, ?)"),
    dropDamage: prepare<[number, number]>("DELETE FROM damage WHERE ordinal = ? AND first = ?"),
  };
}
