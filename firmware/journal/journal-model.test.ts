import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { canonicalText } from "#schemas/canonical.ts";
import { gaps, type Range } from "#schemas/ranges.ts";
import { DAY_MS, HOUR_MS } from "#schemas/time.ts";
import {
  acceptBatch,
  dataFolder,
  faultAt,
  hexId,
  NOON_MS,
  openAt,
  removeFolders,
  timeAt,
  voteWith,
} from "./journal.fixture.ts";
import type { JournalFile } from "./journal-file.ts";
import { copyOf, JournalModel, type ModelEpoch } from "./journal-model.fixture.ts";

afterAll(removeFolders);

const KEEP_MS = 7 * DAY_MS;

type Real = { readonly folder: string; journal: JournalFile };
type Command = fc.Command<JournalModel, Real>;

/** A command that can always run, and after which the journal must look like the model. */
function command(name: string, run: (model: JournalModel, real: Real) => void): Command {
  return {
    check: () => true,
    run: (model, real) => {
      run(model, real);
      model.nowMs += 1_000;
      compare(model, real.journal);
    },
    toString: () => name,
  };
}

function value<T>(outcome: { ok: true; value: T } | { ok: false; problem: string }): T {
  if (!outcome.ok) throw new Error(outcome.problem);
  return outcome.value;
}

const commands: fc.Arbitrary<Command>[] = [
  fc.record({ mark: fc.integer({ min: 1, max: 6 }), trusted: fc.boolean() }).map(({ mark, trusted }) =>
    command(`draft(${mark})`, (model, { journal }) => {
      const id = ++model.votes;
      const time = timeAt(model.nowMs, trusted ? "trusted" : "untrusted");
      const vote = voteWith(id, mark, { time });
      if (model.spent.has(hexId(mark))) {
        expect(() => journal.commitDraft(vote)).toThrow(/UNIQUE/);
        return;
      }
      value(journal.commitDraft(vote));
      model.seal(time);
      model.draft = vote;
      model.spent.set(hexId(mark), trusted ? model.nowMs : null);
    }),
  ),
  fc.constantFrom("wait", "staff", "none").map((reason) =>
    command(`replace(${reason})`, (model, { journal }) => {
      if (model.draft === null) return;
      const vote = { ...model.draft, face: "red", reason } as const;
      value(journal.commitDraft(vote));
      model.draft = vote;
    }),
  ),
  fc.constant(
    command("seal", (model, { journal }) => {
      const time = timeAt(model.nowMs);
      value(journal.sealDraft(time));
      model.seal(time);
    }),
  ),
  fc.integer({ min: 1, max: 4 }).map((count) =>
    command(`append(${count})`, (model, { journal }) => {
      for (let i = 0; i < count; i++) {
        const entry = faultAt(model.nowMs, `part-${i}`);
        value(journal.append(entry));
        model.append(entry);
      }
    }),
  ),
  fc.record({ at: fc.nat(), length: fc.integer({ min: 1, max: 9 }) }).map(({ at, length }) =>
    command(`deliver(${at}, ${length})`, (model, { journal }) => {
      const open = journal
        .openEpochs()
        .flatMap(({ epoch, last, received }) => gaps(received, 1, last).map((gap) => ({ epoch, ...gap })));
      const gap = open[at % Math.max(1, open.length)];
      if (gap === undefined) return;
      const first = gap.first + (at % (gap.last - gap.first + 1));
      deliver(model, journal, gap.epoch, { first, last: Math.min(gap.last, first + length - 1) });
    }),
  ),
  fc.nat().map((at) =>
    command(`receipt(${at})`, (model, { journal }) => {
      const epoch = model.epochs[at % Math.max(1, model.epochs.length)];
      if (epoch !== undefined) applyReceipt(model, journal, model.receiptOf(epoch.epoch));
    }),
  ),
  fc.nat().map((at) =>
    command(`old-receipt(${at})`, (model, { journal }) => {
      const receipt = model.receipts[at % Math.max(1, model.receipts.length)];
      if (receipt !== undefined) applyReceipt(model, journal, receipt);
    }),
  ),
  fc.record({ at: fc.nat(), beyond: fc.boolean() }).map(({ at, beyond }) =>
    command(`wrong-receipt(${at}, ${beyond})`, (model, { journal }) => {
      const epoch = model.epochs[at % Math.max(1, model.epochs.length)];
      const upTo = 1 + (at % (epoch?.entries.length ?? 1));
      // An entry long deleted has no head to compare with; it was receipted before anyway.
      if (epoch === undefined || (!beyond && epoch.entries[upTo - 1]?.gone)) return;
      const right = model.receiptOf(epoch.epoch);
      const wrong = beyond
        ? { ...right, upTo: epoch.entries.length + 1, head: null }
        : { ...right, upTo, head: "0".repeat(64) };
      expect(value(journal.applyReceipt(wrong))).toMatchObject({ acknowledged: 0, headMismatch: true });
    }),
  ),
  fc.boolean().map((restore) =>
    command(restore ? "restore-gateway" : "back-up-gateway", (model, { journal }) => {
      if (!restore) {
        model.backup = copyOf(model.gateway);
        return;
      }
      model.gateway = copyOf(model.backup);
      askForMissing(model, journal);
    }),
  ),
  fc.record({ at: fc.nat(), from: fc.nat() }).map(({ at, from }) =>
    command(`resend(${at}, ${from})`, (model, { journal }) => {
      const epoch = model.epochs[at % Math.max(1, model.epochs.length)];
      if (epoch !== undefined) resend(model, journal, epoch.epoch, 1 + (from % (epoch.entries.length + 1)));
    }),
  ),
  // A network that works for a while: without it, few runs come to old receipts, closed epochs and pruning.
  ...Array.from({ length: 3 }, () => fc.constant(command("deliver-all", deliverAll))),
  fc.integer({ min: 1, max: 9 }).map((days) =>
    command(`prune-after(${days} days)`, (model, { journal }) => {
      model.nowMs += days * DAY_MS;
      prune(model, journal);
    }),
  ),
  fc.constant(
    command("restart", (model, real) => {
      real.journal.close();
      model.restart();
      real.journal = openAt(real.folder, model.start).journal;
    }),
  ),
];

