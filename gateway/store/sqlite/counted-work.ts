/**
 * Runs work on votes in one transaction with the counters and sums it changes: all of it is stored or nothing.
 */
import type Database from "better-sqlite3";
import { SUM_COLUMNS } from "#schemas/sums.ts";
import { CountDeltas, SumDeltas, VoteTally } from "../../rollups/counts.ts";
import type { Changes } from "./changes.ts";
import type { Clocks } from "./clocks.ts";
import type { Closing } from "./closing.ts";
import type { Counters } from "./counters.ts";

export class CountedWork {
  readonly #database: Database.Database;
  readonly #counters: Counters;
  readonly #clocks: Clocks;
  readonly #closing: Closing;
  readonly #sums;

  constructor(database: Database.Database, counters: Counters, clocks: Clocks, closing: Closing) {
    this.#database = database;
    this.#counters = counters;
    this.#clocks = clocks;
    this.#closing = closing;
    this.#sums = database.prepare(
      `INSERT INTO totem_count (totem_no, ${SUM_COLUMNS.join(", ")})
       VALUES (@totemNo, ${SUM_COLUMNS.map((c) => `@${c}`).join(", ")})
       ON CONFLICT DO UPDATE SET ${SUM_COLUMNS.map((c) => `${c} = ${c} + excluded.${c}`).join(", ")}`,
    );
  }

  run<T>(work: (changes: Changes) => T): T {
    const whole = () => {
      const lastClosed = this.#closing.lastClosed();
      const changes: Changes = {
        ...{ votes: new VoteTally(), counts: new CountDeltas(), sums: new SumDeltas() },
        lastClosed,
      };
      const outcome = work(changes);
      // Late ones are counts before anybody can have seen them as anything else.
      if (Number.isFinite(lastClosed)) while (this.#closing.scrubVotes(lastClosed).votes > 0);
      changes.votes.addTo(changes.counts, changes.sums);
      this.#counters.apply(changes.counts);
      for (const { totemNo, sums } of changes.sums.rows()) this.#sums.run({ totemNo, ...sums });
      return outcome;
    };
    try {
      return this.#database.transaction(whole).immediate();
    } catch (error) {
      // What was remembered of a transaction that was rolled back never was.
      this.#counters.forget();
      this.#clocks.forget();
      throw error;
    }
  }
}
