/**
 * Counter rows as SQLite gives them, in the words of the port. A report has hundreds of thousands of them: each column is
 * taken by its place, and rows are sorted by numbers.
 */
import type Database from "better-sqlite3";
import type { CountColumn } from "../../rollups/counts.ts";
import type { PeriodCounts } from "../store.ts";

/** A row as it is read: its slot, its place, its wording and the counts in the order of `COUNT_COLUMNS`. */
export type RawRow = readonly [slot: number, place: number, wording: number, ...counts: number[]];
type PlaceIds = { readonly siteId: string; readonly officeId: string; readonly serviceId: string };
/** A place, and where it stands among all of them by site, office and service: rows are sorted by one number. */
type RankedPlace = PlaceIds & { readonly rank: number };

/** The places there are. One never changes once it is committed, so what was read stays good. */
export class Places {
  readonly #known = new Map<number, RankedPlace>();
  readonly #all;

  constructor(database: Database.Database) {
    this.#all = database.prepare<[], { no: number; site_id: string; office_id: string; service_id: string }>(
      "SELECT * FROM place",
    );
  }

  /** All that these rows name. */
  of(raw: readonly RawRow[]): ReadonlyMap<number, RankedPlace> {
    if (raw.some((row) => !this.#known.has(row[1]))) this.#read();
    return this.#known;
  }

  #read(): void {
    const all = this.#all.all().map(({ no, site_id, office_id, service_id }) => ({
      no,
      place: { siteId: site_id, officeId: office_id, serviceId: service_id },
    }));
    for (const [rank, { no, place }] of all.sort((a, b) => byIds(a.place, b.place)).entries()) {
      this.#known.set(no, { ...place, rank });
    }
  }
}

/** Every column by its name, written out: an object built name by name would be a slow one, and a report has very many. */
function countsOf(row: RawRow): Readonly<Record<CountColumn, number>> {
  return {
    green: row[3] as number,
    yellow: row[4] as number,
    red: row[5] as number,
    reason_wait: row[6] as number,
    reason_staff: row[7] as number,
    reason_return: row[8] as number,
    reason_outcome: row[9] as number,
    reason_none: row[10] as number,
    late: row[11] as number,
    conflict: row[12] as number,
    expired_late: row[13] as number,
    unverified: row[14] as number,
    test: row[15] as number,
    time_uncertain: row[16] as number,
    after_hours: row[17] as number,
    issued: row[18] as number,
    refused_used: row[19] as number,
    refused_used_elsewhere: row[20] as number,
    refused_expired: row[21] as number,
    refused_not_yet: row[22] as number,
    refused_other_office: row[23] as number,
    refused_unknown: row[24] as number,
    refused_malformed: row[25] as number,
    refused_bad_signature: row[26] as number,
    refused_test_mode: row[27] as number,
    refused_closed: row[28] as number,
  };
}

/** A row in the port's words. */
export function periodCounts(
  row: RawRow,
  slot: number,
  places: ReadonlyMap<number, RankedPlace>,
): PeriodCounts {
  const { siteId, officeId, serviceId } = knownPlace(places, row[1]);
  return { slot, siteId, officeId, serviceId, wording: row[2], counts: countsOf(row) };
}

function knownPlace(places: ReadonlyMap<number, RankedPlace>, no: number): RankedPlace {
  const place = places.get(no);
  if (place === undefined) throw new Error(`counters name an unknown place ${no}`);
  return place;
}

/** Rows by place, then wording. */
export function inPlace(places: ReadonlyMap<number, RankedPlace>): (a: RawRow, b: RawRow) => number {
  return (a, b) => knownPlace(places, a[1]).rank - knownPlace(places, b[1]).rank || a[2] - b[2];
}

function byIds(a: PlaceIds, b: PlaceIds): number {
  return compare(a.siteId, b.siteId) || compare(a.officeId, b.officeId) || compare(a.serviceId, b.serviceId);
}

/** Plain order of code units, the same in every database and language. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