/** Reads a batch, checks it as a gateway does and against the model, and has the model's gateway take it. */
function deliver(model: JournalModel, journal: JournalFile, epoch: string, range: Range): number {
  const batch = journal.readBatch(epoch, range.first, range.last);
  if (batch === null) throw new Error("an entry that was not receipted cannot be read");
  const accepted = acceptBatch(batch);
  const { entries, firstHead } = model.epochOf(epoch);
  expect(accepted.previousHead).toBe(range.first === 1 ? firstHead : entries[range.first - 2]?.head);
  expect(accepted.head).toBe(entries[batch.last - 1]?.head);
  expect(accepted.entries.map((entry) => canonicalText(entry as never))).toEqual(
    entries.slice(range.first - 1, batch.last).map((entry) => entry.body),
  );
  model.deliver(epoch, { first: batch.first, last: batch.last });
  return batch.last;
}

function applyReceipt(
  model: JournalModel,
  journal: JournalFile,
  receipt: ReturnType<JournalModel["receiptOf"]>,
): void {
  model.receipts.push(receipt);
  const outcome = value(journal.applyReceipt(receipt));
  expect(outcome).toMatchObject({ headMismatch: false, acknowledged: model.receive(receipt) });
}

function resend(model: JournalModel, journal: JournalFile, epoch: string, from: number): void {
  const time = timeAt(model.nowMs);
  expect(value(journal.resendFrom(epoch, from, time))).toBe("resending");
  model.resend(epoch, from, time);
}

/** What a gateway does after it was restored: asks for everything the totem thinks it has. */
function askForMissing(model: JournalModel, journal: JournalFile): void {
  for (const { epoch, entries } of [...model.epochs]) {
    const upTo = model.receiptOf(epoch).upTo;
    if (entries[upTo] !== undefined && entries[upTo].receivedMs !== null)
      resend(model, journal, epoch, upTo + 1);
  }
}

/** Deletes, and checks that only what is old enough and receipted is gone, and nothing that is old enough stays. */
function prune(model: JournalModel, journal: JournalFile): void {
  const before = model.nowMs - KEEP_MS;
  const deleted = value(journal.prune({ nowMs: model.nowMs, keepMs: KEEP_MS, closedBeforeMs: null }));
  let counted = 0;
  for (const { epoch, entries } of model.epochs) {
    let isPrefix = true;
    for (const [index, entry] of entries.entries()) {
      if (entry.gone) continue;
      const isHeld = journal.readBatch(epoch, index + 1, index + 1) !== null;
      const { receivedMs } = entry;
      if (!isHeld) {
        expect(isPrefix && receivedMs !== null && receivedMs < before).toBe(true);
        entry.gone = true;
        counted += 1;
        continue;
      }
      // Runs of one hour are deleted together, at the age of the youngest.
      if (isPrefix && receivedMs !== null) expect(receivedMs).toBeGreaterThanOrEqual(before - HOUR_MS);
      isPrefix = false;
    }
  }
  expect(deleted).toBe(counted);
  for (const [mark, spentMs] of model.spent) {
    if (spentMs === null) model.spent.set(mark, model.nowMs);
    else if (spentMs < before) model.spent.delete(mark);
  }
}

