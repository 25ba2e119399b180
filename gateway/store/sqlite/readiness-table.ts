/**
 * Readiness reports of totems' self-tests in SQLite.
 */
import type Database from "better-sqlite3";
import { READINESS_REPORT, type ReadinessReport, SELF_TESTS_KEPT_MAX } from "#schemas/self-test.ts";
import type { KeptReadiness } from "../readiness-store.ts";

export class ReadinessTable {
  readonly #sql;
  readonly #note;

  constructor(database: Database.Database) {
    this.#sql = {
      totem: database.prepare<[string], { no: number }>("SELECT no FROM totem WHERE totem_id = ?"),
      put: database.prepare<[number, number, number, string]>(
        `INSERT INTO readiness (totem_no, started_ms, received_ms, report) VALUES (?, ?, ?, ?)
         ON CONFLICT (totem_no, started_ms) DO NOTHING`,
      ),
      makeRoom: database.prepare<[number, number, number]>(
        `DELETE FROM readiness WHERE totem_no = ? AND no NOT IN
           (SELECT no FROM readiness WHERE totem_no = ? ORDER BY no DESC LIMIT ?)`,
      ),
      all: database.prepare<[number], { received_ms: number; report: string }>(
        "SELECT received_ms, report FROM readiness WHERE totem_no = ? ORDER BY no DESC",
      ),
    };
    this.#note = database.transaction((totemNo: number, report: ReadinessReport, atMs: number) => {
      this.#sql.put.run(totemNo, report.startedMs, atMs, JSON.stringify(report));
      this.#sql.makeRoom.run(totemNo, totemNo, SELF_TESTS_KEPT_MAX);
    });
  }

  /** Keeps a report once; one of a totem that is not registered is nobody's. */
  note(report: ReadinessReport, atMs: number): void {
    const totem = this.#sql.totem.get(report.totemId);
    if (totem !== undefined) this.#note.immediate(totem.no, report, atMs);
  }

  /** The latest that came first. What an older gateway kept in another shape is left out. */
  of(totemId: string): readonly KeptReadiness[] | null {
    const totem = this.#sql.totem.get(totemId);
    if (totem === undefined) return null;
    return this.#sql.all.all(totem.no).flatMap(({ received_ms, report }) => {
      const parsed = READINESS_REPORT.parse(JSON.parse(report));
      return parsed.ok ? [{ receivedMs: received_ms, report: parsed.value }] : [];
    });
  }
}
