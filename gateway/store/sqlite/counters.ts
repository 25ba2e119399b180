/**
 * Counter rows in SQLite: written in the transaction that stores what they count, read for reports, counted again at
 * night.
 */
import type Database from "better-sqlite3";
import { COUNT_COLUMNS, type CountDeltas, type Counts } from "../../rollups/counts.ts";
import type { Place } from "../store.ts";

const COLUMNS = COUNT_COLUMNS.join(", ");
const VALUES = COUNT_COLUMNS.map((column) => `@${column}`).join(", ");
const ADDED = COUNT_COLUMNS.map((column) => `${column} = ${column} + excluded.${column}`).join(", ");
const ZEROES: Counts = Object.fromEntries(COUNT_COLUMNS.map((column) => [column, 0]));

export class Counters {
  readonly #sql;
  readonly #places = new Map<string, number>();

  constructor(database: Database.Database) {
    this.#sql = {
      hour: database.prepare(
        `INSERT INTO hour_count (hour, place_no, wording, day, ${COLUMNS}) VALUES (@hour, @place, @wording, @day, ${VALUES})
         ON CONFLICT DO UPDATE SET ${ADDED}`,
      ),
      day: database.prepare(
        `INSERT INTO day_count (day, place_no, wording, ${COLUMNS}) VALUES (@day, @place, @wording, ${VALUES})
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

  /** Writes changes to both counters. */
  apply(deltas: CountDeltas): void {
    for (const { key, counts } of deltas.rows()) {
      const row = { ...ZEROES, ...counts, ...key };
      this.#sql.hour.run(row);
      this.#sql.day.run(row);
    }
  }
}
