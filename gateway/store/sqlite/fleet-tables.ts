/**
 * Totems, their standing and their quarantine in SQLite.
 */
import type Database from "better-sqlite3";
import { HEALTH, type Health } from "#schemas/messages.ts";
import { SUM_COLUMNS, type Sums, zeroSums } from "#schemas/sums.ts";
import { minuteOf } from "#schemas/time.ts";
import type { Quarantined, TotemRecord, TotemStatus } from "../store.ts";
import type { Epochs } from "./epochs.ts";

/** Quarantined payloads kept per pool: an attacker with one totem's identity fills 64 MiB, not the disk. */
const QUARANTINE_ROWS_MAX = 1_000;

type TotemRow = {
  readonly no: number;
  readonly totem_id: string;
  readonly site_id: string;
  readonly serves: string | null;
  readonly public_key: string;
  readonly password_sha256: string;
  readonly enrolled_ms: number;
  readonly online: number;
  readonly start_count: number;
  readonly seen_ms: number | null;
  readonly health: string | null;
  readonly health_ms: number | null;
  readonly settings_version: number;
  readonly settings_sha256: string | null;
};

export class FleetTables {
  readonly #epochs: Epochs;
  readonly #sql;

  constructor(database: Database.Database, epochs: Epochs) {
    this.#epochs = epochs;
    this.#sql = {
      put: database.prepare(
        `INSERT INTO totem (totem_id, site_id, serves, public_key, password_sha256, enrolled_ms)
         VALUES (@totemId, @siteId, @serves, @publicKey, @passwordSha256, @enrolledMs)
         ON CONFLICT (totem_id) DO UPDATE SET site_id = excluded.site_id, serves = excluded.serves,
           public_key = excluded.public_key, password_sha256 = excluded.password_sha256`,
      ),
      one: database.prepare<[string], TotemRow>("SELECT * FROM totem WHERE totem_id = ?"),
      all: database.prepare<[], TotemRow>("SELECT * FROM totem ORDER BY totem_id"),
      sums: database.prepare<[number], Sums>(
        `SELECT ${SUM_COLUMNS.join(", ")} FROM totem_count WHERE totem_no = ?`,
      ),
      status: database.prepare<[number, number, number, string, number]>(
        "UPDATE totem SET online = ?, start_count = ?, seen_ms = ? WHERE totem_id = ? AND start_count <= ?",
      ),
      health: database.prepare<[string, number, number, string]>(
        "UPDATE totem SET health = ?, health_ms = ?, seen_ms = ? WHERE totem_id = ?",
      ),
      command: database.prepare<[string], { command_number: number }>(
        "UPDATE totem SET command_number = command_number + 1 WHERE totem_id = ? RETURNING command_number",
      ),
      settings: database.prepare<
        { sha256: string; floor: number; totemId: string },
        { settings_version: number }
      >(
        `UPDATE totem SET settings_sha256 = @sha256, settings_version =
           CASE WHEN settings_sha256 IS @sha256 THEN settings_version ELSE max(settings_version + 1, @floor) END
         WHERE totem_id = @totemId RETURNING settings_version`,
      ),
      quarantined: database.prepare<[string], { rows: number }>(
        "SELECT count(*) AS rows FROM quarantine WHERE pool = ?",
      ),
      isQuarantined: database.prepare<[string, string]>(
        "SELECT 1 FROM quarantine WHERE pool = ? AND sha256 = ?",
      ),
      quarantine: database.prepare(
        `INSERT INTO quarantine (pool, totem_id, received_ms, reason, sha256, payload)
         VALUES (@pool, @totemId, @receivedMs, @reason, @sha256, @payload)`,
      ),
    };
  }

  register(totem: TotemRecord): void {
    this.#sql.put.run({ ...totem, serves: totem.serves === null ? null : JSON.stringify(totem.serves) });
  }

  totems(): readonly TotemRecord[] {
    return this.#sql.all.all().map((row) => ({
      totemId: row.totem_id,
      siteId: row.site_id,
      serves: row.serves === null ? null : (JSON.parse(row.serves) as string[]),
      publicKey: row.public_key,
      passwordSha256: row.password_sha256,
      enrolledMs: row.enrolled_ms,
    }));
  }

  statuses(): readonly TotemStatus[] {
    return this.#sql.all.all().map((row) => ({
      totemId: row.totem_id,
      siteId: row.site_id,
      online: row.online === 1,
      startCount: row.start_count,
      seenMs: row.seen_ms,
      health: row.health === null ? null : readHealth(row.health),
      healthMs: row.health_ms,
      captured: this.#epochs.captured(row.no),
      sums: this.#sql.sums.get(row.no) ?? NO_SUMS,
    }));
  }

  numberOf(totemId: string): number | null {
    return this.#sql.one.get(totemId)?.no ?? null;
  }

  noteStatus(totemId: string, online: boolean, startCount: number, atMs: number): boolean {
    return this.#sql.status.run(online ? 1 : 0, startCount, atMs, totemId, startCount).changes === 1;
  }

  noteHealth(totemId: string, health: Health, atMs: number): void {
    this.#sql.health.run(JSON.stringify(health), atMs, atMs, totemId);
  }

  nextCommandNumber(totemId: string): number {
    const row = this.#sql.command.get(totemId);
    if (row === undefined) throw new Error(`no totem ${totemId}`);
    return row.command_number;
  }

  settingsVersion(totemId: string, sha256: string, nowMs: number): number {
    const row = this.#sql.settings.get({ sha256, floor: minuteOf(nowMs), totemId });
    if (row === undefined) throw new Error(`no totem ${totemId}`);
    return row.settings_version;
  }

  /** Keeps a payload once, while there is room. */
  quarantine(payload: Quarantined): "kept" | "known" | "full" {
    const { pool, sha256 } = payload;
    if (this.#sql.isQuarantined.get(pool, sha256) !== undefined) return "known";
    if ((this.#sql.quarantined.get(pool)?.rows ?? 0) >= QUARANTINE_ROWS_MAX) return "full";
    this.#sql.quarantine.run(payload);
    return "kept";
  }
}

const NO_SUMS: Sums = zeroSums();

/** Health kept by an older gateway may have another shape: then it is simply not known. */
function readHealth(text: string): Health | null {
  const parsed = HEALTH.parse(JSON.parse(text));
  return parsed.ok ? parsed.value : null;
}
