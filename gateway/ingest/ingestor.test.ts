import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Canonical } from "#schemas/canonical.ts";
import { RECEIPT } from "#schemas/messages.ts";
import { brokenSums } from "../rollups/counts.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import { total, WEEK } from "../store/store.fixture.ts";
import type { IngestOutcome, Store } from "../store/store.ts";
import { type Ingestor, openIngestor } from "./ingestor.ts";
import {
  freshHex,
  lostEntry,
  MONDAY_MS,
  type TestTotem,
  TOWN_HALL,
  testTotem,
  trustedTime,
  untrustedTime,
  voteEntry,
  type WireBatch,
} from "./journal.fixture.ts";

type Sent = Parameters<Parameters<typeof openIngestor>[0]["sendReceipt"]>;

/** An ingestor over a store, with what it sent and logged. */
function ingestorOver(store: Store, totems: readonly TestTotem[]) {
  const receipts: { totemId: string; receipt: Sent[1] }[] = [];
  const logged: string[] = [];
  const counted: Record<string, number> = {};
  const opened: string[] = [];
  const log = (event: string) => void logged.push(event);
  const clock = { nowMs: MONDAY_MS };
  const keys = new Map(totems.map((totem) => [totem.record.totemId, totem.publicKey]));
  const ingestor = openIngestor({
    store,
    log: { info: log, warn: log, error: log },
    nowMs: () => clock.nowMs,
    journalKey: (totemId) => keys.get(totemId) ?? null,
    sites: () => [TOWN_HALL],
    sendReceipt: (totemId, receipt) => receipts.push({ totemId, receipt }),
    onOpened: async (totemId) => void opened.push(totemId),
    onCounted: (what, count) => {
      counted[what] = (counted[what] ?? 0) + count;
    },
  });
  return { ingestor, receipts, logged, counted, opened, clock };
}

const offer = (ingestor: Ingestor, batch: WireBatch) => ingestor.offer(batch.totemId, batch.payload);

