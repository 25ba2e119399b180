/**
 * The nightly recount in SQLite (promise 6): counts stored votes and entries again and compares with every counter that
 * was written along. Repairs nothing. One day or totem at a time, so that ingest goes on in between.
 */
import type Database from "better-sqlite3";
import { FACES, type Face, REASONS, type Reason, VERDICTS, type Verdict } from "#schemas/code-list.ts";
import { ENTRY_KINDS } from "#schemas/entry.ts";
import { dayFromNumber } from "#schemas/local-day.ts";
import { COUNT_COLUMNS, type CountColumn, countsOfVote } from "../../rollups/counts.ts";
import type { Mismatch, RecountResult } from "../store.ts";
import { AFTER_HOURS_BIT } from "./uncertain-votes.ts";

/** Columns that are counted from stored votes, and so can be counted again. */
const FROM_VOTES = COUNT_COLUMNS.slice(0, COUNT_COLUMNS.indexOf("issued"));
/** Columns nothing is kept of but the counters: hours and days must still agree. */
const FROM_NOTHING = COUNT_COLUMNS.slice(FROM_VOTES.length);

const VOTE_KIND = ENTRY_KINDS.indexOf("vote");

/** Columns that totems' sums and the counters of places have in common. */
const SHARED = [
  "green",
  "yellow",
  "red",
  "reason_wait",
  "reason_staff",
  "reason_return",
  "reason_outcome",
  "reason_none",
  "late",
  "conflict",
  "expired_late",
  "unverified",
  "test",
] as const satisfies readonly CountColumn[];

type VoteGroup = {
  readonly hour: number;
  readonly place_no: number;
  readonly wording: number;
  readonly face: number;
  readonly reason: number | null;
  readonly verdict: number;
  readonly uncertain: number;
  readonly after_hours: number;
  readonly votes: number;
};
type CounterRow = { readonly hour: number; readonly place_no: number; readonly wording: number } & Readonly<
  Record<CountColumn, number>
>;
type Tally = Map<string, Record<string, number>>;

export class Recount {
  readonly #sql;

