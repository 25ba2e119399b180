/**
 * Counts refusals until they are written as one entry, at most one a minute. A lone refusal is
 * written at once; only a rush waits, so a power cut costs at most a minute of counts. Pure.
 */
import type { Refusal } from "#schemas/code-list.ts";
import { REFUSAL_LINES_MAX, type RefusalsEntry } from "#schemas/entry.ts";
import { MINUTE_MS } from "#schemas/time.ts";

export type RefusalTally = {
  readonly counts: RefusalsEntry["counts"];
  /** When the last entry was written, in monotonic milliseconds. */
  readonly writtenAtMs: number;
};

export const NO_REFUSALS: RefusalTally = { counts: [], writtenAtMs: Number.NEGATIVE_INFINITY };

/** One more refusal. A service beyond the entry's room is counted without its name rather than not at all. */
export function tallied(
  tally: RefusalTally,
  refusal: Refusal,
  service: string | null,
  count = 1,
): RefusalTally {
  const same = (line: RefusalsEntry["counts"][number], name: string | null) =>
    line.reason === refusal && line.service === name;
  // Ten lines stay free for the reasons without a service.
  const known = tally.counts.some((line) => same(line, service));
  const name = known || tally.counts.length < REFUSAL_LINES_MAX - 10 ? service : null;
  const counts = tally.counts.some((line) => same(line, name))
    ? tally.counts.map((line) => (same(line, name) ? { ...line, count: line.count + count } : line))
    : [...tally.counts, { reason: refusal, service: name, count }];
  return { ...tally, counts };
}

/** When the tally must be written, or null when there is nothing to write. */
export function tallyDueMs(tally: RefusalTally): number | null {
  return tally.counts.length === 0 ? null : tally.writtenAtMs + MINUTE_MS;
}

/** The tally after it was written. */
export function tallyWritten(atMs: number): RefusalTally {
  return { counts: [], writtenAtMs: atMs };
}

/** The tally when writing it failed: what was counted is counted on. */
export function tallyReturned(tally: RefusalTally, counts: RefusalsEntry["counts"]): RefusalTally {
  return counts.reduce((so, line) => tallied(so, line.reason, line.service, line.count), tally);
}