describe("the ingestor", () => {
  let store: Store;
  let totem: TestTotem;
  let other: TestTotem;
  beforeEach(async () => {
    store = openSqliteStore(":memory:", 0);
    [totem, other] = [testTotem("totem-1"), testTotem("totem-2")];
    for (const t of [totem, other]) {
      await store.registerTotem(t.record);
      t.start();
      t.append(voteEntry());
    }
  });
  afterEach(() => store.close());

  it("answers a batch with a receipt in the contract's shape, after the store has it", async () => {
    const { ingestor, receipts, counted, opened } = ingestorOver(store, [totem]);
    await offer(ingestor, totem.batch(1, 2));
    expect(receipts).toEqual([]);
    await ingestor.settled();
    expect(receipts).toHaveLength(1);
    const receipt = { ...receipts[0]?.receipt, signature: "00".repeat(64) };
    expect(RECEIPT.parse(receipt)).toMatchObject({
      ok: true,
      value: {
        upTo: 2,
        head: totem.epochs[0]?.head,
        closedThrough: null,
        timeMs: MONDAY_MS,
        // Nothing is in the public log before a day was closed.
        checkpoint: null,
      },
    });
    expect(counted).toEqual({ commits: 1, batches: 1, entries: 2 });
    expect(opened).toEqual(["totem-1"]);
  });

  it("commits what has arrived together, and answers each batch", async () => {
    let commits = 0;
    const watched: Store = {
      ...store,
      ingest: (batches, rules) => {
        commits += 1;
        return store.ingest(batches, rules);
      },
    };
    for (let i = 0; i < 40; i++) totem.append(voteEntry());
    const { ingestor, receipts } = ingestorOver(watched, [totem]);
    for (const batch of totem.batches(2)) await offer(ingestor, batch);
    await ingestor.settled();
    expect(receipts.at(-1)?.receipt.upTo).toBe(42);
    expect(receipts).toHaveLength(21);
    expect(commits).toBe(1);
  });

  it.each<[string, string, () => Buffer]>([
    ["a forged batch", "bad-signature", () => forged()],
    ["half a batch", "not-json", () => totem.batch(1, 2).payload.subarray(0, 99)],
    ["a batch of another totem", "bad-signature", () => other.batch(1, 2).payload],
  ])("quarantines %s once, raises the alarm and answers nothing", async (_, reason, payload) => {
    const { ingestor, receipts, counted } = ingestorOver(store, [totem, other]);
    const bytes = payload();
    for (let i = 0; i < 3; i++) await ingestor.offer("totem-1", bytes);
    await ingestor.settled();
    expect(receipts).toEqual([]);
    expect(counted).toEqual({ quarantined: 1 });
    expect(await store.alarms()).toMatchObject([
      { code: "batch-quarantined", subject: "totem-1", times: 1, detail: expect.stringContaining(reason) },
    ]);
    expect(await total(store)).toMatchObject({ entries: 0, received: 0 });
  });

  function forged(): Buffer {
    const forger = testTotem("totem-1");
    forger.start();
    forger.append(voteEntry({ face: "red" }));
    return forger.batch(1, 2).payload;
  }

  it("quarantines a fork, keeps what it had, and goes on with the true chain", async () => {
    const { ingestor, receipts } = ingestorOver(store, [totem]);
    const { epoch } = totem.epochs[0] as { epoch: string };
    // A copy of the totem that begins the same epoch and then writes another vote.
    const twin = testTotem("totem-1", totem.key);
    twin.start({}, epoch);
    twin.append(voteEntry({ face: "red" }));
    totem.append(voteEntry());
    await offer(ingestor, totem.batch(1, 2));
    await offer(ingestor, twin.batch(1, 2));
    await offer(ingestor, twin.batch(2, 2));
    await offer(ingestor, totem.batch(3, 3));
    await ingestor.settled();
    expect(receipts.map((r) => r.receipt.upTo)).toEqual([2, 3]);
    expect(await store.alarms()).toMatchObject([
      { code: "batch-quarantined", subject: "totem-1", times: 2, detail: expect.stringContaining("fork") },
    ]);
    expect(await total(store)).toMatchObject({ received: 2, green: 2, red: 0 });
  });

  it("gives strangers one room and one alarm, whatever they call themselves", async () => {
    const { ingestor } = ingestorOver(store, [totem]);
    for (const name of ["stranger-1", "stranger-2"]) await ingestor.offer(name, other.batch(1, 2).payload);
    await ingestor.settled();
    expect(await store.alarms()).toMatchObject([{ code: "batch-quarantined", subject: "", times: 1 }]);
  });

  it("keeps no more of a payload than a batch may have", async () => {
    const kept: number[] = [];
    const watched: Store = {
      ...store,
      quarantine: async (payload) => {
        kept.push(payload.payload.length);
        return store.quarantine(payload);
      },
    };
    const { ingestor } = ingestorOver(watched, [totem]);
    await ingestor.offer("totem-1", Buffer.alloc(1_048_576, "x"));
    await ingestor.settled();
    expect(kept).toEqual([65_536]);
  });

  it("says that a quarantine is full, but not with every batch", async () => {
    const full: Store = { ...store, quarantine: async () => "full" };
    const { ingestor, clock } = ingestorOver(full, [totem]);
    for (let i = 0; i < 5; i++) await ingestor.offer("totem-1", Buffer.from(String(i)));
    await ingestor.settled();
    expect(await store.alarms()).toMatchObject([{ code: "quarantine-full", times: 1 }]);
    clock.nowMs += 60_000;
    await ingestor.offer("totem-1", Buffer.from("x"));
    await ingestor.settled();
    expect(await store.alarms()).toMatchObject([{ code: "quarantine-full", times: 2 }]);
  });

  it("stores the others when one batch of a commit cannot be stored", async () => {
    const lost = testTotem("totem-9");
    lost.start();
    const { ingestor, receipts, logged } = ingestorOver(store, [totem, other, lost]);
    for (const t of [totem, lost, other]) await offer(ingestor, t.batch(1, 1));
    await ingestor.settled();
    expect(receipts.map((r) => r.totemId)).toEqual(["totem-1", "totem-2"]);
    expect(logged).toContain("ingest-failed");
  });

  it("answers nothing while the store fails, and takes the same batch when it works again", async () => {
    let works = false;
    const failing: Store = {
      ...store,
      ingest: async (...args) => {
        if (!works) throw new Error("the disk is full");
        return store.ingest(...args);
      },
      quarantine: async () => {
        throw new Error("the disk is full");
      },
    };
    const { ingestor, receipts, logged } = ingestorOver(failing, [totem]);
    await offer(ingestor, totem.batch(1, 2));
    await ingestor.offer("totem-1", Buffer.from("not a batch"));
    await ingestor.settled();
    expect(receipts).toEqual([]);
    expect(logged).toEqual(expect.arrayContaining(["ingest-failed", "quarantine-failed"]));
    expect(ingestor.isStoring()).toBe(false);
    works = true;
    await ingestor.offer("totem-1", Buffer.from("not a batch"));
    await ingestor.settled();
    expect(ingestor.isStoring()).toBe(false);
    await offer(ingestor, totem.batch(1, 2));
    await ingestor.settled();
    expect(receipts).toMatchObject([{ receipt: { upTo: 2 } }]);
    expect(ingestor.isStoring()).toBe(true);
  });

  it("makes whoever sends wait while too much is on its way, and loses nothing of it", async () => {
    const { promise: gate, resolve: letGo } = Promise.withResolvers<void>();
    const slow: Store = {
      ...store,
      ingest: async (batches): Promise<readonly IngestOutcome[]> => {
        await gate;
        return batches.map(() => ({ kind: "scattered" }));
      },
      quarantine: async () => {
        await gate;
        return "known";
      },
    };
    const { ingestor } = ingestorOver(slow, [totem]);
    let taken = 0;
    const offers = Array.from({ length: 600 }, () =>
      ingestor.offer("totem-1", Buffer.alloc(65_536)).then(() => {
        taken += 1;
      }),
    );
    await new Promise((resolve) => setImmediate(resolve));
    expect(taken).toBeLessThanOrEqual(128);
    letGo();
    await Promise.all(offers);
    await ingestor.settled();
    expect(taken).toBe(600);
  });

  it("tells a totem that reconnects what it missed, rejected entries included", async () => {
    totem.append({ kind: "vote", more: 1 });
    const { ingestor, receipts } = ingestorOver(store, [totem]);
    await offer(ingestor, totem.batch(1, 3));
    await ingestor.settled();
    receipts.length = 0;
    await ingestor.sendWatermarks("totem-1", [totem.epochs[0]?.epoch ?? "", freshHex(16)]);
    expect(receipts).toMatchObject([{ receipt: { upTo: 3, rejected: [{ seq: 3 }] } }]);
  });
});

