/**
 * A year of counters for the whole town, put straight into the gateway's counter tables. Ten million votes need not be
 * stored one by one to measure a report: it reads counters, and their number does not depend on the votes in them.
 */
import Database from "better-sqlite3";
import { COUNT_COLUMNS } from "#gateway/rollups/counts.ts";
import { addDays, dayNumber, dayStartMs, type LocalDay, monthSpan } from "#schemas/local-day.ts";
import { HOUR_MS, hourOf } from "#schemas/time.ts";
import { CURRENT_WORDING } from "#schemas/wording.ts";
import { SITE_ID, TOWN_PLACES, ZONE } from "./town.ts";

/** Open from 8 to 18 local time, from Monday to Friday. */
const OPENS_AT_HOUR = 8;
const OPEN_HOURS = 10;
const WORKING_DAYS = 5;

/** Faces of 20 votes in their order: 15 green, 3 yellow, 2 red, of which one names the waiting time. */
const GREEN_OF_20 = 15;
const YELLOW_OF_20 = 3;

export type Year = {
  /** First and last day, the last not included: twelve whole months before the current one. */
  readonly from: LocalDay;
  readonly to: LocalDay;
};

/** The last twelve whole months: hours are kept for thirteen. */
export function lastYear(today: LocalDay): Year {
  const to = monthSpan(today.slice(0, 7)).from;
  return { from: `${Number(to.slice(0, 4)) - 1}${to.slice(4)}`, to };
}

/** The months of a year. */
export function monthsOf({ from, to }: Year): readonly Year[] {
  const months: Year[] = [];
  for (let next = from; next < to; next = months.at(-1)?.to ?? to) months.push(monthSpan(next.slice(0, 7)));
  return months;
}

/** Asks for every row: exact figures, by hour. */
export function exactByHour({ from, to }: Year): Readonly<Record<string, string>> {
  return { from, to, by: "hour", exact: "1" };
}

/** Fills the counters by hour, day and month with exactly so many votes, spread evenly; gives the number of hour rows. */
export function fillCounters(databaseFile: string, votes: number, year: Year): number {
  const database = new Database(databaseFile);
  try {
    return database.transaction(() => fill(database, votes, year))();
  } finally {
    database.close();
  }
}

/** Proves the year's months without a figure: what is not proved is shown to nobody but as exact figures. */
export function proveMonths(databaseFile: string, year: Year): void {
  const database = new Database(databaseFile);
  const put = database.prepare("INSERT INTO month_proof (month, revision, proof) VALUES (?, 1, ?)");
  for (const { from } of monthsOf(year)) {
    const month = from.slice(0, 7);
    const nothing = { sums: [], corrections: [], missing: [] };
    put.run(month, JSON.stringify({ month, revision: 1, log: { size: 0, hash: "" }, ...nothing }));
  }
  database.close();
}

function fill(database: Database.Database, votes: number, year: Year): number {
  const putPlace = database.prepare("INSERT INTO place (site_id, office_id, service_id) VALUES (?, ?, ?)");
  const places = TOWN_PLACES.map(({ officeId, serviceId }) =>
    Number(putPlace.run(SITE_ID, officeId, serviceId).lastInsertRowid),
  );
  const columns = COUNT_COLUMNS.join(", ");
  const putHour = database.prepare(
    `INSERT INTO hour_count (hour, place_no, wording, day, ${columns})
     VALUES (?, ?, ?, ?${", ?".repeat(COUNT_COLUMNS.length)})`,
  );
  const slots = openHours(year).flatMap((slot) => places.map((place) => ({ ...slot, place })));
  let rows = 0;
  let counted = 0;
  for (const [index, { hour, day, place }] of slots.entries()) {
    // Evenly, to the last vote: each row takes what is due by now.
    const due = Math.floor((votes * (index + 1)) / slots.length);
    if (due === counted) continue;
    const counts = countsOf(counted, due);
    putHour.run(hour, place, CURRENT_WORDING, day, ...COUNT_COLUMNS.map((column) => counts[column] ?? 0));
    counted = due;
    rows += 1;
  }
  database.exec(
    `INSERT INTO day_count (day, place_no, wording, ${columns})
     SELECT day, place_no, wording, ${COUNT_COLUMNS.map((column) => `sum(${column})`).join(", ")}
     FROM hour_count GROUP BY day, place_no, wording`,
  );
  database.exec(
    `INSERT INTO month_count (month, place_no, wording, ${columns})
     SELECT strftime('%Y', day * 86400, 'unixepoch') * 12 + strftime('%m', day * 86400, 'unixepoch') - 1 AS month,
       place_no, wording, ${COUNT_COLUMNS.map((column) => `sum(${column})`).join(", ")}
     FROM day_count GROUP BY 1, 2, 3`,
  );
  // Votes that were never stored are a mismatch to the nightly recount: it is not due.
  database.prepare("INSERT INTO recount (at_ms, days, mismatches) VALUES (?, 0, '[]')").run(Date.now());
  return rows;
}

/** The faces of the votes with these numbers. */
function countsOf(from: number, to: number): Readonly<Record<string, number>> {
  const counts: Record<string, number> = { green: 0, yellow: 0, red: 0, reason_wait: 0, reason_none: 0 };
  for (let number = from; number < to; number++) {
    const inTwenty = number % 20;
    const isRed = inTwenty >= GREEN_OF_20 + YELLOW_OF_20;
    const face = isRed ? "red" : inTwenty >= GREEN_OF_20 ? "yellow" : "green";
    counts[face] = (counts[face] ?? 0) + 1;
    if (!isRed) continue;
    const reason = inTwenty % 2 === 0 ? "reason_wait" : "reason_none";
    counts[reason] = (counts[reason] ?? 0) + 1;
  }
  return counts;
}

/** Every open hour of the year, in order. */
function openHours(year: Year): readonly { readonly hour: number; readonly day: number }[] {
  const slots: { readonly hour: number; readonly day: number }[] = [];
  for (let date = year.from; date < year.to; date = addDays(date, 1)) {
    const day = dayNumber(date);
    if (!isWorkingDay(day)) continue;
    const opens = hourOf(dayStartMs(date, ZONE) + OPENS_AT_HOUR * HOUR_MS);
    for (let n = 0; n < OPEN_HOURS; n++) slots.push({ hour: opens + n, day });
  }
  return slots;
}

/** Day 0, 1970-01-01, was a Thursday, the fourth of the week. */
function isWorkingDay(day: number): boolean {
  return (day + 3) % 7 < WORKING_DAYS;
}
