/**
 * Counter rows in SQLite: written in the transaction that stores what they count, read for reports, counted again at
 * night.
 */
import type Database from "better-sqlite3";
import { DAY_MS } from "#schemas/time.ts";
import { COUNT_COLUMNS, type CountDeltas, type CountKey, type Counts } from "../../rollups/counts.ts";
import type { Place } from "../store.ts";
import { LateCountTables } from "./late-counts.ts";

const COLUMNS = COUNT_COLUMNS.join(", ");
const VALUES = COUNT_COLUMNS.map((column) => `@${column}`).join(", ");
const ADDED = COUNT_COLUMNS.map((column) => `${column} = ${column} + excluded.${column}`).join(", ");
const ZEROES: Counts = Object.fromEntries(COUNT_COLUMNS.map((column) => [column, 0]));

export class Counters {
  readonly #sql;
  readonly #places = new Map<string, number>();
  readonly #late: LateCountTables;

  constructor(database: Database.Database) {
    this.#late = new LateCountTables(database);
    this.#sql = {
      hour: database.prepare(
        `INSERT INTO hour_count (hour, place_no, wording, day, ${COLUMNS}) VALUES (@hour, @place, @wording, @day, ${VALUES})
         ON CONFLICT DO UPDATE SET ${ADDED}`,
      ),
      day: database.prepare(
        `INSERT INTO day_count (day, place_no, wording, ${COLUMNS}) VALUES (@day, @place, @wording, ${VALUES})
         ON CONFLICT DO UPDATE SET ${ADDED}`,
      ),
      month: database.prepare(
        `INSERT INTO month_count (month, place_no, wording, ${COLUMNS}) VALUES (@month, @place, @wording, ${VALUES})
         ON CONFLICT DO UPDATE SET ${ADDED}`,
      ),
      findPlace: database.prepare<[string, string, string], { no: number }>(
        "SELECT no FROM place WHERE site_id = ? AND office_id = ? AND service_id = ?",
      ),
      putPlace: database.prepare<[string, string, string]>(
        "INSERT INTO place (site_id, office_id, service_id) VALUES (?, ?, ?)",
      ),
    };
  }

  /** The number of a place, given at its first mention. */
  place(place: Place): number {
    const { siteId, officeId, serviceId } = place;
    const name = `${siteId}/${officeId}/${serviceId}`;
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    const found = this.#sql.findPlace.get(siteId, officeId, serviceId);
    const no = found?.no ?? Number(this.#sql.putPlace.run(siteId, officeId, serviceId).lastInsertRowid);
    this.#places.set(name, no);
    return no;
  }

  /** A transaction was rolled back: place numbers given inside it never were. */
  forget(): void {
    this.#places.clear();
  }

  /** Writes changes to the counters by hour, day and month, each row once, and what of them comes after its month was proved. */
  apply(deltas: CountDeltas): void {
    const rows = deltas.rows();
    for (const { key, counts } of rows) this.#sql.hour.run({ ...ZEROES, ...counts, ...key });
    for (const row of addedUp(rows, (key) => key.day)) {
      this.#sql.day.run({ ...ZEROES, ...row.counts, ...row.key, day: row.slot });
    }
    for (const row of addedUp(rows, (key) => monthOfDay(key.day))) {
      this.#sql.month.run({ ...ZEROES, ...row.counts, ...row.key, month: row.slot });
    }
    this.#late.note(rows);
  }
}

type Row = { readonly key: CountKey; readonly counts: Counts };
type AddedUp = {
  readonly slot: number;
  readonly key: { readonly place: number; readonly wording: number };
  readonly counts: Record<string, number>;
};

/** Hours added up to longer slots. */
function addedUp(rows: readonly Row[], slotOf: (key: CountKey) => number): readonly AddedUp[] {
  const sums = new Map<string, AddedUp>();
  for (const { key, counts } of rows) {
    const { place, wording } = key;
    const slot = slotOf(key);
    const name = `${slot}/${place}/${wording}`;
    const sum = sums.get(name) ?? { slot, key: { place, wording }, counts: {} };
    sums.set(name, sum);
    for (const [column, count] of Object.entries(counts))
      sum.counts[column] = (sum.counts[column] ?? 0) + count;
  }
  return [...sums.values()];
}

/** The month a day belongs to: years times twelve, plus the month from 0. */
export function monthOfDay(day: number): number {
  const date = new Date(day * DAY_MS);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}
