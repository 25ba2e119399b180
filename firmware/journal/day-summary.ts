/**
 * Which entries a daily statement covers, and what it says of them. Entries are taken in the order they were written; each belongs to
 * the day its clock tells, or its boot's monotonic clock, else to the day the time returned on; none to an earlier day than the one
 * before it. Pure.
 */
import type { Entry, EntryKind, RefusalsEntry, StatementEntry, VoteEntry } from "#schemas/entry.ts";
import { REFUSAL_LINES_MAX, STATEMENT_EPOCHS_MAX, STATEMENT_LINES_MAX } from "#schemas/entry.ts";
import { type LocalDay, localDayOf } from "#schemas/local-day.ts";
import type { EntryTime } from "#schemas/time.ts";

/** An entry as it lies in the journal. */
export type WrittenEntry = {
  readonly ordinal: number;
  readonly epoch: string;
  readonly seq: number;
  /** The chain's head after it, in hex. */
  readonly head: string;
  /** Null for one that can no longer be read: it is declared lost elsewhere and counted by nobody. */
  readonly entry: Entry | null;
};

/** What a statement says of its entries. */
export type DaySummary = Pick<StatementEntry, "epochs" | "counts" | "refusals">;

/** The local day of each entry. @param now a trusted moment after all of them. */
export function daysOf(entries: readonly WrittenEntry[], now: EntryTime, zone: string): readonly LocalDay[] {
  const offsets = new Map([[now.bootId, offsetMs(now)]]);
  for (const { entry } of entries) {
    if (entry?.time.clock === "trusted" && !offsets.has(entry.time.bootId)) {
      offsets.set(entry.time.bootId, offsetMs(entry.time));
    }
  }
  let returned = localDayOf(now.wallMs, zone);
  const days = entries
    .toReversed()
    .map(({ entry }) => {
      if (entry === null) return returned;
      const { time } = entry;
      const offset = offsets.get(time.bootId);
      if (time.clock === "trusted") returned = localDayOf(time.wallMs, zone);
      else if (offset !== undefined) returned = localDayOf(offset + time.monotonicUs / 1_000, zone);
      return returned;
    })
    .toReversed();
  let latest = "";
  return days.map((day) => {
    if (day > latest) latest = day;
    return latest;
  });
}

/**
 * How many of the first entries a statement of a day covers: all up to the end of that day, as far as one statement has room. The rest is
 * covered by the next.
 */
export function coveredBy(
  day: LocalDay,
  entries: readonly WrittenEntry[],
  days: readonly LocalDay[],
): number {
  const epochs = new Set<string>();
  const lines = new Set<string>();
  for (const [at, { epoch, entry }] of entries.entries()) {
    epochs.add(epoch);
    if (entry?.kind === "vote") lines.add(lineName(entry));
    const isFull = epochs.size > STATEMENT_EPOCHS_MAX || lines.size > STATEMENT_LINES_MAX;
    if ((days[at] ?? "") > day || isFull) return at;
  }
  return entries.length;
}

/** What a statement says of the entries it covers. Lines are in the order of their names: the order of votes is nobody's business. */
export function summaryOf(entries: readonly WrittenEntry[]): DaySummary {
  const epochs = new Map<number, DaySummary["epochs"][number]>();
  for (const { ordinal, epoch, seq, head } of entries) {
    epochs.set(ordinal, { epoch, first: epochs.get(ordinal)?.first ?? seq, last: seq, head });
  }
  return {
    epochs: [...epochs.values()],
    counts: countsOf(kindOf<VoteEntry>(entries, "vote")),
    refusals: refusalsOf(kindOf<RefusalsEntry>(entries, "refusals")),
  };
}

function countsOf(votes: readonly VoteEntry[]): DaySummary["counts"] {
  const lines = Map.groupBy(votes, lineName);
  return [...lines]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([, alike]) => {
      const [first] = alike;
      if (first === undefined) return [];
      const { service, wording, face, reason, ticket, mode } = first;
      return [{ service, wording, face, reason, profile: ticket.profile, mode, count: alike.length }];
    });
}

function refusalsOf(entries: readonly RefusalsEntry[]): DaySummary["refusals"] {
  const counts = new Map<RefusalsEntry["counts"][number]["reason"], number>();
  for (const { reason, count } of entries.flatMap((entry) => entry.counts.slice(0, REFUSAL_LINES_MAX))) {
    counts.set(reason, (counts.get(reason) ?? 0) + count);
  }
  return [...counts]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([reason, count]) => ({ reason, count }));
}

function kindOf<E extends Entry>(entries: readonly WrittenEntry[], kind: EntryKind): readonly E[] {
  return entries.flatMap(({ entry }) => (entry?.kind === kind ? [entry as E] : []));
}

function lineName({ service, wording, face, reason, ticket, mode }: VoteEntry): string {
  return [service, wording, face, reason, ticket.profile, mode].join("/");
}

function offsetMs({ wallMs, monotonicUs }: EntryTime): number {
  return wallMs - monotonicUs / 1_000;
}
