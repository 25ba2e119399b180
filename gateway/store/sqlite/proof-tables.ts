/**
 * The public log in SQLite, and what it is made from: statements, settled votes, corrections published before.
 */
import type Database from "better-sqlite3";
import { canonicalText } from "#schemas/canonical.ts";
import {
  FACES,
  type Face,
  PROFILES,
  REASONS,
  type Reason,
  VERDICTS,
  type Verdict,
} from "#schemas/code-list.ts";
import type { StatementEntry } from "#schemas/entry.ts";
import { dayFromNumber, dayNumber } from "#schemas/local-day.ts";
import { EMPTY_LOG_HEAD, type LogEntry, nextLogHead } from "#schemas/public-log.ts";
import { committedCells, isCommitted } from "#schemas/statement.ts";
import { type NewLine, type Opened, summed, type TotemDay } from "../../proof/totem-day.ts";
import type { FrozenMonth, LoggedTotem, LogLine, OpenedLine } from "../proof-store.ts";
import type { Checkpoint, DaySpan } from "../store.ts";

const COMMITTED = PROFILES.flatMap((profile, at) => (isCommitted(profile) ? [at] : [])).join(", ");
const SETTLED_VERDICTS = (["accepted", "late", "conflict", "expired-late"] as const)
  .map((verdict) => VERDICTS.indexOf(verdict))
  .join(", ");

type SettledRow = {
  readonly service_id: string;
  readonly wording: number;
  readonly face: number;
  readonly reason: number;
  readonly verdict: number;
  readonly committed: 0 | 1;
  readonly votes: number;
};
type LineRow = { readonly no: number; readonly entry: string; readonly head: string };

export class ProofTables {
  readonly #database: Database.Database;
  readonly #sql;