describe("any loss, repetition, order, cut and interleaving of batches, and restarts of the gateway", () => {
  /** One thing a totem writes. */
  type Act =
    | {
        readonly kind: "vote";
        readonly ticket: number;
        readonly trusted: boolean;
        readonly malformed: boolean;
      }
    | { readonly kind: "restart" };
  const act: fc.Arbitrary<Act> = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant("vote" as const),
        // Few tickets for many votes: some are shown at both totems.
        ticket: fc.nat(40),
        trusted: fc.boolean(),
        malformed: fc.nat(9).map((n) => n === 0),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: "restart" as const }) },
  );
  /** One thing that happens on the way. */
  const delivery = fc.oneof(
    {
      weight: 12,
      arbitrary: fc.record({
        kind: fc.constant("deliver" as const),
        totem: fc.nat(2),
        epoch: fc.nat(5),
        from: fc.nat(40),
        size: fc.integer({ min: 1, max: 12 }),
        times: fc.integer({ min: 1, max: 2 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant("forge" as const), totem: fc.nat(2), at: fc.nat(4_000) }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: "gateway-restart" as const }) },
  );

  /** Marks of a ticket are the same wherever it is shown. */
  const markOf = (ticket: number) => `feed${ticket.toString(16).padStart(28, "0")}`;

  function write(totem: TestTotem, acts: readonly Act[]): void {
    let boot = 1;
    totem.start();
    for (const [index, one] of acts.entries()) {
      if (one.kind === "restart") {
        boot += 1;
        totem.start({ time: untrustedTime(MONDAY_MS, `boot-${boot}`) });
        continue;
      }
      const atMs = MONDAY_MS + index * 1_000;
      const time = one.trusted ? trustedTime(atMs, `boot-${boot}`) : untrustedTime(atMs, `boot-${boot}`);
      const vote = voteEntry({ time, mark: markOf(one.ticket), face: index % 3 === 0 ? "red" : "green" });
      totem.append(one.malformed ? ({ ...(vote as object), wording: "none" } as Canonical) : vote);
    }
  }

  it("counts every vote exactly once, receipts nothing uncommitted, and all sums hold", async () => {
    const folder = mkdtempSync(join(tmpdir(), "faccine-ingest-"));
    let run = 0;
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(act, { minLength: 1, maxLength: 25 }), { minLength: 2, maxLength: 3 }),
          fc.array(delivery, { maxLength: 40 }),
          async (journals, deliveries) => {
            run += 1;
            const path = join(folder, `${run}.db`);
            const totems = journals.map((acts, index) => {
              const totem = testTotem(`totem-${index}`);
              write(totem, acts);
              return totem;
            });
            let store = openSqliteStore(path, 0);
            for (const totem of totems) await store.registerTotem(totem.record);
            let gateway = ingestorOver(store, totems);
            const restart = async () => {
              await gateway.ingestor.settled();
              await checkReceipts();
              await store.close();
              store = openSqliteStore(path, 0);
              gateway = ingestorOver(store, totems);
            };
            /** No receipt names an entry that the store does not hold, or another head than the totem's own. */
            const checkReceipts = async () => {
              for (const { totemId, receipt } of gateway.receipts) {
                const known = (await store.knownEpochs(totemId)).find((k) => k.epoch === receipt.epoch);
                expect(receipt.upTo).toBeLessThanOrEqual(known?.upTo ?? 0);
                if (receipt.upTo > 0) {
                  const totem = totems.find((t) => t.record.totemId === totemId) as TestTotem;
                  const batch = totem.batch(receipt.upTo, receipt.upTo, receipt.epoch);
                  expect(receipt.head).toBe((JSON.parse(batch.payload.toString()) as { head: string }).head);
                }
              }
            };
            for (const one of deliveries) {
              if (one.kind === "gateway-restart") {
                await restart();
                continue;
              }
              const totem = totems[one.totem % totems.length] as TestTotem;
              if (one.kind === "forge") {
                const [batch] = totem.batches(8) as [WireBatch];
                const bytes = Buffer.from(batch.payload);
                const at = one.at % bytes.length;
                bytes[at] = (bytes[at] as number) ^ 1;
                await gateway.ingestor.offer(totem.record.totemId, bytes);
                continue;
              }
              const { epoch, last } = totem.epochs[one.epoch % totem.epochs.length] as {
                epoch: string;
                last: number;
              };
              const from = 1 + (one.from % last);
              const batch = totem.batch(from, Math.min(last, from + one.size - 1), epoch);
              for (let i = 0; i < one.times; i++) await offer(gateway.ingestor, batch);
            }
            // In the end everything arrives once more, as outboxes see to it.
            for (const totem of totems)
              for (const batch of totem.batches(10)) await offer(gateway.ingestor, batch);
            await gateway.ingestor.settled();
            await checkReceipts();
            await checkFigures(store, totems, journals);
            await store.close();
          },
        ),
        { numRuns: 40 },
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  async function checkFigures(
    store: Store,
    totems: readonly TestTotem[],
    journals: readonly (readonly Act[])[],
  ) {
    const votes = journals.flat().filter((one) => one.kind === "vote");
    const sound = votes.filter((vote) => !vote.malformed);
    const sums = await total(store);
    expect(sums.entries).toBe(totems.reduce((sum, t) => sum + t.epochs.reduce((n, e) => n + e.last, 0), 0));
    expect(sums.received).toBe(votes.length);
    expect(sums.quarantined).toBe(votes.length - sound.length);
    // Each ticket counts once, wherever it was shown and whatever came first.
    expect(sums.accepted).toBe(new Set(sound.map((vote) => vote.ticket)).size);
    expect(sums.conflict).toBe(sound.length - sums.accepted);
    for (const status of await store.totemStatuses()) {
      expect(brokenSums(status.sums)).toEqual([]);
      expect(status.captured).toBe(status.sums.entries);
    }
    for (const totem of totems) {
      const known = await store.knownEpochs(totem.record.totemId);
      for (const { epoch, last, head } of totem.epochs) {
        expect(known.find((k) => k.epoch === epoch)).toMatchObject({ upTo: last, head, ranges: [] });
      }
    }
    expect(await store.recount(WEEK)).toEqual([]);
    expect(await store.recountTotems()).toEqual([]);
  }

  it("takes everything again when an older copy of its database is put back", async () => {
    const folder = mkdtempSync(join(tmpdir(), "faccine-ingest-"));
    try {
      const totem = testTotem("totem-0");
      totem.start();
      for (let i = 0; i < 30; i++) totem.append(voteEntry());
      const path = join(folder, "gateway.db");
      let store = openSqliteStore(path, 0);
      await store.registerTotem(totem.record);
      let gateway = ingestorOver(store, [totem]);
      await offer(gateway.ingestor, totem.batch(1, 10));
      await gateway.ingestor.settled();
      await store.close();
      copyFileSync(path, join(folder, "backup.db"));
      store = openSqliteStore(path, 0);
      gateway = ingestorOver(store, [totem]);
      await offer(gateway.ingestor, totem.batch(11, 31));
      await gateway.ingestor.settled();
      await store.close();
      copyFileSync(join(folder, "backup.db"), path);
      store = openSqliteStore(path, 0);
      gateway = ingestorOver(store, [totem]);
      // The totem goes on from where it was receipted: that is kept, and the gap is told.
      totem.append(voteEntry());
      await offer(gateway.ingestor, totem.batch(32, 32));
      await gateway.ingestor.settled();
      expect(gateway.receipts.at(-1)?.receipt).toMatchObject({ upTo: 10, ranges: [{ first: 32, last: 32 }] });
      // Asked to, it sends the rest again; part of it is gone by then.
      const { epoch } = totem.epochs[0] as { epoch: string };
      totem.append(lostEntry(epoch, 11, 15));
      await offer(gateway.ingestor, totem.batch(16, 33));
      await gateway.ingestor.settled();
      expect(gateway.receipts.at(-1)?.receipt).toMatchObject({ upTo: 33, ranges: [] });
      expect(await total(store)).toMatchObject({ received: 26, accepted: 26, lost: 5 });
      await store.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
