/**
 * Daily statements in SQLite, as they come: the first of a totem's day stands. Part of the ingest transaction; whether it is signed as the
 * public log needs it is looked at when it is published.
 */
import type Database from "better-sqlite3";
import { canonicalText } from "#schemas/canonical.ts";
import type { StatementEntry } from "#schemas/entry.ts";
import { dayNumber } from "#schemas/local-day.ts";

export class StatedDays {
  readonly #sql;

  constructor(database: Database.Database) {
    this.#sql = {
      put: database.prepare<[number, number, string]>(
        "INSERT INTO statement VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
      ),
      due: database.prepare<[number, number]>("INSERT INTO log_due VALUES (?, ?) ON CONFLICT DO NOTHING"),
    };
  }

  put(statement: StatementEntry, totemNo: number): void {
    const day = dayNumber(statement.day);
    this.#sql.put.run(totemNo, day, canonicalText(statement));
    this.#sql.due.run(day, totemNo);
  }
}
