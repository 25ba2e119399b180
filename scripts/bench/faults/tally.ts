/**
 * Compares what citizens were thanked for with what the gateway holds and counts. Counts for itself, from the votes that
 * were cast: nothing of the gateway's own arithmetic is used on this side.
 */
import Database from "better-sqlite3";
import type { PeriodCounts, Store } from "#gateway/store/store.ts";
import { VERDICTS } from "#schemas/code-list.ts";
import type { VoteEntry } from "#schemas/entry.ts";

export type Tally = {
  /** Votes cast that the gateway does not hold. */
  readonly lost: number;
  /** Votes held more than once, or held and never cast. */
  readonly doubled: number;
  /** Tickets that do not count exactly once, and figures that differ from what was cast, by how much. */
  readonly miscounted: number;
};

type Held = { readonly id: string; readonly verdict: string };
type Figures = ReadonlyMap<string, number>;

/** What is counted of a run, compared with the votes of its totems. */
export async function tallyOf(run: {
  readonly store: Store;
  readonly databaseFile: string;
  readonly cast: readonly { readonly totemId: string; readonly votes: readonly VoteEntry[] }[];
  readonly before: readonly PeriodCounts[];
  readonly after: readonly PeriodCounts[];
}): Promise<Tally> {
  const votes = run.cast.flatMap((totem) => totem.votes);
  const held = heldVotes(
    run.databaseFile,
    run.cast.map(({ totemId }) => totemId),
  );
  const verdicts = new Map(held.map(({ id, verdict }) => [id, verdict]));
  const lost = votes.filter(({ id }) => !verdicts.has(id)).length;
  const strangers = [...verdicts.keys()].filter((id) => !votes.some((vote) => vote.id === id)).length;
  const doubled = held.length - verdicts.size + strangers;
  const expected = expectedFigures(votes, verdicts);
  const counted = difference(figuresOf(run.after), figuresOf(run.before));
  const sums = await receivedDiffers(run.store, run.cast);
  return { lost, doubled, miscounted: wrongTickets(votes, verdicts) + distance(expected, counted) + sums };
}

function heldVotes(databaseFile: string, totemIds: readonly string[]): readonly Held[] {
  const database = new Database(databaseFile, { readonly: true });
  try {
    return database
      .prepare<[string], { id: string; verdict: number }>(
        `SELECT lower(hex(vote_id)) AS id, verdict FROM vote
         JOIN epoch ON epoch.no = epoch_no JOIN totem ON totem.no = totem_no
         WHERE totem_id IN (SELECT value FROM json_each(?))`,
      )
      .all(JSON.stringify(totemIds))
      .map(({ id, verdict }) => ({ id, verdict: VERDICTS[verdict] ?? "unknown" }));
  } finally {
    database.close();
  }
}

/** Tickets of which not exactly one vote is accepted, and votes that are neither accepted nor a conflict. */
function wrongTickets(votes: readonly VoteEntry[], verdicts: ReadonlyMap<string, string>): number {
  const accepted = new Map<string, number>();
  let odd = 0;
  for (const { id, ticket } of votes) {
    const verdict = verdicts.get(id);
    const before = accepted.get(String(ticket.mark)) ?? 0;
    accepted.set(String(ticket.mark), before + (verdict === "accepted" ? 1 : 0));
    if (verdict !== undefined && verdict !== "accepted" && verdict !== "conflict") odd += 1;
  }
  return odd + [...accepted.values()].filter((count) => count !== 1).length;
}

/** What the counters must show, counted one by one from the votes that were cast. */
function expectedFigures(votes: readonly VoteEntry[], verdicts: ReadonlyMap<string, string>): Figures {
  const figures = new Map<string, number>();
  const add = (service: string | null, column: string) => {
    const name = `${service} ${column}`;
    figures.set(name, (figures.get(name) ?? 0) + 1);
  };
  for (const { id, service, face, reason } of votes) {
    if (verdicts.get(id) === "conflict") add(service, "conflict");
    if (verdicts.get(id) !== "accepted") continue;
    add(service, face);
    if (reason !== null) add(service, `reason_${reason}`);
  }
  return figures;
}

function figuresOf(rows: readonly PeriodCounts[]): Figures {
  const figures = new Map<string, number>();
  for (const { serviceId, counts } of rows) {
    for (const [column, count] of Object.entries(counts)) {
      const name = `${serviceId} ${column}`;
      figures.set(name, (figures.get(name) ?? 0) + count);
    }
  }
  return figures;
}

function difference(after: Figures, before: Figures): Figures {
  return new Map([...after].map(([name, count]) => [name, count - (before.get(name) ?? 0)]));
}

function distance(one: Figures, other: Figures): number {
  const names = new Set([...one.keys(), ...other.keys()]);
  return [...names].reduce((sum, name) => sum + Math.abs((one.get(name) ?? 0) - (other.get(name) ?? 0)), 0);
}

/** By how much the totems' own sums (promise 6) differ from what they took. */
async function receivedDiffers(
  store: Store,
  cast: readonly { readonly totemId: string; readonly votes: readonly VoteEntry[] }[],
): Promise<number> {
  const statuses = await store.totemStatuses();
  return cast.reduce((sum, { totemId, votes }) => {
    const received = statuses.find((status) => status.totemId === totemId)?.sums.received ?? 0;
    return sum + Math.abs(received - votes.length);
  }, 0);
}