  constructor(database: Database.Database) {
    const columns = COUNT_COLUMNS.join(", ");
    const sums = SHARED.map((column) => `coalesce(sum(${column}), 0) AS ${column}`).join(", ");
    this.#sql = {
      votes: database.prepare<[number], VoteGroup>(
        `SELECT hour, place_no, wording, face, reason, verdict, uncertain,
           (flags & ${AFTER_HOURS_BIT}) <> 0 AS after_hours, count(*) AS votes
         FROM vote WHERE day = ? GROUP BY 1, 2, 3, 4, 5, 6, 7, 8`,
      ),
      days: database.prepare<[number], CounterRow>(
        `SELECT 0 AS hour, place_no, wording, ${columns} FROM day_count WHERE day = ?`,
      ),
      // No zone is a whole day away from UTC.
      hours: database.prepare<[{ day: number }], CounterRow>(
        `SELECT hour, place_no, wording, ${columns} FROM hour_count
         WHERE hour >= (@day - 1) * 24 AND hour < (@day + 2) * 24 AND day = @day`,
      ),
      oldestHour: database.prepare<[], { day: number }>("SELECT day FROM hour_count ORDER BY hour LIMIT 1"),
      place: database.prepare<[number], { service_id: string }>("SELECT service_id FROM place WHERE no = ?"),
      totems: database.prepare<[], { no: number }>("SELECT no FROM totem ORDER BY totem_id"),
      totem: database.prepare<[number], TotemSums>(
        `SELECT totem_id, coalesce(entries, 0) AS entries, coalesce(received, 0) AS received,
           coalesce(quarantined, 0) AS quarantined
         FROM totem LEFT JOIN totem_count ON totem_no = no WHERE no = ?`,
      ),
      held: database.prepare<[number], { entries: number; votes: number | null }>(
        `SELECT count(*) AS entries, sum(kind = ${VOTE_KIND}) AS votes
         FROM epoch JOIN entry ON epoch_no = no WHERE totem_no = ?`,
      ),
      totemTotal: database.prepare<[], Record<string, number>>(`SELECT ${sums} FROM totem_count`),
      dayTotal: database.prepare<[], Record<string, number>>(`SELECT ${sums} FROM day_count`),
      note: database.prepare<[number, number, string]>(
        "INSERT INTO recount (at_ms, days, mismatches) VALUES (?, ?, ?)",
      ),
      last: database.prepare<[], { at_ms: number; days: number; mismatches: string }>(
        "SELECT at_ms, days, mismatches FROM recount ORDER BY no DESC LIMIT 1",
      ),
    };
  }

  /** Votes of a local day against its counters by hour and by day, and these against each other. */
  day(day: number): readonly Mismatch[] {
    const byHour: Tally = new Map();
    const byDay: Tally = new Map();
    for (const group of this.#sql.votes.all(day)) {
      const counts = countsOfVote({
        face: FACES[group.face] as Face,
        reason: group.reason === null ? null : (REASONS[group.reason] as Reason),
        verdict: VERDICTS[group.verdict] as Verdict,
        uncertain: group.uncertain === 1,
        afterHours: group.after_hours === 1,
      });
      add(byHour, keyOf(group), counts, group.votes);
      add(byDay, keyOf({ ...group, hour: 0 }), counts, group.votes);
    }
    const dayCounters = tallyOf(this.#sql.days.all(day));
    const days = this.#compare(day, "", FROM_VOTES, dayCounters, byDay);
    // Counters by hour have a term; those by day stay.
    if (day < (this.#sql.oldestHour.get()?.day ?? Number.POSITIVE_INFINITY)) return days;
    const hours = this.#sql.hours.all({ day });
    const addedUp: Tally = new Map();
    for (const row of hours) add(addedUp, keyOf({ ...row, hour: 0 }), row, 1);
    return [
      ...days,
      ...this.#compare(day, " by hour", FROM_VOTES, tallyOf(hours), byHour),
      ...this.#compare(day, " by hour", FROM_NOTHING, dayCounters, addedUp),
    ];
  }

  /** The numbers of all totems. */
  totems(): readonly number[] {
    return this.#sql.totems.all().map((row) => row.no);
  }

  /** A totem's entries and votes against its sums. */
  totem(no: number): readonly Mismatch[] {
    const sums = this.#sql.totem.get(no);
    const held = this.#sql.held.get(no);
    if (sums === undefined || held === undefined) return [];
    return mismatches(sums.totem_id, [
      ["entries", sums.entries, held.entries],
      ["received", sums.received, (held.votes ?? 0) + sums.quarantined],
    ]);
  }

  /** The sums of all totems against the counters of all places. */
  totals(): readonly Mismatch[] {
    const totems = this.#sql.totemTotal.get() ?? {};
    const places = this.#sql.dayTotal.get() ?? {};
    return mismatches(
      "all totems",
      SHARED.map((column) => [column, totems[column] ?? 0, places[column] ?? 0]),
    );
  }

  note(result: RecountResult): void {
    this.#sql.note.run(result.atMs, result.days, JSON.stringify(result.mismatches));
  }

  last(): RecountResult | null {
    const row = this.#sql.last.get();
    if (row === undefined) return null;
    return { atMs: row.at_ms, days: row.days, mismatches: JSON.parse(row.mismatches) as Mismatch[] };
  }

  #compare(
    day: number,
    where: string,
    columns: readonly CountColumn[],
    counted: Tally,
    recounted: Tally,
  ): readonly Mismatch[] {
    return [...new Set([...counted.keys(), ...recounted.keys()])].flatMap((key) => {
      const [left, right] = [counted.get(key) ?? {}, recounted.get(key) ?? {}];
      return columns
        .filter((column) => (left[column] ?? 0) !== (right[column] ?? 0))
        .map((column) => ({
          day: dayFromNumber(day),
          serviceId: this.#sql.place.get(Number(key.split("/")[1]))?.service_id ?? "",
          column: `${column}${where}`,
          counted: left[column] ?? 0,
          recounted: right[column] ?? 0,
        }));
    });
  }
}

type TotemSums = {
  readonly totem_id: string;
  readonly entries: number;
  readonly received: number;
  readonly quarantined: number;
};

function keyOf(row: { readonly hour: number; readonly place_no: number; readonly wording: number }): string {
  return `${row.hour}/${row.place_no}/${row.wording}`;
}

function tallyOf(rows: readonly CounterRow[]): Tally {
  const tally: Tally = new Map();
  for (const row of rows) add(tally, keyOf(row), row, 1);
  return tally;
}

function add(tally: Tally, key: string, counts: Readonly<Record<string, number>>, times: number): void {
  const sums = tally.get(key) ?? {};
  tally.set(key, sums);
  for (const [column, count] of Object.entries(counts)) sums[column] = (sums[column] ?? 0) + count * times;
}

function mismatches(
  whose: string,
  pairs: readonly (readonly [column: string, counted: number, recounted: number])[],
): readonly Mismatch[] {
  return pairs
    .filter(([, counted, recounted]) => counted !== recounted)
    .map(([column, counted, recounted]) => ({
      day: "",
      serviceId: "",
      column: `${whose}: ${column}`,
      counted,
      recounted,
    }));
}
