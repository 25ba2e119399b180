/**
 * Alarms in SQLite: one row stands for a code and subject; what ended stays until its term.
 */
import type Database from "better-sqlite3";
import type { AlarmCode } from "#schemas/alarms.ts";
import type { Acknowledgement, Alarm, AlarmStore } from "../alarm-store.ts";
import { DeedLog } from "./deed-log.ts";

/** Longest detail of an alarm: what a page shows of it (`schemas/api.ts`). */
const DETAIL_MAX = 500;

type AlarmRow = {
  readonly code: string;
  readonly subject: string;
  readonly detail: string;
  readonly first_ms: number;
  readonly last_ms: number;
  readonly times: number;
  readonly cleared_ms: number | null;
  readonly acknowledged_ms: number | null;
  readonly acknowledged_by: string | null;
  readonly note: string | null;
};

/** The alarms' part of a store. */
export function alarmsOver(database: Database.Database): AlarmStore {
  const sql = statementsOver(database);
  const log = new DeedLog(database);
  return {
    raiseAlarm: async (code, subject, detail, atMs) => {
      sql.raise.run(code, subject, detail.slice(0, DETAIL_MAX), atMs, atMs);
    },
    clearAlarm: async (code, subject, atMs) => {
      sql.clear.run(atMs, code, subject);
    },
    acknowledgeAlarm: async (code, subject, seen, deed) =>
      database
        .transaction(() => {
          const isStanding = sql.acknowledge.run({ code, subject, ...seen }).changes === 1;
          if (isStanding) log.add(deed);
          return isStanding;
        })
        .immediate(),
    alarms: async () => sql.standing.all().map(alarmOf),
    clearedAlarms: async (limit) =>
      sql.cleared.all(limit).map((row) => ({ ...alarmOf(row), clearedMs: row.cleared_ms })),
  };
}

function statementsOver(database: Database.Database) {
  return {
    raise: database.prepare<[string, string, string, number, number]>(
      `INSERT INTO alarm (code, subject, detail, first_ms, last_ms, times) VALUES (?, ?, ?, ?, ?, 1)
       ON CONFLICT (code, subject) WHERE cleared_ms IS NULL
       DO UPDATE SET detail = excluded.detail, last_ms = excluded.last_ms, times = times + 1`,
    ),
    clear: database.prepare<[number, string, string]>(
      "UPDATE alarm SET cleared_ms = ? WHERE code = ? AND subject = ? AND cleared_ms IS NULL",
    ),
    acknowledge: database.prepare<Acknowledgement & { readonly code: string; readonly subject: string }>(
      `UPDATE alarm SET acknowledged_ms = @atMs, acknowledged_by = @by, note = @note
       WHERE code = @code AND subject = @subject AND cleared_ms IS NULL`,
    ),
    standing: database.prepare<[], AlarmRow>(
      "SELECT * FROM alarm WHERE cleared_ms IS NULL ORDER BY code, subject",
    ),
    cleared: database.prepare<[number], AlarmRow & { readonly cleared_ms: number }>(
      "SELECT * FROM alarm WHERE cleared_ms IS NOT NULL ORDER BY cleared_ms DESC, no DESC LIMIT ?",
    ),
  };
}

function alarmOf(row: AlarmRow): Alarm {
  const { acknowledged_ms: atMs, acknowledged_by: by, note } = row;
  return {
    code: row.code as AlarmCode,
    subject: row.subject,
    detail: row.detail,
    firstMs: row.first_ms,
    lastMs: row.last_ms,
    times: row.times,
    acknowledged: atMs === null || by === null ? null : { by, note: note ?? "", atMs },
  };
}
