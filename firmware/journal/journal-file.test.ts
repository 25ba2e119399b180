import Database from "better-sqlite3";
import { afterEach, describe, expect, it } from "vitest";
import { BATCH_BYTES_MAX, BATCH_ENTRIES_MAX, HELLO_EPOCHS_MAX } from "#schemas/limits.ts";
import { prepareDatabase } from "#schemas/sqlite.ts";
import { DAY_MS, HOUR_MS } from "#schemas/time.ts";
import { ENTRY_BYTES_MAX } from "./entry-chain.ts";
import {
  acceptBatch,
  dataFolder,
  faultAt,
  hexId,
  KEY,
  NOON_MS,
  openAt,
  readAll,
  receiptFor,
  removeFolders,
  TOTEM,
  timeAt,
  votesIn,
  voteWith,
} from "./journal.fixture.ts";
import { JournalFile } from "./journal-file.ts";
import { journalMigrations } from "./open-journal.ts";
import { EPOCHS_KEPT_MAX, KEPT_CLOSED_THROUGH, PRUNE_ENTRIES_MAX } from "./receipts.ts";

afterEach(removeFolders);

/** A journal in memory, with its database at hand. */
function inMemory(start = 1) {
  const database = new Database(":memory:");
  prepareDatabase(database, journalMigrations(), NOON_MS);
  return { database, journal: new JournalFile({ database, totemId: TOTEM, epoch: hexId(start), key: KEY }) };
}

/** The same database as the next start of the firmware finds it. */
function nextStart(database: Database.Database, start: number): JournalFile {
  return new JournalFile({ database, totemId: TOTEM, epoch: hexId(start), key: KEY });
}

function value<T>(outcome: { ok: true; value: T } | { ok: false; problem: string }): T {
  if (!outcome.ok) throw new Error(outcome.problem);
  return outcome.value;
}

describe("a draft", () => {
  it("spends its ticket with the vote and is replaced, not repeated, by another choice", () => {
    const { journal } = inMemory();
    value(journal.commitDraft(voteWith(1, 10)));
    expect(journal.isSpent(hexId(10))).toBe(true);
    value(journal.commitDraft(voteWith(1, 10, { face: "red", reason: "wait" })));
    expect(journal.sums().captured).toBe(0);
    value(journal.sealDraft(timeAt(NOON_MS)));
    const votes = readAll(journal).flatMap((batch) => batch.parsed.filter((entry) => entry.kind === "vote"));
    expect(votes).toMatchObject([{ face: "red", reason: "wait" }]);
  });

  it("of the citizen before is sealed when the next one's is committed", () => {
    const { journal } = inMemory();
    value(journal.commitDraft(voteWith(1, 10)));
    value(journal.commitDraft(voteWith(2, 20)));
    expect(votesIn(readAll(journal))).toEqual([1]);
    value(journal.sealDraft(timeAt(NOON_MS)));
    expect(votesIn(readAll(journal))).toEqual([1, 2]);
  });

  it("for a ticket that was spent is refused by the table itself, and leaves the draft before it alone", () => {
    const { journal } = inMemory();
    value(journal.commitDraft(voteWith(1, 10)));
    expect(() => journal.commitDraft(voteWith(2, 10))).toThrow(/UNIQUE/);
    value(journal.sealDraft(timeAt(NOON_MS)));
    expect(votesIn(readAll(journal))).toEqual([1]);
    expect(() => journal.commitDraft(voteWith(1, 10))).toThrow(/UNIQUE/);
  });

  it("without a ticket spends nothing", () => {
    const { journal } = inMemory();
    value(journal.commitDraft(voteWith(1, null)));
    value(journal.commitDraft(voteWith(2, null)));
    value(journal.sealDraft(timeAt(NOON_MS)));
    expect(votesIn(readAll(journal))).toEqual([1, 2]);
  });

  it("outlives a restart and is sealed into the epoch of the next start", () => {
    const folder = dataFolder();
    const first = openAt(folder, 1);
    value(first.journal.commitDraft(voteWith(1, 10)));
    first.journal.close();
    const second = openAt(folder, 2);
    expect(second.journal.isSpent(hexId(10))).toBe(true);
    value(second.journal.sealDraft(timeAt(NOON_MS)));
    value(second.journal.sealDraft(timeAt(NOON_MS)));
    expect(readAll(second.journal)).toMatchObject([{ epoch: hexId(2), first: 1, last: 2 }]);
    second.journal.close();
  });
});

