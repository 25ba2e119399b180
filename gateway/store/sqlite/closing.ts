/**
 * Closes days in SQLite (promise 8). A vote of a closed day becomes one more in a count by the hour; its row, its batch and what could
 * not be verified go. Freed pages are overwritten (`secure_delete`), and the log is cut to nothing.
 */
import { setImmediate as turn } from "node:timers/promises";
import type Database from "better-sqlite3";
import { BATCH_ENTRIES_MAX } from "#schemas/limits.ts";
import { dayFromNumber, dayNumber } from "#schemas/local-day.ts";
import { HOUR_MS } from "#schemas/time.ts";
import type { Closed } from "../closing-store.ts";
import { AFTER_HOURS_BIT } from "./vote-changes.ts";

/** Votes in one bite: some ten milliseconds, in which nothing else is stored. */
const BITE_VOTES = 500;

/** Rows of other tables in one bite, for the same reason. */
const BITE_ROWS = 500;

/** Beyond every day of a vote. */
const LAST_DAY = Number.MAX_SAFE_INTEGER;

type VoteKey = { readonly no: number; readonly epoch_no: number; readonly seq: number };

export class Closing {
  readonly #database: Database.Database;
  readonly #sql;

  constructor(database: Database.Database) {
    this.#database = database;
    this.#sql = {
      begun: database.prepare<[], { day: number | null }>("SELECT max(day) AS day FROM closing"),
      scrubbed: database.prepare<[], { day: number | null }>(
        "SELECT max(day) AS day FROM closing WHERE scrubbed_ms IS NOT NULL",
      ),
      begin: database.prepare<[number, number]>(
        "INSERT INTO closing (day, closed_ms) VALUES (?, ?) ON CONFLICT DO NOTHING",
      ),
      finish: database.prepare<[number, number]>(
        "UPDATE closing SET scrubbed_ms = ? WHERE scrubbed_ms IS NULL AND day <= ?",
      ),
      votes: database.prepare<[number], VoteKey>(
        `SELECT no, epoch_no, seq FROM vote WHERE day <= ? LIMIT ${BITE_VOTES}`,
      ),
      settle: database.prepare<[number]>(
        `INSERT INTO settled SELECT day, totem_no, hour, place_no, wording, face, coalesce(reason, -1), profile, verdict, uncertain,
           (flags & ${AFTER_HOURS_BIT}) <> 0, 1 FROM vote JOIN epoch ON epoch.no = epoch_no WHERE vote.no = ?
         ON CONFLICT DO UPDATE SET votes = votes + 1`,
      ),
      due: database.prepare<[number]>(
        `INSERT INTO log_due SELECT day, totem_no FROM vote JOIN epoch ON epoch.no = epoch_no WHERE vote.no = ?
         ON CONFLICT DO NOTHING`,
      ),
      dropVote: database.prepare<[number]>("DELETE FROM vote WHERE no = ?"),
      dropBatches: database.prepare<[{ epochNo: number; seq: number }]>(
        `DELETE FROM batch WHERE epoch_no = @epochNo AND first BETWEEN @seq - ${BATCH_ENTRIES_MAX - 1} AND @seq AND last >= @seq`,
      ),
      emptyPayloads: database.prepare(
        `UPDATE quarantine SET payload = x'' WHERE no IN
           (SELECT no FROM quarantine WHERE length(payload) > 0 LIMIT ${BITE_ROWS})`,
      ),
      emptyBodies: database.prepare(
        `UPDATE rejected SET body = NULL WHERE (epoch_no, seq) IN
           (SELECT epoch_no, seq FROM rejected WHERE body IS NOT NULL LIMIT ${BITE_ROWS})`,
      ),
      dropListed: database.prepare<[number]>("DELETE FROM listed WHERE day < ?"),
      // Moments an epoch began and ended with may be those of votes. What is known of others through them only grows wider.
      roundEpochs: database.prepare(
        `UPDATE epoch SET first_trusted_ms = (first_trusted_ms + ${HOUR_MS - 1}) / ${HOUR_MS} * ${HOUR_MS},
           last_trusted_ms = last_trusted_ms / ${HOUR_MS} * ${HOUR_MS}
         WHERE first_trusted_ms % ${HOUR_MS} <> 0 OR last_trusted_ms % ${HOUR_MS} <> 0`,
      ),
      // A totem's latest boot still tells the time of what comes next.
      dropBoots: database.prepare(
        `DELETE FROM boot WHERE no NOT IN (SELECT boot_no FROM vote) AND no NOT IN (SELECT boot_no FROM uncertain_refusal)
           AND no NOT IN (SELECT max(no) FROM boot GROUP BY totem_no)`,
      ),
    };
  }

  /** The last day of which votes are late, as its number; below all days when none is closed. */
  lastClosed(): number {
    return this.#sql.begun.get()?.day ?? Number.NEGATIVE_INFINITY;
  }

  closedThrough(): string | null {
    const day = this.#sql.scrubbed.get()?.day ?? null;
    return day === null ? null : dayFromNumber(day);
  }

  /** Makes counts of votes of closed days, as many as one bite. Part of the caller's transaction. */
  scrubVotes(lastClosed: number): Pick<Closed, "votes" | "batches"> {
    const rows = this.#sql.votes.all(lastClosed);
    let batches = 0;
    for (const { no, epoch_no, seq } of rows) {
      this.#sql.settle.run(no);
      this.#sql.due.run(no);
      this.#sql.dropVote.run(no);
      batches += this.#sql.dropBatches.run({ epochNo: epoch_no, seq }).changes;
    }
    return { votes: rows.length, batches };
  }

  /** @param onBoots called when boots were deleted: who remembers their numbers must forget them. */
  async closeThrough(day: string, atMs: number, onBoots: () => void): Promise<Closed> {
    const last = dayNumber(day);
    this.#sql.begin.run(last, atMs);
    const lastClosed = this.lastClosed();
    const closed = await this.#scrub(lastClosed, lastClosed);
    onBoots();
    this.#cutLog();
    this.#sql.finish.run(atMs, last);
    return closed;
  }

  /** Makes of a copy what a backup may hold: of all votes, also of open days, counts by the hour are left. */
  async scrubCopy(): Promise<void> {
    await this.#scrub(LAST_DAY, this.lastClosed());
    this.#cutLog();
    // A copy that is put back must not open again what was ended since.
    this.#database.exec("DELETE FROM session; DELETE FROM link");
  }

  /** @param listedBefore receipts listed of days before this one are forgotten. */
  async #scrub(throughDay: number, listedBefore: number): Promise<Closed> {
    const closed = { votes: 0, batches: 0, payloads: 0 };
    for (let votes = BITE_VOTES; votes === BITE_VOTES; ) {
      const bite = this.#database.transaction(() => this.scrubVotes(throughDay)).immediate();
      votes = bite.votes;
      closed.votes += bite.votes;
      closed.batches += bite.batches;
      await turn();
    }
    closed.payloads += await emptied(this.#sql.emptyPayloads);
    closed.payloads += await emptied(this.#sql.emptyBodies);
    this.#database
      .transaction(() => {
        this.#sql.roundEpochs.run();
        this.#sql.dropListed.run(listedBefore);
        this.#sql.dropBoots.run();
      })
      .immediate();
    return closed;
  }

  /** Old pages also lie in the write-ahead log until it is cut. @throws while another process reads on: tried again later. */
  #cutLog(): void {
    const [cut] = this.#database.pragma("wal_checkpoint(TRUNCATE)") as { busy: number }[];
    if (cut?.busy === 1) throw new Error("the write-ahead log cannot be cut while another process reads it");
  }
}

async function emptied(bite: Database.Statement<[]>): Promise<number> {
  for (let total = 0; ; ) {
    const { changes } = bite.run();
    total += changes;
    await turn();
    if (changes < BITE_ROWS) return total;
  }
}
