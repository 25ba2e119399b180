/**
 * The nightly recount in SQLite (promise 6): counts the stored votes of a day again and compares with every counter that
 * was written along. Repairs nothing. One day at a time, so that ingest goes on in between.
 */
import type Database from "better-sqlite3";
import { FACES, type Face, REASONS, type Reason, VERDICTS, type Verdict } from "#schemas/code-list.ts";
import { dayNumber } from "#schemas/local-day.ts";
import { COUNT_COLUMNS, countsOfVote } from "../../rollups/counts.ts";
import type { DaySpan, Mismatch, RecountResult } from "../store.ts";
import { RecountedSums } from "./recounted-sums.ts";
import { add, type CounterRow, compared, keyOf, type Tally, tallyOf } from "./tally.ts";
import { AFTER_HOURS_BIT } from "./vote-changes.ts";

/** Columns that are counted from stored votes, and so can be counted again. */
const FROM_VOTES = COUNT_COLUMNS.slice(0, COUNT_COLUMNS.indexOf("issued"));
/** Columns nothing is kept of but the counters: hours and days must still agree. */
const FROM_NOTHING = COUNT_COLUMNS.slice(FROM_VOTES.length);

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

export class Recount {
  readonly #database: Database.Database;
  readonly #sums: RecountedSums;
  readonly #services = new Map<number, string>();
  readonly #sql;

  constructor(database: Database.Database) {
    this.#database = database;
    this.#sums = new RecountedSums(database);
    const columns = COUNT_COLUMNS.join(", ");
    this.#sql = {
      votes: database.prepare<[{ day: number }], VoteGroup>(
        `SELECT hour, place_no, wording, face, reason, verdict, uncertain,
           (flags & ${AFTER_HOURS_BIT}) <> 0 AS after_hours, count(*) AS votes
         FROM vote WHERE day = @day GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
         UNION ALL SELECT hour, place_no, wording, face, nullif(reason, -1), verdict, uncertain, after_hours, votes
         FROM settled WHERE day = @day`,
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
      note: database.prepare<[number, number, string]>(
        "INSERT INTO recount (at_ms, days, mismatches) VALUES (?, ?, ?)",
      ),
      last: database.prepare<[], { at_ms: number; days: number; mismatches: string }>(
        "SELECT at_ms, days, mismatches FROM recount ORDER BY no DESC LIMIT 1",
      ),
    };
  }

  /** Each day's votes against their counters. */
  days({ fromDay, toDay }: DaySpan): Promise<readonly Mismatch[]> {
    const first = dayNumber(fromDay);
    const days = Array.from({ length: Math.max(0, dayNumber(toDay) - first) }, (_, index) => first + index);
    return inTurns(days.map((day) => this.#atOneMoment(() => this.#day(day))));
  }

  /** Everything that is not of one day: totems, months, and all against all. */
  sums(): Promise<readonly Mismatch[]> {
    const tasks = [
      () => this.#sums.totals(),
      ...this.#sums.months().map((month) => () => this.#sums.month(month, this.#serviceOf)),
      ...this.#sums.totems().map((totemNo) => () => this.#sums.totem(totemNo)),
    ];
    return inTurns(tasks.map((task) => this.#atOneMoment(task)));
  }

  /** Votes and counters as of one moment: an administrator's recount runs beside a gateway that goes on counting. */
  #atOneMoment(task: () => readonly Mismatch[]): () => readonly Mismatch[] {
    return this.#database.transaction(task);
  }

  note(result: RecountResult): void {
    this.#sql.note.run(result.atMs, result.days, JSON.stringify(result.mismatches));
  }

  last(): RecountResult | null {
    const row = this.#sql.last.get();
    if (row === undefined) return null;
    return { atMs: row.at_ms, days: row.days, mismatches: JSON.parse(row.mismatches) as Mismatch[] };
  }

  /** Votes of a local day against its counters by hour and by day, and these against each other. */
  #day(day: number): readonly Mismatch[] {
    const byHour: Tally = new Map();
    const byDay: Tally = new Map();
    for (const group of this.#sql.votes.all({ day })) {
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
    const at = { day, serviceOf: this.#serviceOf };
    const days = compared(dayCounters, byDay, { ...at, columns: FROM_VOTES, where: "" });
    // Counters by hour have a term; those by day stay.
    if (day < (this.#sql.oldestHour.get()?.day ?? Number.POSITIVE_INFINITY)) return days;
    const hours = this.#sql.hours.all({ day });
    const addedUp: Tally = new Map();
    for (const row of hours) add(addedUp, keyOf({ ...row, hour: 0 }), row, 1);
    return [
      ...days,
      ...compared(tallyOf(hours), byHour, { ...at, columns: FROM_VOTES, where: " by hour" }),
      ...compared(dayCounters, addedUp, { ...at, columns: FROM_NOTHING, where: " by hour" }),
    ];
  }

  readonly #serviceOf = (placeNo: number): string => {
    const known = this.#services.get(placeNo) ?? this.#sql.place.get(placeNo)?.service_id ?? "";
    this.#services.set(placeNo, known);
    return known;
  };
}

/** Mismatches of one recount: the first ones tell what is wrong, and counters that are all wrong must not fill the memory. */
const MISMATCHES_MAX = 1_000;

/** Does one thing after the other and lets everything else have a turn of the event loop in between. */
async function inTurns(tasks: readonly (() => readonly Mismatch[])[]): Promise<readonly Mismatch[]> {
  const found: Mismatch[] = [];
  for (const [index, task] of tasks.entries()) {
    if (index > 0) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    found.push(...task().slice(0, MISMATCHES_MAX - found.length));
  }
  return found;
}