describe("a full disk", () => {
  it("is said openly, and what was not committed never was", () => {
    const { database, journal } = inMemory();
    value(journal.append(faultAt(NOON_MS)));
    const before = journal.sums();
    const pages = database.pragma("page_count", { simple: true }) as number;
    database.pragma(`max_page_count = ${pages}`);
    let number = 1;
    for (; number < 1_000; number++) {
      const outcome = journal.commitDraft(voteWith(number, number));
      if (!outcome.ok) {
        expect(outcome.problem).toBe("disk-full");
        break;
      }
    }
    expect(number).toBeLessThan(1_000);
    expect(journal.isSpent(hexId(number))).toBe(false);
    database.pragma(`max_page_count = ${pages + 100}`);
    value(journal.probe());
    value(journal.commitDraft(voteWith(number, number)));
    value(journal.sealDraft(timeAt(NOON_MS)));
    // Every draft but the refused attempt is there once, chained and signed.
    expect(votesIn(readAll(journal))).toEqual(Array.from({ length: number }, (_, index) => index + 1));
    expect(journal.sums().captured).toBe(before.captured + number);
  });

  it("that rolls back the first entry of a start leaves no epoch behind", () => {
    const { database, journal } = inMemory();
    database.pragma(`max_page_count = ${database.pragma("page_count", { simple: true })}`);
    // Larger than what is free on the pages there are.
    const large = { ...faultAt(NOON_MS), kind: "refusals", counts: manyRefusals() } as never;
    expect(journal.append(large)).toEqual({ ok: false, problem: "disk-full" });
    expect(journal.openEpochs()).toEqual([]);
    database.pragma("max_page_count = 1000");
    value(journal.append(faultAt(NOON_MS)));
    expect(readAll(journal)).toMatchObject([{ first: 1, last: 2 }]);
  });
});

function manyRefusals() {
  return Array.from({ length: 60 }, (_, index) => ({
    reason: "unknown",
    service: `a-service-with-a-long-name-${index}`,
    count: 1,
  }));
}

describe("a receipt", () => {
  it("repeated, old or overlapping itself counts every entry once", () => {
    const { journal } = inMemory();
    for (let i = 0; i < 9; i++) value(journal.append(faultAt(NOON_MS)));
    const once = value(journal.applyReceipt(receiptFor(hexId(1), 4, { ranges: [{ first: 3, last: 8 }] })));
    expect(once.acknowledged).toBe(8);
    expect(value(journal.applyReceipt(receiptFor(hexId(1), 4))).acknowledged).toBe(0);
    expect(journal.sums()).toMatchObject({ captured: 10, acknowledged: 8, pending: 2 });
    expect(journal.openEpochs()).toMatchObject([{ oldestUnreceipted: 9, received: [{ first: 1, last: 8 }] }]);
  });

  it("for more than was ever written, or for another chain, marks nothing", () => {
    const { journal } = inMemory();
    for (let i = 0; i < 4; i++) value(journal.append(faultAt(NOON_MS)));
    const [batch] = readAll(journal);
    const head = batch?.head ?? "";
    for (const receipt of [
      receiptFor(hexId(1), 6),
      receiptFor(hexId(1), 1, { ranges: [{ first: 5, last: 6 }] }),
      receiptFor(hexId(1), 5, { head: head.replace(/^./, (c) => (c === "0" ? "1" : "0")) }),
    ]) {
      expect(value(journal.applyReceipt(receipt))).toEqual({
        acknowledged: 0,
        headMismatch: true,
        rejected: [],
      });
    }
    expect(journal.sums().acknowledged).toBe(0);
    expect(value(journal.applyReceipt(receiptFor(hexId(1), 5, { head }))).acknowledged).toBe(5);
  });

  it("for an unknown epoch changes nothing", () => {
    const { journal } = inMemory();
    expect(value(journal.applyReceipt(receiptFor(hexId(77), 4)))).toMatchObject({
      acknowledged: 0,
      headMismatch: false,
    });
  });

  it("tells of a rejected entry once", () => {
    const { journal } = inMemory();
    value(journal.append(faultAt(NOON_MS)));
    const receipt = receiptFor(hexId(1), 2, { rejected: [{ seq: 2, reason: "/part must be" }] });
    expect(value(journal.applyReceipt(receipt)).rejected).toHaveLength(1);
    expect(value(journal.applyReceipt(receipt)).rejected).toHaveLength(0);
  });
});