  constructor(database: Database.Database) {
    this.#database = database;
    this.#sql = {
      totems: database.prepare<
        [],
        { totem_id: string; site_id: string; public_key: string; enrolled_ms: number; logged: string | null }
      >(
        `SELECT totem_id, site_id, public_key, enrolled_ms,
           (SELECT entry ->> 'publicKey' FROM public_log WHERE totem_no = totem.no AND kind = 'totem' ORDER BY no DESC LIMIT 1) AS logged
         FROM totem ORDER BY totem_id`,
      ),
      number: database.prepare<[string], { no: number }>("SELECT no FROM totem WHERE totem_id = ?"),
      due: database.prepare<[number, number], { totem_id: string; day: number }>(
        "SELECT totem_id, day FROM log_due JOIN totem ON no = totem_no WHERE day <= ? ORDER BY day, totem_id LIMIT ?",
      ),
      done: database.prepare<[number, number]>("DELETE FROM log_due WHERE totem_no = ? AND day = ?"),
      statement: database.prepare<[number, number], { body: string }>(
        "SELECT body FROM statement WHERE totem_no = ? AND day = ?",
      ),
      settled: database.prepare<[number, number], SettledRow>(
        `SELECT service_id, wording, face, reason, verdict, profile IN (${COMMITTED}) AS committed, sum(votes) AS votes
         FROM settled JOIN place ON place.no = place_no
         WHERE day = ? AND totem_no = ? AND verdict IN (${SETTLED_VERDICTS}) AND service_id <> ''
         GROUP BY 1, 2, 3, 4, 5, 6`,
      ),
      ofDay: database.prepare<[number, number], { kind: string; entry: string; opened: string | null }>(
        "SELECT kind, entry, opened FROM public_log WHERE totem_no = ? AND day = ? AND kind <> 'totem' ORDER BY no",
      ),
      last: database.prepare<[], LineRow>("SELECT no, entry, head FROM public_log ORDER BY no DESC LIMIT 1"),
      put: database.prepare<[number, string, number, number, string, string, string | null]>(
        "INSERT INTO public_log VALUES (?, ?, ?, ?, ?, ?, ?)",
      ),
      lines: database.prepare<[number, number], LineRow>(
        "SELECT no, entry, head FROM public_log WHERE no >= ? ORDER BY no LIMIT ?",
      ),
      opened: database.prepare<
        [number, number],
        { no: number; entry: string; opened: string | null; body: string | null }
      >(
        `SELECT public_log.no, entry, opened, body FROM public_log LEFT JOIN statement USING (totem_no, day)
         WHERE public_log.day >= ? AND public_log.day < ? AND kind <> 'totem' ORDER BY no`,
      ),
      putCheckpoint: database.prepare<[number, string]>(
        "INSERT INTO log_checkpoint VALUES (?, ?) ON CONFLICT DO UPDATE SET checkpoint = excluded.checkpoint",
      ),
      monthProof: database.prepare<[string], { proof: string }>(
        "SELECT proof FROM month_proof WHERE month = ? ORDER BY revision DESC LIMIT 1",
      ),
      putMonthProof: database.prepare<[string, number, string]>("INSERT INTO month_proof VALUES (?, ?, ?)"),
      frozen: database.prepare<[string], FrozenMonth>(
        `SELECT month, revision, figures, csv, csv_excel_it AS csvExcelIt FROM publication
         WHERE month = ? ORDER BY revision DESC LIMIT 1`,
      ),
      freeze: database.prepare<[FrozenMonth]>(
        "INSERT INTO publication VALUES (@month, @revision, @figures, @csv, @csvExcelIt)",
      ),
      checkpoints: database.prepare<[], { checkpoint: string }>(
        "SELECT checkpoint FROM log_checkpoint ORDER BY size",
      ),
    };
  }

  totems(): readonly LoggedTotem[] {
    return this.#sql.totems.all().map((row) => ({
      ...{ totemId: row.totem_id, siteId: row.site_id, publicKey: row.public_key },
      ...{ enrolledMs: row.enrolled_ms, loggedKey: row.logged },
    }));
  }

  due(throughDay: string, limit: number): readonly { readonly totemId: string; readonly day: string }[] {
    return this.#sql.due
      .all(dayNumber(throughDay), limit)
      .map(({ totem_id, day }) => ({ totemId: totem_id, day: dayFromNumber(day) }));
  }

  totemDay(totemId: string, day: string): TotemDay {
    const [no, number] = [this.#numberOf(totemId), dayNumber(day)];
    const body = this.#sql.statement.get(no, number)?.body;
    const before = this.#sql.ofDay.all(no, number);
    const published = (cause: string) =>
      summed(
        before.flatMap(({ entry, opened }) =>
          opened !== null && (JSON.parse(entry) as { cause?: string }).cause === cause
            ? [(JSON.parse(opened) as Opened).cells]
            : [],
        ),
      );
    return {
      ...{ totemId, day },
      statement: body === undefined ? null : (JSON.parse(body) as StatementEntry),
      isStatementPublished: before.some(({ kind }) => kind === "statement"),
      settled: this.#sql.settled.all(number, no).map((row) => ({
        ...{ service: row.service_id, wording: row.wording, face: FACES[row.face] as Face },
        reason: row.reason < 0 ? null : (REASONS[row.reason] as Reason),
        ...{ verdict: VERDICTS[row.verdict] as Verdict, count: row.votes },
        isCommitted: row.committed === 1,
      })),
      published: {
        conflict: published("conflict"),
        "expired-late": published("expired-late"),
        listed: published("listed"),
        difference: published("difference"),
      },
    };
  }

  append(
    about: { readonly totemId: string; readonly day: string; readonly isDone: boolean },
    lines: readonly NewLine[],
  ): void {
    const [totemNo, day] = [this.#numberOf(about.totemId), dayNumber(about.day)];
    const work = () => {
      for (const { entry, opened } of lines) {
        const last = this.#sql.last.get();
        const head = nextLogHead(last?.head ?? EMPTY_LOG_HEAD, entry);
        const secret = opened === null ? null : JSON.stringify(opened);
        const text = canonicalText(entry as never);
        this.#sql.put.run((last?.no ?? 0) + 1, entry.kind, totemNo, day, text, head, secret);
      }
      if (about.isDone) this.#sql.done.run(totemNo, day);
    };
    this.#database.transaction(work).immediate();
  }

  state(): Checkpoint {
    const last = this.#sql.last.get();
    return { size: last?.no ?? 0, hash: last?.head ?? EMPTY_LOG_HEAD };
  }

  lines(fromNo: number, limit: number): readonly LogLine[] {
    return this.#sql.lines
      .all(fromNo, limit)
      .map(({ no, entry, head }) => ({ no, head, entry: JSON.parse(entry) as LogEntry }));
  }

  opened({ fromDay, toDay }: DaySpan): readonly OpenedLine[] {
    return this.#sql.opened.all(dayNumber(fromDay), dayNumber(toDay)).map(({ no, entry, opened, body }) => ({
      no,
      entry: JSON.parse(entry) as LogEntry,
      opened: opened === null ? openedStatement(body) : (JSON.parse(opened) as Opened),
    }));
  }

  putCheckpoint(size: number, text: string): void {
    this.#sql.putCheckpoint.run(size, text);
  }

  monthProof(month: string): string | null {
    return this.#sql.monthProof.get(month)?.proof ?? null;
  }

  putMonthProof(month: string, revision: number, text: string): void {
    this.#sql.putMonthProof.run(month, revision, text);
  }

  frozenMonth(month: string): FrozenMonth | null {
    return this.#sql.frozen.get(month) ?? null;
  }

  freezeMonth(frozen: FrozenMonth): void {
    this.#sql.freeze.run(frozen);
  }

  checkpoints(): readonly string[] {
    return this.#sql.checkpoints.all().map(({ checkpoint }) => checkpoint);
  }

  #numberOf(totemId: string): number {
    const row = this.#sql.number.get(totemId);
    if (row === undefined) throw new Error(`no totem ${totemId}`);
    return row.no;
  }
}

function openedStatement(body: string | null): Opened {
  if (body === null) throw new Error("a published statement is not held");
  const { seed, counts } = JSON.parse(body) as StatementEntry;
  return { seed, cells: committedCells(counts) };
}
