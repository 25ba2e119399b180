/**
 * The limit of every commit we make: one row by better-sqlite3, `synchronous=FULL`, on the same disk.
 */
import { join } from "node:path";
import Database from "better-sqlite3";

export type BareInsert = {
  /** Inserts a row of this text in a transaction of its own; gives the milliseconds until it was on the disk. */
  readonly timed: (text: string) => number;
  readonly close: () => void;
};

export function openBareInsert(dir: string): BareInsert {
  const database = new Database(join(dir, "bare.db"));
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  database.exec("CREATE TABLE row (no INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT");
  const put = database.prepare<[string]>("INSERT INTO row (body) VALUES (?)");
  return {
    timed: (text) => {
      const startMs = performance.now();
      put.run(text);
      return performance.now() - startMs;
    },
    close: () => database.close(),
  };
}
