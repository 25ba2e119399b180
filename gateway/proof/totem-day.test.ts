import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FACES, REASONS } from "#schemas/code-list.ts";
import { CELLS } from "#schemas/commitments.ts";
import type { StatementEntry } from "#schemas/entry.ts";
import { makeSigningKey } from "#schemas/signature.ts";
import { type CountedCells, committedCells, gatheredCells, signedStatement } from "#schemas/statement.ts";
import { isDifferent, linesFor, type SettledVotes, summed, type TotemDay } from "./totem-day.ts";

const KEY = makeSigningKey();
const NOTHING = { conflict: [], "expired-late": [], listed: [], difference: [] };
let seeds = 0;
const freshSeed = () => {
  seeds += 1;
  return seeds.toString(16).padStart(64, "0");
};

const settledVotes: fc.Arbitrary<SettledVotes> = fc
  .record({
    service: fc.constantFrom("anagrafe", "tributi"),
    wording: fc.constantFrom(1, 2),
    face: fc.constantFrom(...FACES),
    reason: fc.constantFrom(...REASONS),
    verdict: fc.constantFrom("accepted", "late", "conflict", "expired-late"),
    count: fc.integer({ min: 1, max: 9 }),
    isCommitted: fc.boolean(),
  })
  .map((vote) => ({ ...vote, reason: vote.face === "red" ? vote.reason : null }) as SettledVotes);

function statementOf(votes: readonly SettledVotes[]): StatementEntry {
  const time = { wallMs: 1, monotonicUs: 1, bootId: "boot-1", clock: "trusted" } as const;
  return signedStatement(
    "totem-1",
    {
      ...{ kind: "statement", time, day: "2026-11-24", epochs: [], refusals: [], uptimeMinutes: 600 },
      counts: votes.map(({ service, wording, face, reason, count, isCommitted }) => ({
        ...{ service, wording, face, reason, count, mode: "live" },
        profile: isCommitted ? "signed" : "plain",
      })),
      ...{ checkpoint: null, seed: freshSeed() },
    },
    KEY,
  );
}

/** What the log says of the day after some lines: statement less corrections. */
function saidBy(about: TotemDay, lines: ReturnType<typeof linesFor>, before: readonly CountedCells[]) {
  const stated = lines.some(({ entry }) => entry.kind === "statement")
    ? committedCells((about.statement as StatementEntry).counts)
    : [];
  const taken = lines.flatMap(({ opened }) => (opened === null ? [] : [opened.cells]));
  const less = taken.map((cells) =>
    cells.map((one) => ({ ...one, counts: one.counts.map((count) => -count) })),
  );
  return summed([before, stated, ...less]).filter(({ counts }) => counts.some((count) => count !== 0));
}
const validOf = (settled: readonly SettledVotes[]) =>
  gatheredCells(settled.filter(({ verdict }) => verdict === "accepted" || verdict === "late"));

describe("what the log says of a totem's day", () => {
  it("adds up to its valid votes, with a statement of them, of others, or without one, whatever comes later", () => {
    fc.assert(
      fc.property(
        fc.array(settledVotes, { maxLength: 6 }),
        fc.array(settledVotes, { maxLength: 4 }),
        fc.array(settledVotes, { maxLength: 3 }),
        fc.boolean(),
        (settled, lost, later, isLate) => {
          const statement = statementOf([...settled, ...lost, ...later]);
          const first: TotemDay = {
            ...{ totemId: "totem-1", day: "2026-11-24", isStatementPublished: false, published: NOTHING },
            ...{ statement: isLate ? null : statement, settled },
          };
          const lines = linesFor(first, freshSeed);
          const said = saidBy(first, lines, []);
          expect(said).toEqual(validOf(settled));
          const published = (cause: string) =>
            summed(
              lines.flatMap(({ entry, opened }) =>
                entry.kind === "correction" && entry.cause === cause && opened !== null ? [opened.cells] : [],
              ),
            );
          const second: TotemDay = {
            ...{ ...first, statement, isStatementPublished: !isLate, settled: [...settled, ...later] },
            published: {
              conflict: published("conflict"),
              "expired-late": published("expired-late"),
              listed: published("listed"),
              difference: published("difference"),
            },
          };
          const more = linesFor(second, freshSeed);
          expect(saidBy(second, more, said)).toEqual(validOf([...settled, ...later]));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("is nothing more when everything was said", () => {
    const votes: SettledVotes[] = [
      {
        ...{ service: "anagrafe", wording: 1, face: "green", reason: null, verdict: "accepted", count: 3 },
        isCommitted: true,
      },
    ];
    const statement = statementOf(votes);
    const about = { totemId: "totem-1", day: "2026-11-24", statement, settled: votes, published: NOTHING };
    expect(linesFor({ ...about, isStatementPublished: false }, freshSeed)).toHaveLength(1);
    expect(linesFor({ ...about, isStatementPublished: true }, freshSeed)).toEqual([]);
  });

  it("differs from what the totem stated only while there is a statement, and votes stated or received by one side alone", () => {
    const votes: SettledVotes[] = [
      {
        ...{ service: "anagrafe", wording: 1, face: "green", reason: null, verdict: "accepted", count: 3 },
        isCommitted: true,
      },
    ];
    const about = {
      ...{ totemId: "totem-1", day: "2026-11-24", isStatementPublished: false, published: NOTHING },
    };
    const isWrong = (statement: StatementEntry | null, settled: readonly SettledVotes[]) =>
      isDifferent({ ...about, statement, settled });
    expect(isWrong(statementOf(votes), votes)).toBe(false);
    expect(isWrong(null, votes)).toBe(false);
    expect(isWrong(statementOf(votes), [])).toBe(true);
    expect(isWrong(statementOf([]), votes)).toBe(true);
  });

  it("names conflicts, expired votes and those that count by a list of receipts by their cause", () => {
    const vote = (verdict: SettledVotes["verdict"], isCommitted = true): SettledVotes => ({
      ...{ service: "anagrafe", wording: 1, face: "red", reason: "wait", verdict, count: 1, isCommitted },
    });
    const settled = [
      ...[vote("conflict"), vote("expired-late"), vote("accepted")],
      ...[vote("accepted", false), vote("conflict", false)],
    ];
    const lines = linesFor(
      {
        ...{ totemId: "totem-1", day: "2026-11-24", isStatementPublished: false, published: NOTHING },
        ...{ statement: statementOf(settled), settled },
      },
      freshSeed,
    );
    expect(lines.map(({ entry }) => (entry.kind === "correction" ? entry.cause : entry.kind))).toEqual([
      "statement",
      "conflict",
      "expired-late",
      "listed",
    ]);
    for (const { entry, opened } of lines.slice(1)) {
      // A list adds what nobody committed to: less than nothing is taken away.
      const one = entry.kind === "correction" && entry.cause === "listed" ? -1 : 1;
      expect(opened?.cells[0]?.counts).toEqual(
        CELLS.map((cell) => (cell === "red" || cell === "wait" ? one : 0)),
      );
    }
  });
});