describe("an epoch", () => {
  it("is closed once its successor is receipted, and opened again by a gateway that lost it", () => {
    const { database, journal } = inMemory(1);
    value(journal.append(faultAt(NOON_MS)));
    const second = nextStart(database, 2);
    value(second.append(faultAt(NOON_MS)));
    value(second.applyReceipt(receiptFor(hexId(1), 2)));
    expect(second.openEpochs().map((epoch) => epoch.ordinal)).toEqual([1, 2]);
    value(second.applyReceipt(receiptFor(hexId(2), 1)));
    expect(second.openEpochs().map((epoch) => epoch.ordinal)).toEqual([2]);
    expect(value(second.resendFrom(hexId(1), 2, timeAt(NOON_MS)))).toBe("resending");
    expect(second.openEpochs()).toMatchObject([
      { ordinal: 1, oldestUnreceipted: 2 },
      { ordinal: 2, oldestUnreceipted: 2 },
    ]);
    expect(value(second.resendFrom(hexId(9), 1, timeAt(NOON_MS)))).toBe("unknown-epoch");
  });

  it("beyond those a hello names waits its turn, and only the newest is told besides the oldest", () => {
    const { database } = inMemory();
    const starts = HELLO_EPOCHS_MAX + 6;
    for (let start = 1; start <= starts; start++) value(nextStart(database, start).append(faultAt(NOON_MS)));
    const journal = nextStart(database, starts + 1);
    expect(journal.sums().openEpochs).toBe(starts);
    const told = journal.openEpochs().map((epoch) => epoch.ordinal);
    expect(told).toEqual([...Array.from({ length: HELLO_EPOCHS_MAX }, (_, i) => i + 1), starts]);
    for (let start = 1; start <= starts; start++) value(journal.applyReceipt(receiptFor(hexId(start), 2)));
    expect(journal.openEpochs().map((epoch) => epoch.ordinal)).toEqual([starts]);
    expect(journal.sums()).toMatchObject({ pending: 0, openEpochs: 1 });
  });
});

describe("a batch", () => {
  it("holds 200 entries and not one more", () => {
    const { journal } = inMemory();
    for (let i = 0; i < BATCH_ENTRIES_MAX + 10; i++) value(journal.append(faultAt(NOON_MS)));
    expect(journal.readBatch(hexId(1), 1, 1_000)).toMatchObject({ first: 1, last: BATCH_ENTRIES_MAX });
    expect(journal.readBatch(hexId(1), 12, BATCH_ENTRIES_MAX + 11)).toMatchObject({
      first: 12,
      last: BATCH_ENTRIES_MAX + 11,
    });
    expect(readAll(journal).map(({ first, last }) => [first, last])).toEqual([
      [1, BATCH_ENTRIES_MAX],
      [BATCH_ENTRIES_MAX + 1, BATCH_ENTRIES_MAX + 11],
    ]);
  });

  it("ends before 64 KiB", () => {
    const { journal } = inMemory();
    const large = { kind: "refusals", time: timeAt(NOON_MS), counts: manyRefusals() } as never;
    for (let i = 0; i < 40; i++) value(journal.append(large));
    const batches = readAll(journal);
    expect(batches.length).toBeGreaterThan(1);
    for (const { first, last } of batches) {
      expect(Buffer.byteLength(journal.readBatch(hexId(1), first, last)?.text ?? "")).toBeLessThanOrEqual(
        BATCH_BYTES_MAX,
      );
    }
  });

  it("would never hold an entry larger than itself, so such an entry is not taken", () => {
    const { journal } = inMemory();
    const entryOf = (length: number) => ({ ...faultAt(NOON_MS), part: "x".repeat(length) }) as never;
    const frame = Buffer.byteLength(JSON.stringify(faultAt(NOON_MS, "")));
    expect(() => journal.append(entryOf(ENTRY_BYTES_MAX - frame + 1))).toThrow(RangeError);
    value(journal.append(entryOf(ENTRY_BYTES_MAX - frame)));
    expect(Buffer.byteLength(journal.readBatch(hexId(1), 2, 2)?.text ?? "")).toBeLessThanOrEqual(
      BATCH_BYTES_MAX,
    );
  });

  it("is the same bytes whenever it is read, so that a gateway can tell it has seen it", () => {
    const { journal } = inMemory();
    value(journal.append(faultAt(NOON_MS)));
    expect(journal.readBatch(hexId(1), 1, 2)).toEqual(journal.readBatch(hexId(1), 1, 2));
  });

  it("of entries that are not held is none", () => {
    const { journal } = inMemory();
    value(journal.append(faultAt(NOON_MS)));
    expect(journal.readBatch(hexId(1), 3, 9)).toBeNull();
    expect(journal.readBatch(hexId(5), 1, 1)).toBeNull();
  });
});

