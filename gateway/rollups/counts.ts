/**
 * The counters every report is made of, and how one vote, refusal or printed ticket changes them. Pure; counting the
 * stored votes again must give the same numbers, and every night it is checked.
 */
import { type Face, REFUSALS, type Reason, type Refusal, type Verdict } from "#schemas/code-list.ts";
import { type SumColumn, type Sums, zeroSums } from "#schemas/sums.ts";

/** The columns of a counter row, in their order everywhere. */
export const COUNT_COLUMNS = [
  "green",
  "yellow",
  "red",
  "reason_wait",
  "reason_staff",
  "reason_return",
  "reason_outcome",
  "reason_none",
  "late",
  "conflict",
  "expired_late",
  "unverified",
  "test",
  "time_uncertain",
  "after_hours",
  "issued",
  "refused_used",
  "refused_used_elsewhere",
  "refused_expired",
  "refused_not_yet",
  "refused_other_office",
  "refused_unknown",
  "refused_malformed",
  "refused_bad_signature",
  "refused_test_mode",
  "refused_closed",
] as const;
export type CountColumn = (typeof COUNT_COLUMNS)[number];

/** Counts by column; a missing column is zero. */
export type Counts = Readonly<Partial<Record<CountColumn, number>>>;

/** What a counter row stands for. */
export type CountKey = {
  readonly place: number;
  readonly wording: number;
  readonly hour: number;
  readonly day: number;
};

/** What counting needs to know of a stored vote. */
export type CountedVote = {
  readonly face: Face;
  readonly reason: Reason | null;
  readonly verdict: Verdict;
  readonly uncertain: boolean;
  readonly afterHours: boolean;
};

/** The counts one vote adds. Only valid votes show their face; the others are counted apart and whole. */
export function countsOfVote(vote: CountedVote): Counts {
  switch (vote.verdict) {
    case "conflict":
      return { conflict: 1 };
    case "expired-late":
      return { expired_late: 1 };
    case "unverified":
      return { unverified: 1 };
    case "test":
      return { test: 1 };
    case "accepted":
    case "late":
      return {
        [vote.face]: 1,
        ...(vote.reason === null ? {} : { [`reason_${vote.reason}`]: 1 }),
        ...(vote.verdict === "late" ? { late: 1 } : {}),
        ...(vote.uncertain ? { time_uncertain: 1 } : {}),
        ...(vote.afterHours ? { after_hours: 1 } : {}),
      };
  }
}

/** The column a refusal is counted in. */
export function refusalColumn(reason: Refusal): CountColumn {
  return `refused_${reason.replaceAll("-", "_")}` as CountColumn;
}

/** The columns of all refusals, in the order of the code list. */
export const REFUSAL_COLUMNS: readonly CountColumn[] = REFUSALS.map(refusalColumn);

/** Valid votes of a row: promise 6, green + yellow + red. */
export function validOf(counts: Counts): number {
  return (counts.green ?? 0) + (counts.yellow ?? 0) + (counts.red ?? 0);
}

/** Adds up changes per counter row before they are written: one write per row and batch, whatever its size. */
export class CountDeltas {
  readonly #rows = new Map<string, { readonly key: CountKey; readonly counts: Record<string, number> }>();

  /** @param times how often; -1 takes back what an earlier call had added. */
  add(key: CountKey, counts: Counts, times = 1): void {
    const name = `${key.hour}/${key.place}/${key.wording}/${key.day}`;
    let row = this.#rows.get(name);
    if (row === undefined) {
      row = { key, counts: {} };
      this.#rows.set(name, row);
    }
    for (const [column, count] of Object.entries(counts)) {
      row.counts[column] = (row.counts[column] ?? 0) + times * count;
    }
  }

  /** The rows that change, sorted by key so that two writers never lock in opposite order. */
  rows(): readonly { readonly key: CountKey; readonly counts: Counts }[] {
    return [...this.#rows.values()]
      .filter(({ counts }) => Object.values(counts).some((count) => count !== 0))
      .sort((a, b) => a.key.hour - b.key.hour || a.key.place - b.key.place || a.key.wording - b.key.wording);
  }
}

/** What one vote adds to its totem's sums, beside being received. */
export function sumsOfVote(vote: Pick<CountedVote, "face" | "reason" | "verdict">): Partial<Sums> {
  const verdict = vote.verdict.replace("-", "_") as SumColumn;
  if (vote.verdict !== "accepted" && vote.verdict !== "late") return { [verdict]: 1 };
  return {
    [verdict]: 1,
    [vote.face]: 1,
    ...(vote.reason === null ? {} : { [`reason_${vote.reason}`]: 1 }),
  };
}

/** Adds up changes to the sums of totems, one write per totem whatever the size of a transaction. */
export class SumDeltas {
  readonly #totems = new Map<number, Record<SumColumn, number>>();

  /** @param times how often; -1 takes back. */
  add(totemNo: number, sums: Partial<Sums>, times = 1): void {
    let counts = this.#totems.get(totemNo);
    if (counts === undefined) {
      counts = zeroSums();
      this.#totems.set(totemNo, counts);
    }
    for (const [column, count] of Object.entries(sums)) counts[column as SumColumn] += times * count;
  }

  rows(): readonly { readonly totemNo: number; readonly sums: Sums }[] {
    return [...this.#totems].map(([totemNo, sums]) => ({ totemNo, sums }));
  }
}

type AlikeVotes = {
  readonly totemNo: number;
  readonly key: CountKey;
  readonly vote: CountedVote;
  times: number;
};

/** Counts votes that are alike together: a backlog has thousands of votes of a few kinds. */
export class VoteTally {
  readonly #alike = new Map<string, AlikeVotes>();

  add(totemNo: number, key: CountKey, vote: CountedVote): void {
    const { hour, place, wording, day } = key;
    const { face, reason, verdict, uncertain, afterHours } = vote;
    const name = `${totemNo}/${hour}/${day}/${place}/${wording}/${face}/${reason}/${verdict}/${uncertain}/${afterHours}`;
    const alike = this.#alike.get(name);
    if (alike === undefined) this.#alike.set(name, { totemNo, key, vote, times: 1 });
    else alike.times += 1;
  }

  /** Adds everything to the counters and sums it belongs to. */
  addTo(counts: CountDeltas, sums: SumDeltas): void {
    for (const { totemNo, key, vote, times } of this.#alike.values()) {
      counts.add(key, countsOfVote(vote), times);
      sums.add(totemNo, { received: 1, ...sumsOfVote(vote) }, times);
    }
  }
}

/** What does not add up in some sums, in words; empty when promise 6 holds. */
export function brokenSums(sums: Sums): readonly string[] {
  const valid = sums.accepted + sums.late;
  const checks: readonly (readonly [string, number, string, number])[] = [
    [
      "received",
      sums.received,
      "accepted + late + conflict + expired-late + unverified + test + quarantined",
      valid + sums.conflict + sums.expired_late + sums.unverified + sums.test + sums.quarantined,
    ],
    ["accepted + late", valid, "green + yellow + red", sums.green + sums.yellow + sums.red],
    [
      "red",
      sums.red,
      "reasons with none",
      sums.reason_wait + sums.reason_staff + sums.reason_return + sums.reason_outcome + sums.reason_none,
    ],
  ];
  return checks
    .filter(([, left, , right]) => left !== right)
    .map(([leftName, left, rightName, right]) => `${leftName} is ${left}, but ${rightName} is ${right}`);
}
