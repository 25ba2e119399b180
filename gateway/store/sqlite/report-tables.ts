/**
 * What reports read from SQLite: counter rows, sums over spans of days, served counts, and the nightly recount.
 */
import type Database from "better-sqlite3";
import {
  FACES,
  type Face,
  REASONS,
  type Reason,
  VERDICTS,
  type Verdict,
  VOTE_FLAGS,
} from "#schemas/code-list.ts";
import { dayFromNumber, dayNumber } from "#schemas/local-day.ts";
import { COUNT_COLUMNS, type CountColumn, countsOfVote } from "../../rollups/counts.ts";
import type { DaySpan, Mismatch, PeriodCounts, RecountResult, ServedCount } from "../store.ts";

/** Columns that are counted from stored votes, and so can be counted again. */
const RECOUNTED: readonly CountColumn[] = COUNT_COLUMNS.slice(0, COUNT_COLUMNS.indexOf("issued"));

const AFTER_HOURS_BIT = 1 << VOTE_FLAGS.indexOf("afterHours");
const COLUMNS = COUNT_COLUMNS.join(", ");

type Page = { readonly fromSlot: number | null; readonly limit: number };
type RawRow = readonly [slot: number, place: number, wording: number, ...counts: number[]];
type PlaceIds = { readonly siteId: string; readonly officeId: string; readonly serviceId: string };

export class ReportTables {
  readonly #database: Database.Database;
  readonly #sql;

