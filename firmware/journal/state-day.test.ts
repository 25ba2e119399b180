import { afterEach, describe, expect, it } from "vitest";
import type { Entry, StatementEntry, VoteEntry } from "#schemas/entry.ts";
import { parseEntry } from "#schemas/entry.ts";
import { addDays } from "#schemas/local-day.ts";
import type { Result } from "#schemas/result.ts";
import { publicKeyFromHex } from "#schemas/signature.ts";
import { committedCells, isStatementGood, publicStatement } from "#schemas/statement.ts";
import { DAY_MS, type EntryTime, HOUR_MS, MINUTE_MS } from "#schemas/time.ts";
import {
  dataFolder,
  hexId,
  KEY,
  NOON_MS,
  openAt,
  receiptFor,
  removeFolders,
  TOTEM,
  timeAt,
  voteWith,
} from "./journal.fixture.ts";
import type { JournalFile } from "./journal-file.ts";
import { STATED_ENTRIES_MAX } from "./state-day.ts";

const ZONE = "Europe/Rome";
const DAY = "2026-03-10";
const SEED = "5e".repeat(32);

afterEach(removeFolders);

function value<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(String(result.problem));
  return result.value;
}
const entriesOf = (journal: JournalFile): readonly Entry[] =>
  journal.openEpochs().flatMap(({ epoch, last }) => {
    const entries: Entry[] = [];
    for (let next = 1; next <= last; ) {
      const batch = journal.readBatch(epoch, next, last);
      if (batch === null) throw new Error(`the journal lacks entry ${next}`);
      entries.push(...(JSON.parse(batch.text) as { entries: Entry[] }).entries);
      next = batch.last + 1;
    }
    return entries;
  });
const statementsOf = (journal: JournalFile) =>
  entriesOf(journal).filter((entry): entry is StatementEntry => entry.kind === "statement");
const state = (
  journal: JournalFile,
  time: EntryTime,
  uptimeMinutes: Readonly<Record<string, number>> = {},
) => {
  const days: string[] = [];
  for (;;) {
    const day = value(journal.stateNextDay({ time, zone: ZONE, uptimeMinutes, seed: SEED }));
    if (day === null) return days;
    days.push(day);
  }
};
let marks = 0;
function vote(
  journal: JournalFile,
  time: EntryTime,
  choice: Partial<Pick<VoteEntry, "face" | "reason">> = {},
): void {
  marks += 1;
  value(journal.commitDraft(voteWith(marks, marks, { ...choice, time })));
  value(journal.sealDraft(time));
}