/** Promise 6 and everything else the journal says of itself. */
function compare(model: JournalModel, journal: JournalFile): void {
  const all = model.epochs.flatMap((epoch) => epoch.entries);
  const pending = all.filter((entry) => entry.receivedMs === null);
  expect(journal.sums()).toMatchObject({
    captured: all.length,
    acknowledged: all.length - pending.length,
    pending: pending.length,
    pendingBytes: pending.reduce((sum, entry) => sum + Buffer.byteLength(entry.body), 0),
  });
  const open = journal.openEpochs();
  for (const epoch of model.epochs) {
    const told = open.find((o) => o.epoch === epoch.epoch);
    if (told === undefined) expect(epoch.entries.every((entry) => entry.receivedMs !== null)).toBe(true);
    else expect(told).toEqual({ ...progressOf(model, epoch) });
  }
  for (let mark = 1; mark <= 6; mark++) {
    expect(journal.isSpent(hexId(mark))).toBe(model.spent.has(hexId(mark)));
  }
}

function progressOf(model: JournalModel, epoch: ModelEpoch) {
  const received: Range[] = [];
  for (const [index, entry] of epoch.entries.entries()) {
    if (entry.receivedMs === null) continue;
    const before = received.at(-1);
    if (before?.last === index) received.splice(-1, 1, { first: before.first, last: index + 1 });
    else received.push({ first: index + 1, last: index + 1 });
  }
  return {
    epoch: epoch.epoch,
    ordinal: model.epochs.indexOf(epoch) + 1,
    oldestUnreceipted: received[0]?.first === 1 ? received[0].last + 1 : 1,
    last: epoch.entries.length,
    head: epoch.entries.at(-1)?.head,
    received,
  };
}

/** Sends and receipts until nothing is pending and no hello shows a gap, as a network that works would in the end. */
function drain(model: JournalModel, journal: JournalFile): void {
  askForMissing(model, journal);
  for (let round = 0; journal.sums().pending > 0; round++) {
    expect(round).toBeLessThan(20);
    deliverAll(model, { journal });
    askForMissing(model, journal);
  }
}

/** Sends everything that is pending, each epoch receipted after its last batch. */
function deliverAll(model: JournalModel, { journal }: Pick<Real, "journal">): void {
  for (const { epoch, last, received } of journal.openEpochs()) {
    for (const gap of gaps(received, 1, last)) {
      for (let first = gap.first; first <= gap.last; ) {
        first = deliver(model, journal, epoch, { first, last: gap.last }) + 1;
      }
    }
    applyReceipt(model, journal, model.receiptOf(epoch));
  }
}

describe("the journal, compared with plain memory after every command", () => {
  it("holds the same sums, chain, marks and progress, whatever happens; in the end everything has arrived once or is declared lost", () => {
    fc.assert(
      fc.property(fc.commands(commands, { maxCommands: 60, size: "max" }), (run) => {
        const folder = dataFolder();
        const real: Real = { folder, journal: openAt(folder, 1).journal };
        const model = new JournalModel(NOON_MS);
        try {
          fc.modelRun(() => ({ model, real }), run);
          const time = timeAt(model.nowMs);
          value(real.journal.sealDraft(time));
          model.seal(time);
          drain(model, real.journal);
          compare(model, real.journal);
          for (const { epoch, entries } of model.epochs) {
            const { stored, lost } = model.held(epoch);
            const arrived = entries.filter((_, index) => stored.has(index + 1) || lost.has(index + 1));
            expect(arrived).toHaveLength(entries.length);
            // Only what its term had ended can have been lost.
            for (const seq of lost) expect(stored.has(seq) || entries[seq - 1]?.gone).toBe(true);
          }
          expect(real.journal.sums().openEpochs).toBeLessThanOrEqual(1);
        } finally {
          real.journal.close();
        }
      }),
      { numRuns: 100 },
    );
  });
});
