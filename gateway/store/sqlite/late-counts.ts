/**
 * Counters that change after their month was proved, in SQLite: written in the transaction that changes them, read to show the month as it
 * was proved.
 */
import type Database from "better-sqlite3";
import { dayFromNumber, dayNumber } from "#schemas/local-day.ts";
import type { CountKey, Counts } from "../../rollups/counts.ts";
import type { LateCounts } from "../late-store.ts";
import type { DaySpan } from "../store.ts";

type RowKey = { readonly place: number; readonly wording: number; readonly day: number };
type RawRow = {
  readonly slot: number;
  readonly site_id: string;
  readonly office_id: string;
  readonly service_id: string;
  readonly wording: number;
  readonly revision: number;
  readonly counts: string;
};

export class LateCountTables {
  readonly #sql;

  constructor(database: Database.Database) {
    const inSpan = (table: "late_hour" | "late_day", slot: string, revision: string) =>
      database.prepare<[number, number], RawRow>(
        `SELECT ${slot} AS slot, site_id, office_id, service_id, wording, ${revision} AS revision, counts
         FROM ${table} JOIN place ON place.no = place_no WHERE day >= ? AND day < ?
         ORDER BY slot, site_id, office_id, service_id, wording, revision`,
      );
    this.#sql = {
      revision: database
        .prepare<[string], number | null>("SELECT max(revision) FROM month_proof WHERE month = ?")
        .pluck(),
      months: database.prepare<[], { month: string; revision: number }>(
        "SELECT month, max(revision) AS revision FROM month_proof GROUP BY month ORDER BY month",
      ),
      ofHour: database
        .prepare<[CountKey], string>(
          "SELECT counts FROM late_hour WHERE hour = @hour AND place_no = @place AND wording = @wording AND day = @day",
        )
        .pluck(),
      ofDay: database
        .prepare<[RowKey & { readonly revision: number }], string>(
          "SELECT counts FROM late_day WHERE day = @day AND place_no = @place AND wording = @wording AND revision = @revision",
        )
        .pluck(),
      putHour: database.prepare(
        "INSERT OR REPLACE INTO late_hour (hour, place_no, wording, day, counts) VALUES (@hour, @place, @wording, @day, @counts)",
      ),
      putDay: database.prepare(
        "INSERT OR REPLACE INTO late_day (day, place_no, wording, revision, counts) VALUES (@day, @place, @wording, @revision, @counts)",
      ),
      hour: inSpan("late_hour", "hour", "0"),
      day: inSpan("late_day", "day", "revision"),
    };
  }

  /** Notes what of a change is late. */
  note(rows: readonly { readonly key: CountKey; readonly counts: Counts }[]): void {
    const revisions = new Map<string, number | null>();
    for (const { key, counts } of rows) {
      const month = dayFromNumber(key.day).slice(0, 7);
      if (!revisions.has(month)) revisions.set(month, this.#sql.revision.get(month) ?? null);
      const revision = revisions.get(month) ?? null;
      if (revision === null) continue;
      const { hour: _, ...ofDay } = { ...key, revision };
      this.#sql.putHour.run({ ...key, counts: added(this.#sql.ofHour.get(key), counts) });
      this.#sql.putDay.run({ ...ofDay, counts: added(this.#sql.ofDay.get(ofDay), counts) });
    }
  }

  provedMonths(): ReadonlyMap<string, number> {
    return new Map(this.#sql.months.all().map(({ month, revision }) => [month, revision]));
  }

  inDays(by: "hour" | "day", { fromDay, toDay }: DaySpan): readonly LateCounts[] {
    return this.#sql[by].all(dayNumber(fromDay), dayNumber(toDay)).map((row) => ({
      ...{ slot: row.slot, siteId: row.site_id, officeId: row.office_id, serviceId: row.service_id },
      ...{ wording: row.wording, revision: row.revision, counts: JSON.parse(row.counts) as Counts },
    }));
  }
}

function added(before: string | undefined, counts: Counts): string {
  const sum: Record<string, number> = before === undefined ? {} : JSON.parse(before);
  for (const [column, count] of Object.entries(counts)) sum[column] = (sum[column] ?? 0) + count;
  return JSON.stringify(sum);
}
