/**
 * What reports read from SQLite: counter rows, sums over spans of days and served counts.
 */
import type Database from "better-sqlite3";
import { dayFromNumber, dayNumber, monthSpan } from "#schemas/local-day.ts";
import { COUNT_COLUMNS } from "../../rollups/counts.ts";
import type { DaySpan, PeriodCounts, ServedCount, ServedSum } from "../store.ts";
import { inPlace, Places, periodCounts, type RawRow } from "./counter-rows.ts";
import { monthOfDay } from "./counters.ts";

const COLUMNS = COUNT_COLUMNS.join(", ");

/** Zones are at most this far ahead of UTC and behind it: the hours between hold all of a local day. */
const HOURS_AHEAD_MAX = 14;
const HOURS_BEHIND_MAX = 12;

type Page = { readonly fromSlot: number | null; readonly limit: number };

export class ReportTables {
  readonly #database: Database.Database;
  readonly #places: Places;
  readonly #sql;

  constructor(database: Database.Database) {
    this.#database = database;
    this.#places = new Places(database);
    const page = (table: "hour_count" | "day_count", slot: "hour" | "day", more: string) =>
      database
        .prepare<[number, number, number, number, number], RawRow>(
          `SELECT ${slot}, place_no, wording, ${COLUMNS} FROM ${table}
           WHERE ${slot} >= ? AND ${slot} < ? AND day >= ? AND day < ? ${more}`,
        )
        .raw();
    this.#sql = {
      hour: page("hour_count", "hour", "ORDER BY hour LIMIT ?"),
      day: page("day_count", "day", "ORDER BY day LIMIT ?"),
      wholeHour: page("hour_count", "hour", "AND hour <= ?"),
      wholeDay: page("day_count", "day", "AND day <= ?"),
      month: database
        .prepare<[number], RawRow>(`SELECT 0, place_no, wording, ${COLUMNS} FROM month_count WHERE month = ?`)
        .raw(),
      span: database
        .prepare<[number, number], RawRow>(
          `SELECT 0, place_no, wording, ${COUNT_COLUMNS.map((name) => `sum(${name})`).join(", ")}
           FROM day_count WHERE day >= ? AND day < ? GROUP BY place_no, wording`,
        )
        .raw(),
      served: database.prepare<
        [number, number],
        { office_id: string; service_id: string; day: number; served: number }
      >(
        "SELECT office_id, service_id, day, served FROM served WHERE day >= ? AND day < ? ORDER BY day, office_id, service_id",
      ),
      servedSpan: database.prepare<
        [number, number],
        { office_id: string; service_id: string; served: number }
      >(
        `SELECT office_id, service_id, sum(served) AS served FROM served WHERE day >= ? AND day < ?
         GROUP BY office_id, service_id ORDER BY office_id, service_id`,
      ),
      oneServed: database.prepare<[number, string, string], { served: number }>(
        "SELECT served FROM served WHERE day = ? AND office_id = ? AND service_id = ?",
      ),
      putServed: database.prepare<[string, string, number, number, number]>(
        `INSERT INTO served (office_id, service_id, day, served, recorded_ms) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET served = excluded.served, recorded_ms = excluded.recorded_ms`,
      ),
      putCorrection: database.prepare<[string, string, number, number, number, number]>(
        `INSERT INTO served_correction (office_id, service_id, day, served_before, served_after, recorded_ms)
         VALUES (?, ?, ?, ?, ?, ?)`,
      ),
      days: database.prepare<[], { first: number | null; last: number | null }>(
        // Subqueries: each takes one step in its index, min and max at once would read all of it.
        `SELECT min(first) AS first, max(last) AS last FROM (
           SELECT (SELECT min(day) FROM vote) AS first, (SELECT max(day) FROM vote) AS last
           UNION ALL SELECT (SELECT min(day) FROM day_count), (SELECT max(day) FROM day_count))`,
      ),
    };
  }

  rows(
    by: "hour" | "day",
    span: DaySpan,
    page: Page,
  ): { rows: readonly PeriodCounts[]; next: number | null } {
    const [fromDay, toDay] = [dayNumber(span.fromDay), dayNumber(span.toDay)];
    const [lowest, beyond] =
      by === "hour" ? [fromDay * 24 - HOURS_AHEAD_MAX, toDay * 24 + HOURS_BEHIND_MAX] : [fromDay, toDay];
    // One row more tells whether there is more.
    const raw = this.#sql[by].all(page.fromSlot ?? lowest, beyond, fromDay, toDay, page.limit + 1);
    const lastSlot = raw.at(-1)?.[0];
    if (raw.length <= page.limit || lastSlot === undefined) return { rows: this.#sorted(raw), next: null };
    // The last slot may be cut: take the slots before it, or all of it when it is the only one.
    const whole = raw.filter((row) => row[0] !== lastSlot);
    if (whole.length > 0) return { rows: this.#sorted(whole), next: lastSlot };
    const one = this.#sql[by === "hour" ? "wholeHour" : "wholeDay"].all(
      lastSlot,
      beyond,
      fromDay,
      toDay,
      lastSlot,
    );
    return { rows: this.#sorted(one), next: lastSlot + 1 };
  }

  spans(spans: readonly DaySpan[]): readonly PeriodCounts[] {
    return spans.flatMap((span, index) => {
      const raw = this.#spanRows(span);
      const places = this.#places.of(raw);
      return raw.toSorted(inPlace(places)).map((row) => periodCounts(row, index, places));
    });
  }

  served(span: DaySpan): readonly ServedCount[] {
    const dayOf = onceForEachDay();
    return this.#sql.served.all(dayNumber(span.fromDay), dayNumber(span.toDay)).map((row) => ({
      officeId: row.office_id,
      serviceId: row.service_id,
      day: dayOf(row.day),
      served: row.served,
    }));
  }

  servedSpans(spans: readonly DaySpan[]): readonly ServedSum[] {
    return spans.flatMap((span, slot) =>
      this.#sql.servedSpan
        .all(dayNumber(span.fromDay), dayNumber(span.toDay))
        .map((row) => ({ slot, officeId: row.office_id, serviceId: row.service_id, served: row.served })),
    );
  }

  putServed(counts: readonly ServedCount[], atMs: number): void {
    this.#database
      .transaction(() => {
        for (const { officeId, serviceId, day, served } of counts) {
          const number = dayNumber(day);
          const before = this.#sql.oneServed.get(number, officeId, serviceId);
          if (before?.served === served) continue;
          if (before !== undefined) {
            this.#sql.putCorrection.run(officeId, serviceId, number, before.served, served, atMs);
          }
          this.#sql.putServed.run(officeId, serviceId, number, served, atMs);
        }
      })
      .immediate();
  }

  votedDays(): { first: string; last: string } | null {
    const row = this.#sql.days.get();
    if (row === undefined || row.first === null || row.last === null) return null;
    return { first: dayFromNumber(row.first), last: dayFromNumber(row.last) };
  }

  /** A whole month has rows of its own; any other span is added up from its days. */
  #spanRows({ fromDay, toDay }: DaySpan): readonly RawRow[] {
    const isMonth = fromDay.endsWith("-01") && monthSpan(fromDay.slice(0, 7)).to === toDay;
    const first = dayNumber(fromDay);
    return isMonth ? this.#sql.month.all(monthOfDay(first)) : this.#sql.span.all(first, dayNumber(toDay));
  }

  #sorted(raw: readonly RawRow[]): readonly PeriodCounts[] {
    const places = this.#places.of(raw);
    const byPlace = inPlace(places);
    return raw
      .toSorted((a, b) => a[0] - b[0] || byPlace(a, b))
      .map((row) => periodCounts(row, row[0], places));
  }
}

/** Calendar arithmetic is slow, and rows sorted by day ask for the same day again and again. */
function onceForEachDay(): (number: number) => string {
  let known = { number: Number.NaN, day: "" };
  return (number) => {
    if (known.number !== number) known = { number, day: dayFromNumber(number) };
    return known.day;
  };
}
