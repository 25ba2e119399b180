/**
 * The part of the nightly recount that is not of one day: totems' sums against their entries, against all counters
 * together, and months against their days.
 */
import type Database from "better-sqlite3";
import { ENTRY_KINDS } from "#schemas/entry.ts";
import { DAY_MS } from "#schemas/time.ts";
import { COUNT_COLUMNS, type CountColumn } from "../../rollups/counts.ts";
import type { Mismatch } from "../store.ts";
import { monthOfDay } from "./counters.ts";
import { add, type CounterRow, compared, keyOf, type Tally, tallyOf } from "./tally.ts";

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

type TotemSums = {
  readonly totem_id: string;
  readonly entries: number;
  readonly received: number;
  readonly quarantined: number;
};
type Bounds = {
  readonly first: number | null;
  readonly last: number | null;
  readonly first_month: number | null;
  readonly last_month: number | null;
};

export class RecountedSums {
  readonly #sql;

  constructor(database: Database.Database) {
    const columns = COUNT_COLUMNS.join(", ");
    const sums = SHARED.map((column) => `coalesce(sum(${column}), 0) AS ${column}`).join(", ");
    this.#sql = {
      month: database.prepare<[number], CounterRow>(
        `SELECT 0 AS hour, place_no, wording, ${columns} FROM month_count WHERE month = ?`,
      ),
      daysOf: database.prepare<[number, number], CounterRow>(
        `SELECT 0 AS hour, place_no, wording, ${columns} FROM day_count WHERE day >= ? AND day < ?`,
      ),
      bounds: database.prepare<[], Bounds>(
        `SELECT (SELECT min(day) FROM day_count) AS first, (SELECT max(day) FROM day_count) AS last,
           (SELECT min(month) FROM month_count) AS first_month, (SELECT max(month) FROM month_count) AS last_month`,
      ),
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
      placeTotal: database.prepare<[], Record<string, number>>(`SELECT ${sums} FROM month_count`),
    };
  }

  /** Every month that has a counter of any kind. */
  months(): readonly number[] {
    const { first, last, first_month, last_month } = this.#sql.bounds.get() as Bounds;
    const ends = [
      first_month,
      last_month,
      ...[first, last].map((day) => (day === null ? null : monthOfDay(day))),
    ];
    const months = ends.filter((month) => month !== null);
    if (months.length === 0) return [];
    const earliest = Math.min(...months);
    return Array.from({ length: Math.max(...months) - earliest + 1 }, (_, index) => earliest + index);
  }

  /** A month's counters against those of its days. */
  month(month: number, serviceOf: (placeNo: number) => string): readonly Mismatch[] {
    const [day, next] = [firstDayOf(month), firstDayOf(month + 1)];
    const days: Tally = new Map();
    for (const row of this.#sql.daysOf.all(day, next)) add(days, keyOf(row), row, 1);
    const about = { day, columns: COUNT_COLUMNS, where: " by month", serviceOf };
    return compared(tallyOf(this.#sql.month.all(month)), days, about);
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
    const places = this.#sql.placeTotal.get() ?? {};
    return mismatches(
      "all totems",
      SHARED.map((column) => [column, totems[column] ?? 0, places[column] ?? 0]),
    );
  }
}

function firstDayOf(month: number): number {
  return Date.UTC(Math.floor(month / 12), month % 12) / DAY_MS;
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