  constructor(database: Database.Database) {
    this.#database = database;
    const page = (table: "hour_count" | "day_count", slot: "hour" | "day", more: string) =>
      database
        .prepare<[number, number, number, number], RawRow>(
          `SELECT ${slot}, place_no, wording, ${COLUMNS} FROM ${table}
           WHERE ${slot} >= ? AND day >= ? AND day < ? ${more}`,
        )
        .raw();
    this.#sql = {
      hour: page("hour_count", "hour", "ORDER BY hour LIMIT ?"),
      day: page("day_count", "day", "ORDER BY day LIMIT ?"),
      wholeHour: page("hour_count", "hour", "AND hour <= ?"),
      wholeDay: page("day_count", "day", "AND day <= ?"),
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
      counted: database.prepare(`SELECT place_no, wording, ${COLUMNS} FROM day_count WHERE day = ?`),
      votes: database.prepare<
        [number],
        {
          place_no: number;
          wording: number;
          face: number;
          reason: number | null;
          verdict: number;
          uncertain: number;
          late_hours: number;
          n: number;
        }
      >(
        `SELECT place_no, wording, face, reason, verdict, uncertain, (flags & ${AFTER_HOURS_BIT}) <> 0 AS late_hours,
           count(*) AS n FROM vote WHERE day = ? GROUP BY 1, 2, 3, 4, 5, 6, 7`,
      ),
      days: database.prepare<[], { first: number | null; last: number | null }>(
        "SELECT min(day) AS first, max(day) AS last FROM vote",
      ),
      putRecount: database.prepare<[number, number, string]>(
        "INSERT INTO recount (at_ms, days, mismatches) VALUES (?, ?, ?)",
      ),
      lastRecount: database.prepare<[], { at_ms: number; days: number; mismatches: string }>(
        "SELECT at_ms, days, mismatches FROM recount ORDER BY no DESC LIMIT 1",
      ),
    };
  }

  rows(
    by: "hour" | "day",
    span: DaySpan,
    page: Page,
  ): { rows: readonly PeriodCounts[]; next: number | null } {
    const [fromDay, toDay] = [dayNumber(span.fromDay), dayNumber(span.toDay)];
    // No zone is a whole day away from UTC, so this is before the span's first hour.
    const fromSlot = page.fromSlot ?? (by === "hour" ? (fromDay - 1) * 24 : fromDay);
    const raw = this.#sql[by].all(fromSlot, fromDay, toDay, page.limit);
    const lastSlot = raw.at(-1)?.[0];
    if (raw.length < page.limit || lastSlot === undefined) return { rows: this.#sorted(raw), next: null };
    // The page may have cut its last slot: take the slots before it, or all of it when it is the only one.
    const whole = raw.filter((row) => row[0] !== lastSlot);
    if (whole.length > 0) return { rows: this.#sorted(whole), next: lastSlot };
    const one = this.#sql[by === "hour" ? "wholeHour" : "wholeDay"].all(lastSlot, fromDay, toDay, lastSlot);
    return { rows: this.#sorted(one), next: lastSlot + 1 };
  }

  spans(spans: readonly DaySpan[]): readonly PeriodCounts[] {
    const places = this.#places();
    return spans.flatMap((span, index) =>
      this.#sql.span
        .all(dayNumber(span.fromDay), dayNumber(span.toDay))
        .map((row) => periodCounts(row, index, places))
        .sort(byPlace),
    );
  }

  served(span: DaySpan): readonly ServedCount[] {
    return this.#sql.served.all(dayNumber(span.fromDay), dayNumber(span.toDay)).map((row) => ({
      officeId: row.office_id,
      serviceId: row.service_id,
      day: dayFromNumber(row.day),
      served: row.served,
    }));
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

  recount(span: DaySpan): readonly Mismatch[] {
    const out: Mismatch[] = [];
    for (let day = dayNumber(span.fromDay); day < dayNumber(span.toDay); day++)
      out.push(...this.#recountDay(day));
    return out;
  }

  votedDays(): { first: string; last: string } | null {
    const row = this.#sql.days.get();
    if (row === undefined || row.first === null || row.last === null) return null;
    return { first: dayFromNumber(row.first), last: dayFromNumber(row.last) };
  }

  noteRecount(result: RecountResult): void {
    this.#sql.putRecount.run(result.atMs, result.days, JSON.stringify(result.mismatches));
  }

  lastRecount(): RecountResult | null {
    const row = this.#sql.lastRecount.get();
    if (row === undefined) return null;
    return { atMs: row.at_ms, days: row.days, mismatches: JSON.parse(row.mismatches) as Mismatch[] };
  }

  #recountDay(day: number): readonly Mismatch[] {
    const recounted = new Map<string, Record<string, number>>();
    for (const row of this.#sql.votes.all(day)) {
      const name = `${row.place_no}/${row.wording}`;
      const counts = recounted.get(name) ?? {};
      recounted.set(name, counts);
      const vote = {
        face: FACES[row.face] as Face,
        reason: row.reason === null ? null : (REASONS[row.reason] as Reason),
        verdict: VERDICTS[row.verdict] as Verdict,
        uncertain: row.uncertain === 1,
        afterHours: row.late_hours === 1,
      };
      for (const [column, n] of Object.entries(countsOfVote(vote))) {
        counts[column] = (counts[column] ?? 0) + n * row.n;
      }
    }
    const counted = this.#sql.counted.all(day) as Record<string, number>[];
    const names = new Set([
      ...recounted.keys(),
      ...counted.map((row) => `${row["place_no"]}/${row["wording"]}`),
    ]);
    const places = this.#places();
    return [...names].flatMap((name) => {
      const row = counted.find((c) => `${c["place_no"]}/${c["wording"]}` === name) ?? {};
      const votes = recounted.get(name) ?? {};
      const serviceId = places.get(Number(name.split("/")[0]))?.serviceId ?? "";
      return RECOUNTED.filter((column) => (row[column] ?? 0) !== (votes[column] ?? 0)).map((column) => ({
        day: dayFromNumber(day),
        serviceId,
        column,
        counted: row[column] ?? 0,
        recounted: votes[column] ?? 0,
      }));
    });
  }

  #sorted(raw: readonly RawRow[]): readonly PeriodCounts[] {
    const places = this.#places();
    return raw
      .map((row) => periodCounts(row, row[0], places))
      .sort((a, b) => a.slot - b.slot || byPlace(a, b));
  }

  #places(): ReadonlyMap<number, PlaceIds> {
    return new Map(
      this.#sql.places
        .all()
        .map((p) => [p.no, { siteId: p.site_id, officeId: p.office_id, serviceId: p.service_id }]),
    );
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
