/**
 * Reads a run of entries as a signed batch. Checks the chain while reading: what was damaged since it was written is
 * never signed.
 */
import { nextHead, textHash } from "#schemas/chain.ts";
import { BATCH_BYTES_MAX, BATCH_ENTRIES_MAX } from "#schemas/limits.ts";
import type { Range } from "#schemas/ranges.ts";
import { type SigningKey, signText } from "#schemas/signature.ts";
import type { SignedBatch } from "../ports.ts";
import type { EntryRow, EpochRow, Statements } from "./statements.ts";

/** Everything around `entries` in the largest batch: ids, numbers, two heads and the signature. */
export const ENVELOPE_BYTES = 600;

/** A signed batch of entries from `run.first` on as far as the limits allow, or null when that entry is not held. */
export function readSignedBatch(
  sql: Statements,
  row: EpochRow,
  run: Range,
  from: { readonly previousHead: Buffer | null; readonly key: SigningKey },
): SignedBatch | null {
  if (from.previousHead === null) return null;
  const upTo = Math.min(run.last, run.first + BATCH_ENTRIES_MAX - 1);
  const taken = soundPrefix(sql.entries.all(row.ordinal, run.first, upTo), run.first, from.previousHead);
  const last = taken.at(-1);
  if (last === undefined) return null;
  // Keys in canonical order; bodies are canonical already, so this text is what both sides sign and check.
  const unsigned = `{"entries":[${taken.map((e) => e.body).join(",")}],"epoch":"${row.epoch}","first":${run.first},"head":"${last.head.toString("hex")}","last":${last.seq},"previousHead":"${from.previousHead.toString("hex")}"}`;
  const signature = signText("entries", unsigned, from.key);
  return {
    epoch: row.epoch,
    first: run.first,
    last: last.seq,
    text: `${unsigned.slice(0, -1)},"signature":"${signature}"}`,
  };
}

/** The entries from `first` on that follow each other, hash to their heads and fit into one batch. */
function soundPrefix(entries: readonly EntryRow[], first: number, previousHead: Buffer): readonly EntryRow[] {
  const taken: EntryRow[] = [];
  let head = previousHead;
  let bytes = ENVELOPE_BYTES;
  for (const [index, entry] of entries.entries()) {
    bytes += Buffer.byteLength(entry.body) + 1;
    if (entry.seq !== first + index || bytes > BATCH_BYTES_MAX) break;
    head = nextHead(head, textHash(entry.body));
    if (!head.equals(entry.head)) break;
    taken.push(entry);
  }
  return taken;
}
