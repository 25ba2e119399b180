/**
 * Writes the statement of the first day that has none yet. Runs inside the journal's transactions: what a statement covers and the
 * place up to which days are stated change together.
 */
import { canonicalText } from "#schemas/canonical.ts";
import { type Entry, parseEntry } from "#schemas/entry.ts";
import { addDays, type LocalDay, localClock, localDayOf } from "#schemas/local-day.ts";
import type { Receipt } from "#schemas/messages.ts";
import type { SigningKey } from "#schemas/signature.ts";
import { signedStatement } from "#schemas/statement.ts";
import type { StatementRequest } from "../journal-terms.ts";
import { coveredBy, daysOf, summaryOf, type WrittenEntry } from "./day-summary.ts";
import type { EntryChain } from "./entry-chain.ts";
import type { Statements } from "./statements.ts";

/** Where the journal keeps the last stated day, and up to which entry it goes. */
export const KEPT_STATED = "stated";
/** Where the journal keeps the latest state of the gateway's public log that a receipt told. */
export const KEPT_CHECKPOINT = "checkpoint";

/** Minutes after midnight before the day before is stated: the last session is over, its draft sealed and its refusals written. */
export const STATED_FROM_MINUTE = 10;

/** Entries in one statement: ten times the busiest totem's day, and a few MB while they are read. The rest is in the next one. */
export const STATED_ENTRIES_MAX = 10_000;

type Stated = { readonly day: LocalDay; readonly ordinal: number; readonly seq: number };

export type StatingParts = {
  readonly sql: Statements;
  readonly chain: EntryChain;
  readonly totemId: string;
  readonly key: SigningKey;
};

/** @returns the day that was stated, or null when none is due. */
export function stateNextDay(parts: StatingParts, request: StatementRequest): LocalDay | null {
  const { sql, chain, totemId, key } = parts;
  const { time, zone, uptimeMinutes, seed } = request;
  const isMorning = localClock(time.wallMs, zone).minuteOfDay >= STATED_FROM_MINUTE;
  const lastOver = addDays(localDayOf(time.wallMs, zone), isMorning ? -1 : -2);
  const before = statedUpTo(sql) ?? beginning(parts, request);
  const day = addDays(before.day, 1);
  if (day > lastOver) return null;
  const written = readAfter(sql, before);
  const covered = written.slice(0, coveredBy(day, written, daysOf(written, time, zone)));
  const checkpoint = JSON.parse(sql.kept.get(KEPT_CHECKPOINT)?.value ?? "null") as Receipt["checkpoint"];
  const statement = signedStatement(
    totemId,
    {
      ...{ kind: "statement", time, day, ...summaryOf(covered) },
      ...{ uptimeMinutes: uptimeMinutes[day] ?? 0, checkpoint, seed },
    },
    key,
  );
  chain.append(canonicalText(statement), time);
  const end = covered.at(-1);
  const stated: Stated = { day, ordinal: end?.ordinal ?? before.ordinal, seq: end?.seq ?? before.seq };
  sql.keep.run(KEPT_STATED, JSON.stringify(stated));
  return day;
}

/** The place up to which days are stated; null before the first statement. */
export function statedUpTo(sql: Statements): Stated | null {
  const text = sql.kept.get(KEPT_STATED)?.value;
  return text === undefined ? null : (JSON.parse(text) as Stated);
}

/** Statements begin with the day of the oldest entry; of a totem that has written nothing yet, with the day it is first asked on. */
function beginning({ sql }: StatingParts, { time, zone }: StatementRequest): Stated {
  const nowhere = { ordinal: 0, seq: 0 };
  const written = readAfter(sql, { day: "", ...nowhere });
  const first = daysOf(written, time, zone)[0] ?? localDayOf(time.wallMs, zone);
  const before: Stated = { day: addDays(first, -1), ...nowhere };
  sql.keep.run(KEPT_STATED, JSON.stringify(before));
  return before;
}

function readAfter(sql: Statements, { ordinal, seq }: Stated): readonly WrittenEntry[] {
  return sql.entriesAfter
    .all(ordinal, ordinal, seq, STATED_ENTRIES_MAX)
    .map((row) => ({ ...row, head: row.head.toString("hex"), entry: entryIn(row.body) }));
}

function entryIn(body: string): Entry | null {
  try {
    const parsed = parseEntry(JSON.parse(body));
    return parsed.ok ? parsed.value : null;
  } catch {
    return null;
  }
}
