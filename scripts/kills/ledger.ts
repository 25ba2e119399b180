/**
 * What was done at the totems, seen from outside, and what must have become of it. Pure: the presses of every ticket on
 * one side, the gateway's votes and the totems' spent marks on the other; every disagreement has a name.
 */
import type { Face, Reason } from "#schemas/code-list.ts";

export type Choice = { readonly face: Face; readonly reason: Reason | null };

/**
 * What is known of a press: `thanked` was seen; `stored` and `not-stored` follow from the step at which the power was
 * cut; `unknown` had no answer, so either is right.
 */
export type Fate = "thanked" | "stored" | "not-stored" | "unknown";

export type Press = { readonly choice: Choice; fate: Fate };

/** One ticket that was scanned, with the presses made for it, in order. */
export type Session = { readonly mark: string; readonly presses: Press[] };

/** A vote as the gateway has it. */
export type StoredVote = Choice & { readonly mark: string; readonly verdict: string };

export type Findings = {
  readonly thanked: number;
  /** Votes in the gateway's store. */
  readonly counted: number;
  /** Marks whose vote was thanked for or committed and is not there. */
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  /** Votes nobody cast, or whose press was cut off before its commit. */
  readonly ghosts: readonly string[];
  /** Votes that hold another choice than the last one committed. */
  readonly changed: readonly string[];
  /** Tickets spent without a vote, or votes whose ticket is not spent. */
  readonly ticketsWrong: readonly string[];
};

/** Compares what was seen with what is there. */
export function findings(
  sessions: readonly Session[],
  votes: readonly StoredVote[],
  spent: ReadonlySet<string>,
): Findings {
  const byMark = Map.groupBy(votes, (vote) => vote.mark);
  const known = new Set(sessions.map((session) => session.mark));
  const marksOf = (wrong: (session: Session, votes: readonly StoredVote[]) => boolean) =>
    sessions.filter((s) => wrong(s, byMark.get(s.mark) ?? [])).map((session) => session.mark);
  return {
    thanked: sessions.filter(({ presses }) => presses.some((press) => press.fate === "thanked")).length,
    counted: votes.filter((vote) => vote.verdict === "accepted").length,
    lost: marksOf((session, found) => stands(session) && found.length === 0),
    doubled: marksOf((_, found) => found.length > 1),
    ghosts: [
      ...[...byMark.keys()].filter((mark) => !known.has(mark)),
      ...marksOf((session, found) => found.length > 0 && !mayStand(session)),
    ],
    changed: marksOf((session, found) => found.some((vote) => mayStand(session) && !fits(session, vote))),
    ticketsWrong: marksOf(({ mark }, found) => spent.has(mark) !== found.length > 0),
  };
}

/** Tells the fate of the one press that had no answer when the power was cut. */
export function cutOffAt(session: Session | undefined, step: string): void {
  const press = session?.presses.at(-1);
  if (press?.fate !== "unknown") return;
  if (step === "draft:before-commit") press.fate = "not-stored";
  if (step === "draft:after-commit" || step === "draft:after-thanks") press.fate = "stored";
}

const isStored = ({ fate }: Press) => fate === "thanked" || fate === "stored";

/** The vote must be there. */
function stands({ presses }: Session): boolean {
  return presses.some(isStored);
}

function mayStand(session: Session): boolean {
  return stands(session) || session.presses.some((press) => press.fate === "unknown");
}

/** The last choice known to be stored, or one after it of which nothing is known. */
function fits({ presses }: Session, vote: StoredVote): boolean {
  const from = Math.max(0, presses.findLastIndex(isStored));
  return (
    vote.verdict === "accepted" &&
    presses
      .slice(from)
      .some(
        ({ choice, fate }) =>
          fate !== "not-stored" && choice.face === vote.face && choice.reason === vote.reason,
      )
  );
}
