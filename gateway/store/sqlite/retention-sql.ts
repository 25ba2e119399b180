/**
 * Enforces the retention table in SQLite, row by row and a bite at a time, so that ingest goes on in between.
 */
import { setImmediate as turn } from "node:timers/promises";
import type Database from "better-sqlite3";
import { keptDays, type RETENTION, type RetentionId } from "#schemas/retention.ts";
import { DAY_MS, HOUR_MS } from "#schemas/time.ts";

/** Rows that end by time; the others are ended by whoever holds them. */
type GatewayRow = Extract<(typeof RETENTION)[number], { holder: "gateway"; keptDays: number }>["id"];

/** Rows touched in one bite: overwriting them (`secure_delete`) takes some ten milliseconds. */
const BITE_ROWS = 1_000;

const aged = (table: string, where: string) =>
  `DELETE FROM ${table} WHERE no IN (SELECT no FROM ${table} WHERE ${where} LIMIT ${BITE_ROWS})`;

/**
 * What is over when `before` (UTC milliseconds) or `beforeDay` (day number) has passed; repeated until none is left.
 * Marks are kept in their own order, not by day: all of them are looked through once, a stretch at a time.
 */
const ENDINGS: Readonly<Record<GatewayRow, readonly string[]>> = {
  "gateway-batches": [aged("batch", "received_ms < @before")],
  "gateway-uncertain-refusals": [aged("uncertain_refusal", "received_ms < @before")],
  "gateway-marks": ["DELETE FROM mark WHERE mark >= @from AND mark < @beyond AND day < @beforeDay"],
  "gateway-quarantine": [
    aged("quarantine", "received_ms < @before"),
    `UPDATE rejected SET body = NULL WHERE (epoch_no, seq) IN
       (SELECT epoch_no, seq FROM rejected WHERE received_ms < @before AND body IS NOT NULL LIMIT ${BITE_ROWS})`,
  ],
  "gateway-hour-counts": [
    `DELETE FROM late_hour WHERE (hour, place_no, wording, day) IN
       (SELECT hour, place_no, wording, day FROM late_hour WHERE hour < @beforeHour AND day < @beforeDay LIMIT ${BITE_ROWS})`,
    `DELETE FROM hour_count WHERE (hour, place_no, wording) IN
       (SELECT hour, place_no, wording FROM hour_count WHERE hour < @beforeHour AND day < @beforeDay LIMIT ${BITE_ROWS})`,
  ],
  "gateway-watch": [
    `DELETE FROM watch_day WHERE (day, place_no) IN
       (SELECT day, place_no FROM watch_day WHERE day < @beforeDay LIMIT ${BITE_ROWS})`,
  ],
  "gateway-events": [aged("totem_event", "received_ms < @before")],
  "gateway-readiness": [
    // The latest of each totem stays: it would only be sent again.
    aged(
      "readiness",
      "received_ms < @before AND no NOT IN (SELECT max(no) FROM readiness GROUP BY totem_no)",
    ),
  ],
  "gateway-access": [aged("access", "at_ms < @before")],
  "gateway-accounts": ["DELETE FROM account WHERE disabled_ms < @before"],
  "gateway-sessions": ["DELETE FROM session WHERE created_ms < @before"],
  "gateway-links": ["DELETE FROM link WHERE until_ms < @before"],
  "gateway-tokens": ["DELETE FROM token WHERE expires_ms < @before OR revoked_ms < @before"],
  "gateway-alarms": [aged("alarm", "cleared_ms < @before")],
  "gateway-deliveries": [aged("delivery", "created_ms < @before AND next_ms IS NULL")],
  "gateway-recounts": [aged("recount", "at_ms < @before")],
};

/** The database lets nothing of the log of accesses go before this. */
const MOVE_TERM = "UPDATE access_term SET before_ms = max(before_ms, ?)";

/** Nobody can look into what is no longer held: the alarm about it is over. */
const CLEAR_ALARMS = `UPDATE alarm SET cleared_ms = ? WHERE cleared_ms IS NULL
   AND code IN ('batch-quarantined', 'message-quarantined', 'quarantine-full')
   AND NOT EXISTS (SELECT 1 FROM quarantine WHERE pool = subject)`;

/** Deletes what is over; returns how many rows of each kind. */
export async function enforceRetention(
  database: Database.Database,
  nowMs: number,
): Promise<Readonly<Record<string, number>>> {
  const out: Record<string, number> = {};
  for (const [id, statements] of Object.entries(ENDINGS)) {
    const before = nowMs - keptDays(id as RetentionId) * DAY_MS;
    const terms = {
      before,
      beforeDay: Math.floor(before / DAY_MS),
      // A local day reaches at most fourteen hours beyond the UTC day of the same number.
      beforeHour: Math.floor(before / HOUR_MS) + 24,
    };
    for (const sql of statements) {
      const end = id === "gateway-marks" ? endAlongMarks : repeat;
      if (id === "gateway-access") database.prepare<[number]>(MOVE_TERM).run(before);
      out[id] = (out[id] ?? 0) + (await end(database, sql, terms));
    }
  }
  database.prepare<[number]>(CLEAR_ALARMS).run(nowMs);
  return out;
}

/** Marks are evenly spread hashes: of ten million, a stretch by their first byte has forty thousand. */
async function endAlongMarks(
  database: Database.Database,
  sql: string,
  { beforeDay }: { readonly beforeDay: number },
): Promise<number> {
  const statement = database.prepare(sql);
  let total = 0;
  for (let first = 0; first < 256; first++) {
    // A blob sorts before every longer one that begins like it, so this lies beyond all marks of the last stretch.
    const beyond = first === 255 ? Buffer.alloc(17, 255) : Buffer.of(first + 1);
    total += statement.run({ from: Buffer.of(first), beyond, beforeDay }).changes;
    await turn();
  }
  return total;
}

async function repeat(
  database: Database.Database,
  sql: string,
  terms: Readonly<Record<string, number>>,
): Promise<number> {
  const statement = database.prepare(sql);
  const named = Object.fromEntries(
    Object.entries(terms).filter(([name]) => new RegExp(`@${name}\\b`).test(sql)),
  );
  for (let total = 0; ; ) {
    const { changes } = statement.run(named);
    total += changes;
    await turn();
    if (changes < BITE_ROWS) return total;
  }
}
