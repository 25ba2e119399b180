/**
 * Finds entries that can no longer be sent because they are gone or no longer hash to their head, and takes them off
 * the list of what is waiting. They are declared lost with the next entry; nothing is lost quietly.
 */
import { nextHead, textHash } from "#schemas/chain.ts";
import { addRange, gaps, type Range } from "#schemas/ranges.ts";
import type { EntryChain } from "./entry-chain.ts";
import type { Receipts } from "./receipts.ts";
import type { EpochRow, Statements } from "./statements.ts";

/** Epochs looked through at a start; more open ones than any totem has, and each costs two short queries. */
const EPOCHS_MAX = 100_000;

/** Looks through everything not yet receipted. Runs in a transaction; returns how many entries were given up. */
export function settleAllDamage(
  sql: Statements,
  receipts: Receipts,
  chain: EntryChain,
  atMs: number,
): number {
  return sql.openEpochs
    .all(EPOCHS_MAX)
    .reduce((sum, row) => sum + settleDamage(sql, receipts, chain, row, atMs), 0);
}

/** The same for one epoch. */
export function settleDamage(
  sql: Statements,
  receipts: Receipts,
  chain: EntryChain,
  row: EpochRow,
  atMs: number,
): number {
  let given = 0;
  for (const gap of gaps(receipts.rangesOf(row), 1, row.last)) {
    for (const run of unsendable(sql, chain, row, gap)) {
      receipts.mark(row, run, atMs);
      sql.putDamage.run(row.ordinal, run.first, run.last);
      given += run.last - run.first + 1;
    }
  }
  return given;
}

/** The runs of a gap that no batch can carry: missing, changed, or behind a head that is missing. */
function unsendable(sql: Statements, chain: EntryChain, row: EpochRow, gap: Range): readonly Range[] {
  let head = chain.headBefore(row, gap.first);
  let next = gap.first;
  let bad: readonly Range[] = [];
  for (const { seq, body, head: own } of sql.entries.iterate(row.ordinal, gap.first, gap.last)) {
    if (seq > next) {
      bad = addRange(bad, { first: next, last: seq - 1 });
      head = null;
    }
    const isSound = head !== null && nextHead(head, textHash(body)).equals(own);
    if (!isSound) bad = addRange(bad, { first: seq, last: seq });
    head = own;
    next = seq + 1;
  }
  return next <= gap.last ? addRange(bad, { first: next, last: gap.last }) : bad;
}
