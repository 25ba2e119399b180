/**
 * Enforces the retention table in SQLite: one statement for each of the gateway's rows.
 */
import type Database from "better-sqlite3";
import { keptDays, type RETENTION, type RetentionId } from "#schemas/retention.ts";
import { DAY_MS } from "#schemas/time.ts";

type GatewayRow = Extract<(typeof RETENTION)[number], { holder: "gateway" }>["id"];

/** What is over when `before` (UTC milliseconds) or `beforeDay` (day number) has passed. */
const DELETIONS: Readonly<Record<GatewayRow, string>> = {
  "gateway-batches": "DELETE FROM batch WHERE received_ms < @before",
  "gateway-marks": "DELETE FROM mark WHERE day < @beforeDay",
  "gateway-quarantine": "DELETE FROM quarantine WHERE received_ms < @before",
  "gateway-hour-counts": "DELETE FROM hour_count WHERE day < @beforeDay",
  "gateway-events": "DELETE FROM totem_event WHERE received_ms < @before",
  "gateway-access": "DELETE FROM access WHERE at_ms < @before",
  "gateway-tokens": "DELETE FROM token WHERE expires_ms < @before OR revoked_ms < @before",
  "gateway-alarms": "DELETE FROM alarm WHERE cleared_ms < @before",
  "gateway-recounts": "DELETE FROM recount WHERE at_ms < @before",
};

/** Deletes what is over; returns how many rows of each kind. */
export function enforceRetention(
  database: Database.Database,
  nowMs: number,
): Readonly<Record<string, number>> {
  const out: Record<string, number> = {};
  for (const [id, sql] of Object.entries(DELETIONS)) {
    const before = nowMs - keptDays(id as RetentionId) * DAY_MS;
    const beforeDay = Math.floor(before / DAY_MS);
    const named = sql.includes("@beforeDay") ? { beforeDay } : { before };
    out[id] = database.prepare(sql).run(named).changes;
  }
  return out;
}
