/**
 * The log of all that people and tokens did, in SQLite. It is only ever added to: the database itself refuses to change an entry, or to delete
 * one before its term.
 */
import type Database from "better-sqlite3";
import type { Deed, DeedKind, LoggedDeed } from "../account-store.ts";

type DeedRow = {
  readonly no: number;
  readonly at_ms: number;
  readonly token_id: string;
  readonly name: string;
  readonly kind: DeedKind;
  readonly what: string;
};

export class DeedLog {
  readonly #sql;

  constructor(database: Database.Database) {
    this.#sql = {
      put: database.prepare(
        "INSERT INTO access (at_ms, token_id, name, kind, what) VALUES (@atMs, @byId, @byName, @kind, @what)",
      ),
      page: database.prepare<[number, number], DeedRow>(
        "SELECT * FROM access WHERE no < ? ORDER BY no DESC LIMIT ?",
      ),
    };
  }

  add(deed: Deed): void {
    this.#sql.put.run(deed);
  }

  page({
    beforeNo,
    limit,
  }: {
    readonly beforeNo: number | null;
    readonly limit: number;
  }): readonly LoggedDeed[] {
    return this.#sql.page.all(beforeNo ?? Number.MAX_SAFE_INTEGER, limit).map((row) => ({
      no: row.no,
      atMs: row.at_ms,
      kind: row.kind,
      byId: row.token_id,
      byName: row.name,
      what: row.what,
    }));
  }
}