describe("pruning", () => {
  it("deletes what was receipted longer ago than the term, oldest first, and never what was not", () => {
    const { journal } = inMemory();
    for (let i = 0; i < 9; i++) value(journal.append(faultAt(NOON_MS)));
    value(journal.applyReceipt(receiptFor(hexId(1), 3, { ranges: [{ first: 6, last: 7 }] })));
    expect(
      value(journal.prune({ nowMs: NOON_MS + 7 * DAY_MS, keepMs: 7 * DAY_MS, closedBeforeMs: null })),
    ).toBe(0);
    expect(
      value(journal.prune({ nowMs: NOON_MS + 7 * DAY_MS + 1, keepMs: 7 * DAY_MS, closedBeforeMs: null })),
    ).toBe(3);
    expect(journal.readBatch(hexId(1), 3, 3)).toBeNull();
    const left = readAll(journal).map(({ first, last }) => [first, last]);
    expect(left).toEqual([
      [4, 5],
      [8, 10],
    ]);
    expect(journal.sums()).toMatchObject({ captured: 10, acknowledged: 5, pending: 5 });
  });

  it("declares what it deleted lost when a restored gateway asks for it, and sends the rest", () => {
    const { journal } = inMemory();
    for (let i = 0; i < 9; i++) value(journal.append(faultAt(NOON_MS)));
    value(journal.applyReceipt(receiptFor(hexId(1), 5)));
    value(journal.prune({ nowMs: NOON_MS + 8 * DAY_MS, keepMs: 7 * DAY_MS, closedBeforeMs: null }));
    value(journal.resendFrom(hexId(1), 2, timeAt(NOON_MS)));
    const [batch] = readAll(journal);
    expect(batch).toMatchObject({ first: 6, last: 11 });
    expect(batch?.parsed.at(-1)).toMatchObject({
      kind: "lost",
      epoch: hexId(1),
      first: 2,
      last: 5,
      cause: "pruned",
    });
  });

  it("takes a bounded number at once and goes on when asked again", () => {
    const { journal } = inMemory();
    for (let i = 0; i < PRUNE_ENTRIES_MAX + 40; i++) value(journal.append(faultAt(NOON_MS)));
    value(journal.applyReceipt(receiptFor(hexId(1), PRUNE_ENTRIES_MAX + 41)));
    const later = NOON_MS + 8 * DAY_MS;
    expect(value(journal.prune({ nowMs: later, keepMs: 7 * DAY_MS, closedBeforeMs: null }))).toBe(
      PRUNE_ENTRIES_MAX,
    );
    expect(journal.readBatch(hexId(1), PRUNE_ENTRIES_MAX + 1, PRUNE_ENTRIES_MAX + 1)).not.toBeNull();
    expect(value(journal.prune({ nowMs: later, keepMs: 7 * DAY_MS, closedBeforeMs: null }))).toBe(41);
    expect(value(journal.prune({ nowMs: later, keepMs: 7 * DAY_MS, closedBeforeMs: null }))).toBe(0);
    expect(journal.sums()).toMatchObject({ pending: 0, acknowledged: PRUNE_ENTRIES_MAX + 41 });
  });

  it("deletes what is of a day that the gateway has closed at once, and nothing of an open day", () => {
    const { journal } = inMemory();
    value(journal.append(faultAt(NOON_MS)));
    value(journal.append(faultAt(NOON_MS + DAY_MS)));
    value(journal.append(faultAt(NOON_MS + 2 * DAY_MS)));
    value(journal.append(faultAt(NOON_MS)));
    const terms = { nowMs: NOON_MS + 3 * DAY_MS, keepMs: 7 * DAY_MS };
    const closedBeforeMs = NOON_MS + 1.5 * DAY_MS;
    // Not before the gateway has it, whatever is closed.
    expect(value(journal.prune({ ...terms, closedBeforeMs }))).toBe(0);
    value(journal.applyReceipt(receiptFor(hexId(1), 5, { timeMs: NOON_MS + 2 * DAY_MS })));
    expect(value(journal.prune({ ...terms, closedBeforeMs: null }))).toBe(0);
    expect(value(journal.prune({ ...terms, closedBeforeMs }))).toBe(3);
    expect(value(journal.prune({ ...terms, closedBeforeMs }))).toBe(0);
    expect(journal.readBatch(hexId(1), 4, 5)).not.toBeNull();
    // The late one behind it goes with it.
    expect(value(journal.prune({ ...terms, closedBeforeMs: NOON_MS + 2.5 * DAY_MS }))).toBe(2);
    expect(journal.sums()).toMatchObject({ captured: 5, acknowledged: 5, pending: 0 });
  });

  it("takes an entry without the time for one of the day it was receipted on", () => {
    const { journal } = inMemory();
    value(journal.append({ ...faultAt(NOON_MS), time: timeAt(5, "untrusted") }));
    value(journal.applyReceipt(receiptFor(hexId(1), 2, { timeMs: NOON_MS + DAY_MS })));
    const terms = { nowMs: NOON_MS + 3 * DAY_MS, keepMs: 7 * DAY_MS };
    expect(value(journal.prune({ ...terms, closedBeforeMs: NOON_MS + 0.5 * DAY_MS }))).toBe(0);
    expect(value(journal.prune({ ...terms, closedBeforeMs: NOON_MS + 1.5 * DAY_MS }))).toBe(2);
  });

  it("hears of a closed day from any receipt, and days do not open again", () => {
    const { journal } = inMemory();
    expect(journal.kept(KEPT_CLOSED_THROUGH)).toBeNull();
    for (const closedThrough of ["2026-03-08", null, "2026-03-07"]) {
      value(journal.applyReceipt(receiptFor(hexId(1), 1, { closedThrough })));
      expect(journal.kept(KEPT_CLOSED_THROUGH)).toBe("2026-03-08");
    }
    value(journal.applyReceipt(receiptFor(hexId(1), 1, { closedThrough: "2026-03-09" })));
    expect(journal.kept(KEPT_CLOSED_THROUGH)).toBe("2026-03-09");
  });

  it("keeps marks for the term after the vote, counted from when the time was first known", () => {
    const { journal } = inMemory();
    value(journal.commitDraft(voteWith(1, 10)));
    value(journal.commitDraft(voteWith(2, 20, { time: timeAt(5, "untrusted") })));
    value(journal.prune({ nowMs: NOON_MS + DAY_MS, keepMs: 7 * DAY_MS, closedBeforeMs: null }));
    value(journal.prune({ nowMs: NOON_MS + 7 * DAY_MS + 1, keepMs: 7 * DAY_MS, closedBeforeMs: null }));
    expect(journal.isSpent(hexId(10))).toBe(false);
    expect(journal.isSpent(hexId(20))).toBe(true);
    value(journal.prune({ nowMs: NOON_MS + 8 * DAY_MS + 1, keepMs: 7 * DAY_MS, closedBeforeMs: null }));
    expect(journal.isSpent(hexId(20))).toBe(false);
  });

  it("keeps marks for their own term, however short or long entries are kept", () => {
    for (const keepMs of [DAY_MS, 400 * DAY_MS]) {
      const { journal } = inMemory();
      value(journal.commitDraft(voteWith(1, 10)));
      value(journal.prune({ nowMs: NOON_MS + 7 * DAY_MS, keepMs: keepMs, closedBeforeMs: null }));
      expect(journal.isSpent(hexId(10))).toBe(true);
      value(journal.prune({ nowMs: NOON_MS + 7 * DAY_MS + 1, keepMs: keepMs, closedBeforeMs: null }));
      expect(journal.isSpent(hexId(10))).toBe(false);
    }
  });

  it("lets go of the oldest epochs once there are more than a totem starts in decades", () => {
    const { database } = inMemory();
    const put = database.prepare(
      "INSERT INTO epoch (ordinal, epoch, last, head, pruned_to, pruned_head, closed) VALUES (?, ?, 2, ?, 2, ?, 1)",
    );
    const head = Buffer.alloc(32);
    for (let ordinal = 1; ordinal <= EPOCHS_KEPT_MAX + 5; ordinal++) {
      put.run(ordinal, hexId(ordinal), head, head);
    }
    const journal = nextStart(database, EPOCHS_KEPT_MAX + 6);
    value(journal.append(faultAt(NOON_MS)));
    value(journal.prune({ nowMs: NOON_MS, keepMs: DAY_MS, closedBeforeMs: null }));
    const { count, oldest } = database
      .prepare("SELECT count(*) AS count, min(ordinal) AS oldest FROM epoch")
      .get() as {
      count: number;
      oldest: number;
    };
    expect({ count, oldest }).toEqual({ count: EPOCHS_KEPT_MAX, oldest: 7 });
    expect(readAll(journal)).toMatchObject([{ first: 1, last: 2 }]);
  });

  it("merges receipts of one hour into one row, so that a year is a short list", () => {
    const { database, journal } = inMemory();
    for (let i = 0; i < 200; i++) value(journal.append(faultAt(NOON_MS)));
    for (let upTo = 1; upTo <= 201; upTo++) {
      value(journal.applyReceipt(receiptFor(hexId(1), upTo, { timeMs: NOON_MS + upTo * 60_000 })));
    }
    const { rows } = database.prepare("SELECT count(*) AS rows FROM received").get() as { rows: number };
    expect(rows).toBeLessThanOrEqual(Math.ceil((201 * 60_000) / HOUR_MS) + 1);
  });
});