describe("the statement of a day", () => {
  it("covers the day's entries once it is over, with what was counted, and is signed for everybody", () => {
    const { journal } = openAt(dataFolder(), 1);
    vote(journal, timeAt(NOON_MS));
    vote(journal, timeAt(NOON_MS + MINUTE_MS));
    vote(journal, timeAt(NOON_MS + HOUR_MS), { face: "red", reason: "wait" });
    value(
      journal.append({
        kind: "refusals",
        time: timeAt(NOON_MS),
        counts: [{ reason: "used", service: null, count: 2 }],
      }),
    );
    value(journal.applyReceipt(receiptFor(hexId(1), 2, { checkpoint: { size: 7, hash: "ab".repeat(32) } })));
    expect(state(journal, timeAt(NOON_MS + 9 * HOUR_MS))).toEqual([]);
    // Ten minutes after midnight: the last session is over by then.
    expect(state(journal, timeAt(NOON_MS + 11 * HOUR_MS + 9 * MINUTE_MS))).toEqual([]);
    expect(state(journal, timeAt(NOON_MS + 11 * HOUR_MS + 10 * MINUTE_MS), { [DAY]: 480 })).toEqual([DAY]);
    const [statement] = statementsOf(journal);
    if (statement === undefined) throw new Error("no statement");
    expect(parseEntry(statement)).toMatchObject({ ok: true });
    expect(statement).toMatchObject({
      ...{ day: DAY, uptimeMinutes: 480, checkpoint: { size: 7, hash: "ab".repeat(32) } },
      refusals: [{ reason: "used", count: 2 }],
      epochs: [{ epoch: hexId(1), first: 1, last: 5 }],
    });
    expect(statement.counts.map(({ face, reason, count }) => `${face} ${reason} ${count}`)).toEqual([
      "green null 2",
      "red wait 1",
    ]);
    const published = publicStatement(TOTEM, statement);
    expect(published.cells).toHaveLength(committedCells(statement.counts).length);
    expect(isStatementGood(published, statement.signature, publicKeyFromHex(KEY.publicKeyHex))).toBe(true);
    const changed = publicStatement(TOTEM, { ...statement, uptimeMinutes: 481 });
    expect(isStatementGood(changed, statement.signature, publicKeyFromHex(KEY.publicKeyHex))).toBe(false);
  });

  it("is written for every day, also for those without a vote or without a totem, and each entry is in one of them", () => {
    const folder = dataFolder();
    const first = openAt(folder, 1).journal;
    vote(first, timeAt(NOON_MS));
    first.close();
    const { journal } = openAt(folder, 2);
    vote(journal, timeAt(NOON_MS + 3 * DAY_MS));
    expect(state(journal, timeAt(NOON_MS + 5 * DAY_MS))).toEqual(
      [0, 1, 2, 3, 4].map((days) => addDays(DAY, days)),
    );
    expect(state(journal, timeAt(NOON_MS + 5 * DAY_MS))).toEqual([]);
    vote(journal, timeAt(NOON_MS + 5 * DAY_MS));
    state(journal, timeAt(NOON_MS + 6 * DAY_MS));
    const covered = statementsOf(journal).flatMap(({ day, epochs }) =>
      epochs.map(({ epoch, first: from, last }) => [day, Number.parseInt(epoch, 16), from, last]),
    );
    expect(covered).toEqual([
      [DAY, 1, 1, 2],
      [addDays(DAY, 3), 2, 1, 2],
      // The statements themselves are of the day they were written on.
      [addDays(DAY, 5), 2, 3, 8],
    ]);
  });

  it("begins with the day a totem is first asked on, also when nothing is written on it", () => {
    const { journal } = openAt(dataFolder(), 1);
    expect(state(journal, timeAt(NOON_MS))).toEqual([]);
    vote(journal, timeAt(NOON_MS + DAY_MS));
    expect(state(journal, timeAt(NOON_MS + 2 * DAY_MS))).toEqual([DAY, addDays(DAY, 1)]);
  });

  it("takes a vote without the time for one of the day that its boot's clock tells, else of the day the time returned", () => {
    const { journal } = openAt(dataFolder(), 1);
    const at = (ms: number, bootId: string, clock: EntryTime["clock"]) => ({
      ...timeAt(clock === "trusted" ? ms : 5, clock),
      ...{ bootId, monotonicUs: (ms - NOON_MS + DAY_MS) * 1_000 },
    });
    vote(journal, at(NOON_MS, "boot-1", "trusted"));
    // Of this boot nothing more is ever known; the clock is set on the third day, in the next one.
    vote(journal, at(NOON_MS + DAY_MS, "boot-2", "untrusted"));
    vote(journal, at(NOON_MS + 2 * DAY_MS, "boot-3", "untrusted"));
    vote(journal, at(NOON_MS + 3 * DAY_MS, "boot-3", "trusted"));
    state(journal, at(NOON_MS + 4 * DAY_MS, "boot-3", "trusted"));
    expect(
      statementsOf(journal).map(({ day, counts }) => [
        day,
        counts.reduce((sum, { count }) => sum + count, 0),
      ]),
    ).toEqual([
      [DAY, 1],
      [addDays(DAY, 1), 0],
      [addDays(DAY, 2), 2],
      [addDays(DAY, 3), 1],
    ]);
  });

  it("keeps what is not stated from being deleted, however long ago it was receipted", () => {
    const { journal } = openAt(dataFolder(), 1);
    vote(journal, timeAt(NOON_MS));
    expect(state(journal, timeAt(NOON_MS + DAY_MS))).toEqual([DAY]);
    vote(journal, timeAt(NOON_MS + DAY_MS));
    value(journal.applyReceipt(receiptFor(hexId(1), 4, { timeMs: NOON_MS + DAY_MS })));
    const terms = { nowMs: NOON_MS + 30 * DAY_MS, keepMs: 7 * DAY_MS, closedBeforeMs: NOON_MS + 20 * DAY_MS };
    expect(value(journal.prune(terms))).toBe(2);
    expect(value(journal.prune(terms))).toBe(0);
    state(journal, timeAt(NOON_MS + 2 * DAY_MS));
    expect(value(journal.prune(terms))).toBe(2);
  });

  it("covers no more than it has room for; the rest is in the next one", () => {
    const { journal } = openAt(dataFolder(), 1);
    for (let n = 0; n < STATED_ENTRIES_MAX + 5; n++) {
      value(
        journal.append({
          kind: "refusals",
          time: timeAt(NOON_MS),
          counts: [{ reason: "used", service: null, count: 1 }],
        }),
      );
    }
    state(journal, timeAt(NOON_MS + 2 * DAY_MS));
    expect(statementsOf(journal).map(({ refusals }) => refusals[0]?.count)).toEqual([
      STATED_ENTRIES_MAX - 1,
      6,
    ]);
  });

  it("is written again when the transaction that wrote it failed", () => {
    const opened = openAt(dataFolder(), 1);
    vote(opened.journal, timeAt(NOON_MS));
    const before = opened.journal.sums().captured;
    expect(state(opened.journal, timeAt(NOON_MS + DAY_MS))).toEqual([DAY]);
    expect(opened.journal.sums().captured).toBe(before + 1);
  });
});
