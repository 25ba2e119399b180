import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FACES, REASONS } from "#schemas/code-list.ts";
import { type Choice, cutOffAt, type Findings, findings, type Session, type StoredVote } from "./ledger.ts";

const choice: fc.Arbitrary<Choice> = fc
  .record({ face: fc.constantFrom(...FACES), reason: fc.constantFrom(...REASONS) })
  .map(({ face, reason }) => ({ face, reason: face === "red" ? reason : null }));

/** Sessions in which every press was thanked for, each with at least one. */
const thankedSessions = fc
  .array(fc.array(choice, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 8 })
  .map((all) =>
    all.map(
      (choices, index): Session => ({
        mark: `mark-${index}`,
        presses: choices.map((c) => ({ choice: c, fate: "thanked" })),
      }),
    ),
  );

/** What a gateway holds when all went well. */
function votesOf(sessions: readonly Session[]): StoredVote[] {
  return sessions.map(({ mark, presses }) => ({
    mark,
    verdict: "accepted",
    ...(presses.at(-1)?.choice as Choice),
  }));
}

function marksOf(sessions: readonly Session[]): Set<string> {
  return new Set(sessions.map(({ mark }) => mark));
}

const other = ({ face }: Choice): Choice =>
  face === "green" ? { face: "yellow", reason: null } : { face: "green", reason: null };

/** True when nothing is wrong. */
function isClean(found: Findings): boolean {
  const { lost, doubled, ghosts, changed, ticketsWrong } = found;
  return [lost, doubled, ghosts, changed, ticketsWrong].every((marks) => marks.length === 0);
}

describe("the check of what became of every press", () => {
  it("finds nothing where every vote is there once, as it was last thanked for", () => {
    fc.assert(
      fc.property(thankedSessions, (sessions) => {
        const found = findings(sessions, votesOf(sessions), marksOf(sessions));
        expect(isClean(found)).toBe(true);
        expect(found).toMatchObject({ thanked: sessions.length, counted: sessions.length });
      }),
    );
  });

  it("finds each planted fault and names its mark", () => {
    fc.assert(
      fc.property(thankedSessions, fc.nat(), (sessions, at) => {
        const index = at % sessions.length;
        const mark = `mark-${index}`;
        const votes = votesOf(sessions);
        const spent = marksOf(sessions);
        const vote = votes[index] as StoredVote;
        expect(findings(sessions, votes.toSpliced(index, 1), spent).lost).toEqual([mark]);
        expect(findings(sessions, [...votes, vote], spent).doubled).toEqual([mark]);
        expect(findings(sessions, [...votes, { ...vote, mark: "nobody" }], spent).ghosts).toEqual(["nobody"]);
        const changed = votes.with(index, { ...vote, ...other(vote) });
        expect(findings(sessions, changed, spent).changed).toEqual([mark]);
        const conflict = votes.with(index, { ...vote, verdict: "conflict" });
        expect(findings(sessions, conflict, spent).changed).toEqual([mark]);
        spent.delete(mark);
        expect(findings(sessions, votes, spent).ticketsWrong).toEqual([mark]);
      }),
    );
  });
});

describe("a press without an answer", () => {
  const green: Choice = { face: "green", reason: null };
  const red: Choice = { face: "red", reason: "none" };
  const voteFor = (stored: Choice): StoredVote => ({ mark: "m", verdict: "accepted", ...stored });
  const check = (session: Session, votes: readonly StoredVote[]) =>
    isClean(findings([session], votes, new Set(votes.map((vote) => vote.mark))));

  it("may be a vote or none, unless the step of the cut tells", () => {
    const fresh = (): Session => ({ mark: "m", presses: [{ choice: green, fate: "unknown" }] });
    expect(check(fresh(), [])).toBe(true);
    expect(check(fresh(), [voteFor(green)])).toBe(true);
    expect(check(fresh(), [voteFor(red)])).toBe(false);
    const before = fresh();
    cutOffAt(before, "draft:before-commit");
    expect(check(before, [])).toBe(true);
    expect(check(before, [voteFor(green)])).toBe(false);
    for (const step of ["draft:after-commit", "draft:after-thanks"]) {
      const after = fresh();
      cutOffAt(after, step);
      expect(check(after, [])).toBe(false);
      expect(check(after, [voteFor(green)])).toBe(true);
    }
    const elsewhere = fresh();
    cutOffAt(elsewhere, "receipt:after-commit");
    expect(check(elsewhere, [])).toBe(true);
  });

  it("that changed a choice leaves the one before it standing when it was cut off before its commit", () => {
    const changing = (): Session => ({
      mark: "m",
      presses: [
        { choice: green, fate: "thanked" },
        { choice: red, fate: "unknown" },
      ],
    });
    expect(check(changing(), [voteFor(green)])).toBe(true);
    expect(check(changing(), [voteFor(red)])).toBe(true);
    expect(check(changing(), [])).toBe(false);
    const before = changing();
    cutOffAt(before, "draft:before-commit");
    expect(check(before, [voteFor(red)])).toBe(false);
    const after = changing();
    cutOffAt(after, "draft:after-commit");
    expect(check(after, [voteFor(green)])).toBe(false);
  });

  it("never made is no vote", () => {
    expect(check({ mark: "m", presses: [] }, [])).toBe(true);
    expect(check({ mark: "m", presses: [] }, [voteFor(green)])).toBe(false);
  });
});
