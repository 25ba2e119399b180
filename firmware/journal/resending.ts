/**
 * What a gateway that lost something can get back: what is still held becomes pending again, what is not is declared
 * lost. Runs inside the journal's transactions.
 */
import type { EntryTime } from "#schemas/time.ts";
import { settleDamage } from "./damage.ts";
import type { EntryChain } from "./entry-chain.ts";
import type { Receipts } from "./receipts.ts";
import type { EpochRow, Statements } from "./statements.ts";

/** Up to which epoch the losses before it were declared, so that a request repeated declares them once. */
const KEPT_DECLARED = "declared-before";

export type Resending = {
  readonly sql: Statements;
  readonly receipts: Receipts;
  readonly chain: EntryChain;
};

/** Entries of an epoch from `from` on are to be sent again. */
export function resendEntries(parts: Resending, row: EpochRow, from: number, time: EntryTime): void {
  // With an epoch's first entry its gateway loses the way to all epochs before: it cannot know what to ask for.
  if (from === 1 && row.pruned_to > 0) resendPredecessors(parts, row, time);
  resendHeld(parts, row, from, time);
}

/** All of the epochs before, as far as they are remembered. A gateway that holds some of it counts nothing twice. */
function resendPredecessors(parts: Resending, row: EpochRow, time: EntryTime): void {
  const { sql } = parts;
  if (row.ordinal <= Number(sql.kept.get(KEPT_DECLARED)?.value ?? 0)) return;
  for (const before of sql.epochsBefore.all(row.ordinal)) resendHeld(parts, before, 1, time);
  sql.keep.run(KEPT_DECLARED, String(row.ordinal));
}

function resendHeld({ sql, receipts, chain }: Resending, row: EpochRow, from: number, time: EntryTime): void {
  const { epoch, pruned_to: prunedTo } = row;
  if (from <= prunedTo) chain.appendLost({ epoch, first: from, last: prunedTo, cause: "pruned" }, time);
  receipts.forgetFrom(row, Math.max(from, prunedTo + 1));
  // The declaration may stand in the very epoch that is asked for.
  settleDamage(sql, receipts, chain, sql.epoch.get(epoch) ?? row, time.wallMs);
}