describe("small durable values", () => {
  it("are kept by name and outlive a restart", () => {
    const folder = dataFolder();
    const first = openAt(folder, 1);
    expect(first.journal.kept("settings")).toBeNull();
    value(first.journal.keep("settings", "a"));
    value(first.journal.keep("settings", "b"));
    first.journal.close();
    const second = openAt(folder, 2);
    expect(second.journal.kept("settings")).toBe("b");
    second.journal.close();
  });
});

describe("the oldest pending entry", () => {
  it("is named by its time, past what was receipted", () => {
    const { journal } = inMemory();
    expect(journal.sums().oldestPendingMs).toBeNull();
    value(journal.append(faultAt(NOON_MS)));
    value(journal.append(faultAt(NOON_MS + 5)));
    value(journal.applyReceipt(receiptFor(hexId(1), 2)));
    expect(journal.sums().oldestPendingMs).toBe(NOON_MS + 5);
    value(journal.applyReceipt(receiptFor(hexId(1), 3)));
    expect(journal.sums()).toMatchObject({ oldestPendingMs: null, pendingBytes: 0 });
  });
});

describe("the chain", () => {
  it("crosses a restart: the first entry of a start names its predecessor's last head", () => {
    const { database, journal } = inMemory(1);
    value(journal.append(faultAt(NOON_MS)));
    const second = nextStart(database, 2);
    value(second.append(faultAt(NOON_MS)));
    const [before, after] = readAll(second);
    expect(after?.parsed[0]).toMatchObject({
      kind: "opened",
      ordinal: 2,
      previousEpoch: hexId(1),
      previousLast: 2,
      previousHead: before?.head,
    });
    // Also when the predecessor's entries are long gone.
    value(second.applyReceipt(receiptFor(hexId(1), 2)));
    value(second.prune({ nowMs: NOON_MS + 8 * DAY_MS, keepMs: 7 * DAY_MS, closedBeforeMs: null }));
    const batch = second.readBatch(hexId(2), 1, 2);
    expect(batch === null ? null : acceptBatch(batch).previousHead).toBe(after?.previousHead);
  });
});
