/**
 * What reports read from SQLite: counter rows, sums over spans of days and served counts.
 */
import type Database from "better-sqlite3";
import { dayFromNumber, dayNumber, monthSpan } from "#schemas/local-day.ts";
import { COUNT_COLUMNS, type CountColumn } from "../../rollups/counts.ts";
import type { DaySpan, PeriodCounts, ServedCount, ServedSum } from "../store.ts";
import { monthOfDay } from "./counters.ts";

const COLUMNS = COUNT_COLUMNS.join(", ");

/** Zones are at most this far ahead of UTC and behind it: the hours between hold all of a local day. */
const HOURS_AHEAD_MAX = 14;
const HOURS_BEHIND_MAX = 12;

type Page = { readonly fromSlot: number | null; readonly limit: number };
type RawRow = readonly [slot: number, place: number, wording: number, ...counts: number[]];
type PlaceIds = { readonly siteId: string; readonly officeId: string; readonly serviceId: string };

export class ReportTables {
  readonly #database: Database.Database;
  readonly #places = new Map<number, PlaceIds>();
  readonly #sql;

  constructor(database: Database.Database) {
    this.#database = database;
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
      places: database.prepare<[], { no: number; site_id: string; office_id: string; service_id: string }>(
        "SELECT * FROM place",
      ),
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
    const raw = this.#sql[by].all(page.fromSlot ?? lowest, beyond, fromDay, toDay, page.limit);
    const lastSlot = raw.at(-1)?.[0];
    if (raw.length < page.limit || lastSlot === undefined) return { rows: this.#sorted(raw), next: null };
    // The page may have cut its last slot: take the slots before it, or all of it when it is the only one.
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
      const places = this.#placesOf(raw);
      return raw.map((row) => periodCounts(row, index, places)).sort(byPlace);
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
    const places = this.#placesOf(raw);
    return raw
      .map((row) => periodCounts(row, row[0], places))
      .sort((a, b) => a.slot - b.slot || byPlace(a, b));
  }

  /** The places these rows name. A place never changes once it is committed, so what was read stays good. */
  #placesOf(raw: readonly RawRow[]): ReadonlyMap<number, PlaceIds> {
    if (raw.some((row) => !this.#places.has(row[1]))) {
      for (const { no, site_id, office_id, service_id } of this.#sql.places.all()) {
        this.#places.set(no, { siteId: site_id, officeId: office_id, serviceId: service_id });
      }
    }
    return this.#places;
  }
}

function periodCounts(row: RawRow, slot: number, places: ReadonlyMap<number, PlaceIds>): PeriodCounts {
  const counts = {} as Record<CountColumn, number>;
  for (let i = 0; i < COUNT_COLUMNS.length; i++)
    counts[COUNT_COLUMNS[i] as CountColumn] = row[i + 3] as number;
  const place = places.get(row[1]);
  if (place === undefined) throw new Error(`counters name an unknown place ${row[1]}`);
  return { slot, ...place, wording: row[2], counts };
}

/** Calendar arithmetic is slow, and rows sorted by day ask for the same day again and again. */
function onceForEachDay(): (number: number) => string {
  let known = { number: Number.NaN, day: "" };
  return (number) => {
    if (known.number !== number) known = { number, day: dayFromNumber(number) };
    return known.day;
  };
}

function byPlace(a: PeriodCounts, b: PeriodCounts): number {
  return (
    compare(a.siteId, b.siteId) ||
    compare(a.officeId, b.officeId) ||
    compare(a.serviceId, b.serviceId) ||
    a.wording - b.wording
  );
}

/** Plain order of code units, the same in every database and language. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
