/**
 * Messages about alarms in SQLite.
 */
import type Database from "better-sqlite3";
import type { Channel, Delivery, Message } from "../delivery-store.ts";

type Row = {
  readonly no: number;
  readonly key: string;
  readonly channel: Channel;
  readonly subject: string;
  readonly body: string;
  readonly created_ms: number;
  readonly next_ms: number | null;
  readonly tries: number;
  readonly done_ms: number | null;
  readonly error: string | null;
};

/** Longest reason kept: the first line of what a server said. */
const ERROR_MAX = 200;

export class DeliveryTable {
  readonly #sql;

  constructor(database: Database.Database) {
    this.#sql = {
      put: database.prepare<[Message]>(
        `INSERT INTO delivery (key, channel, subject, body, created_ms, next_ms)
         VALUES (@key, @channel, @subject, @body, @createdMs, @nextMs) ON CONFLICT DO NOTHING`,
      ),
      due: database.prepare<[number, number], Row>(
        "SELECT * FROM delivery WHERE next_ms <= ? ORDER BY no LIMIT ?",
      ),
      delivered: database.prepare<[number, number]>(
        "UPDATE delivery SET done_ms = ?, next_ms = NULL, tries = tries + 1, error = NULL WHERE no = ?",
      ),
      undelivered: database.prepare<[number | null, string, number]>(
        "UPDATE delivery SET next_ms = ?, error = ?, tries = tries + 1 WHERE no = ?",
      ),
      latest: database.prepare<[number], Row>("SELECT * FROM delivery ORDER BY no DESC LIMIT ?"),
    };
  }

  queue(message: Message): boolean {
    return this.#sql.put.run(message).changes === 1;
  }

  due(nowMs: number, limit: number): readonly Delivery[] {
    return this.#sql.due.all(nowMs, limit).map(deliveryOf);
  }

  delivered(no: number, atMs: number): void {
    this.#sql.delivered.run(atMs, no);
  }

  undelivered(no: number, error: string, nextMs: number | null): void {
    this.#sql.undelivered.run(nextMs, error.split("\n")[0]?.slice(0, ERROR_MAX) ?? "", no);
  }

  latest(limit: number): readonly Delivery[] {
    return this.#sql.latest.all(limit).map(deliveryOf);
  }
}

function deliveryOf(row: Row): Delivery {
  const { no, key, channel, subject, body, tries, error } = row;
  return {
    ...{ no, key, channel, subject, body, tries, error },
    ...{ createdMs: row.created_ms, nextMs: row.next_ms, doneMs: row.done_ms },
  };
}
