/**
 * Counts what is held of each row of the retention table, and since when.
 */
import type Database from "better-sqlite3";
import { dayFromNumber } from "#schemas/local-day.ts";
import type { RETENTION, RetentionId } from "#schemas/retention.ts";
import { DAY_MS } from "#schemas/time.ts";
import type { Held } from "../held-store.ts";

type StoredRow = Exclude<
  Extract<(typeof RETENTION)[number], { holder: "gateway" }>["id"],
  "gateway-day-keys" | "gateway-backups"
>;

/** Rows and the oldest of them, as a day's number. Times are divided, days are what they are. */
const COUNTS: Readonly<Record<StoredRow, string>> = {
  "gateway-votes": "SELECT count(*) AS rows, min(day) AS day FROM vote",
  "gateway-batches": byTime("batch", "received_ms"),
  "gateway-uncertain-refusals": byTime("uncertain_refusal", "received_ms"),
  "gateway-marks": "SELECT count(*) AS rows, min(day) AS day FROM mark",
  "gateway-listed": "SELECT count(*) AS rows, min(day) AS day FROM listed",
  "gateway-quarantine": byTime("quarantine", "received_ms"),
  "gateway-hour-counts": "SELECT count(*) AS rows, min(day) AS day FROM hour_count",
  "gateway-watch": "SELECT count(*) AS rows, min(day) AS day FROM watch_day",
  "gateway-events": byTime("totem_event", "received_ms"),
  "gateway-readiness": byTime("readiness", "received_ms"),
  "gateway-access": byTime("access", "at_ms"),
  "gateway-accounts": byTime("account", "created_ms"),
  "gateway-sessions": byTime("session", "created_ms"),
  "gateway-links": byTime("link", "until_ms"),
  "gateway-tokens": byTime("token", "created_ms"),
  "gateway-alarms": byTime("alarm", "first_ms"),
  "gateway-deliveries": byTime("delivery", "created_ms"),
  "gateway-recounts": byTime("recount", "at_ms"),
};

export function heldIn(database: Database.Database): readonly Held[] {
  return Object.entries(COUNTS).map(([id, sql]) => {
    const row = database.prepare<[], { rows: number; day: number | null }>(sql).get();
    const day = row?.day ?? null;
    return {
      id: id as RetentionId,
      rows: row?.rows ?? 0,
      oldestDay: day === null ? null : dayFromNumber(day),
    };
  });
}

function byTime(table: string, column: string): string {
  return `SELECT count(*) AS rows, min(${column}) / ${DAY_MS} AS day FROM ${table}`;
}
