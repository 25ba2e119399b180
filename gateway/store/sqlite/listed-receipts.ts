/**
 * Marks of receipts that a queue system says it gave out, in SQLite: a vote by a receipt's shape alone counts once its mark is among them.
 */
import type Database from "better-sqlite3";
import { VERDICTS } from "#schemas/code-list.ts";
import { dayNumber } from "#schemas/local-day.ts";
import type { SiteSettings } from "#schemas/messages.ts";
import { placementOf } from "../../settle/placement.ts";
import { verdictAnew } from "../../settle/verdict.ts";
import type { ListedReceipt } from "../listed-store.ts";
import type { Changes } from "./changes.ts";
import type { Clocks } from "./clocks.ts";
import type { VoteChanges } from "./vote-changes.ts";

type TicketRules = SiteSettings["ticketRules"];

const UNVERIFIED = VERDICTS.indexOf("unverified");

export class ListedReceipts {
  readonly #clocks: Clocks;
  readonly #changing: VoteChanges;
  readonly #sql;

  constructor(database: Database.Database, clocks: Clocks, changing: VoteChanges) {
    this.#clocks = clocks;
    this.#changing = changing;
    this.#sql = {
      put: database.prepare<[Buffer, number]>("INSERT INTO listed VALUES (?, ?) ON CONFLICT DO NOTHING"),
      holds: database.prepare<[Buffer], { day: number }>("SELECT day FROM listed WHERE mark = ?"),
      waiting: database.prepare<[Buffer], { no: number }>(
        `SELECT no FROM vote WHERE mark = ? AND verdict = ${UNVERIFIED} ORDER BY no`,
      ),
    };
  }

  holds(mark: Buffer): boolean {
    return this.#sql.holds.get(mark) !== undefined;
  }

  /** @returns whether the receipt is news. */
  list({ mark, day }: ListedReceipt, rules: TicketRules, nowMs: number, changes: Changes): boolean {
    const bytes = Buffer.from(mark, "hex");
    if (this.#sql.put.run(bytes, dayNumber(day)).changes === 0) return false;
    for (const { no } of this.#sql.waiting.all(bytes)) this.#settle(no, rules, nowMs, changes);
    return true;
  }

  #settle(no: number, rules: TicketRules, nowMs: number, changes: Changes): void {
    const row = this.#changing.row(no);
    const { mark, minute, hour, day } = row;
    // A totem with trusted time judged the receipt's own time itself.
    const verdict =
      row.trusted === 1
        ? "accepted"
        : verdictAnew(
            "accepted",
            minute,
            placementOf(
              { wallMs: 0, monotonicUs: row.monotonic_us, clock: "untrusted" },
              row.offset_ms,
              this.#clocks.bounds(row.totem_no, { no: row.epoch_no, ordinal: row.ordinal }, nowMs),
            ),
            rules,
          );
    const settled = this.#changing.claimed(verdict, mark, day);
    this.#changing.change(
      row,
      { slot: { hour, day }, verdict: settled, uncertain: row.uncertain === 1 },
      changes,
    );
  }
}
