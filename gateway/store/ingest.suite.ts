/**
 * What every store must do with verified batches: the part of `store.suite.ts` that is about votes.
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Canonical } from "#schemas/canonical.ts";
import { HOUR_MS, MINUTE_MS } from "#schemas/time.ts";
import {
  freshHex,
  lostEntry,
  MONDAY_MS,
  refusalsEntry,
  type TestTotem,
  TOWN_HALL,
  testTotem,
  trustedTime,
  untrustedTime,
  verifiedBatch,
  voteEntry,
} from "../ingest/journal.fixture.ts";
import { brokenSums } from "../rollups/counts.ts";
import { countsOn, MONDAY, type OpenStore, TUESDAY, total, WEEK } from "./store.fixture.ts";
import type { IngestOutcome, Store } from "./store.ts";

const RULES = [TOWN_HALL];

/** A ticket that had run out three hours before Monday's vote. */
const EXPIRED_MINUTE = Math.floor(MONDAY_MS / MINUTE_MS) - 180;

export function describeIngest(open: OpenStore): void {
  let store: Store;
  let cleanUp: () => Promise<void>;
  let totem: TestTotem;
  let other: TestTotem;
  beforeEach(async () => {
    ({ store, cleanUp } = await open());
    totem = testTotem("totem-1");
    other = testTotem("totem-2");
    for (const t of [totem, other]) {
      await store.registerTotem(t.record);
      t.start();
    }
  });
  afterEach(async () => {
    // Whatever a test did, promise 6 holds and counting again gives the same.
    for (const { totemId, sums } of await store.totemStatuses())
      expect(brokenSums(sums), totemId).toEqual([]);
    expect(await store.recount(WEEK)).toEqual([]);
    expect(await store.recountTotems()).toEqual([]);
    await cleanUp();
  });

  const ingest = async (from: TestTotem, first: number, last: number, receivedMs?: number) => {
    const batch = verifiedBatch(from, from.batch(first, last), receivedMs);
    return (await store.ingest([batch], RULES))[0] as IngestOutcome;
  };
  /** Everything a totem has written and not yet sent, in one batch. */
  const sent = new WeakMap<TestTotem, Map<string, number>>();
  const send = async (from: TestTotem, receivedMs?: number) => {
    const upTo = sent.get(from) ?? new Map<string, number>();
    sent.set(from, upTo);
    const { epoch, last } = from.epochs.at(-1) as { epoch: string; last: number };
    const outcome = await ingest(from, (upTo.get(epoch) ?? 0) + 1, last, receivedMs);
    upTo.set(epoch, last);
    return outcome;
  };
  const sumsOf = async (t: TestTotem) =>
    (await store.totemStatuses()).find((s) => s.totemId === t.record.totemId)?.sums;

  it("stores entries and says how far nothing is missing, with the chain's head there", async () => {
    totem.append(voteEntry());
    totem.append(voteEntry({ face: "red", reason: "wait" }));
    const { head } = totem.epochs[0] as { head: string };
    const outcome = await send(totem);
    expect(outcome).toMatchObject({ kind: "stored", fresh: 3, rejected: [] });
    expect(outcome).toMatchObject({ watermark: { upTo: 3, head, ranges: [] }, checkpoint: { size: 1 } });
    expect(await sumsOf(totem)).toMatchObject({
      entries: 3,
      received: 2,
      accepted: 2,
      green: 1,
      red: 1,
      reason_wait: 1,
    });
    expect(await countsOn(store, MONDAY)).toEqual({ green: 1, red: 1, reason_wait: 1 });
  });

  it("counts each place, wording and hour of a batch where it belongs", async () => {
    totem.append(voteEntry());
    totem.append(voteEntry({ service: "taxes", time: trustedTime(MONDAY_MS + HOUR_MS) }));
    totem.append(voteEntry({ service: "gone-since", face: "yellow" }));
    totem.append(
      voteEntry({ service: null, wording: 2, mark: null, time: trustedTime(MONDAY_MS + 24 * HOUR_MS) }),
    );
    await send(totem);
    const { rows } = await store.countRows("hour", WEEK, { fromSlot: null, limit: 100 });
    const hour = MONDAY_MS / HOUR_MS;
    expect(rows.map((r) => [r.slot, r.officeId, r.serviceId, r.wording])).toEqual([
      [hour, "", "gone-since", 1],
      [hour, "front-office", "registry", 1],
      [hour + 1, "tax-office", "taxes", 1],
      [hour + 24, "", "", 2],
    ]);
    expect(rows.at(-1)?.counts).toMatchObject({ unverified: 1, green: 0 });
  });

  it("counts a vote of an unknown service at the one office its totem serves", async () => {
    const single = testTotem("totem-3");
    await store.registerTotem({ ...single.record, serves: ["tax-office"] });
    single.start();
    single.append(voteEntry({ service: null }));
    await send(single);
    const [row] = (await store.countRows("day", WEEK, { fromSlot: null, limit: 10 })).rows;
    expect(row).toMatchObject({ officeId: "tax-office", serviceId: "" });
  });

  it("takes a repeated batch for what it is and answers it with the same receipt", async () => {
    totem.append(voteEntry());
    const first = await ingest(totem, 1, 2);
    const again = await ingest(totem, 1, 2);
    expect(again).toEqual({ ...first, fresh: 0 });
    expect(await sumsOf(totem)).toMatchObject({ entries: 2, received: 1 });
  });

  it("keeps what comes early, names it, and moves on once the gap is filled", async () => {
    for (let i = 0; i < 9; i++) totem.append(voteEntry());
    await ingest(totem, 1, 2);
    expect(await ingest(totem, 7, 8)).toMatchObject({
      watermark: { upTo: 2, ranges: [{ first: 7, last: 8 }] },
    });
    expect(await ingest(totem, 4, 5)).toMatchObject({
      watermark: {
        upTo: 2,
        ranges: [
          { first: 4, last: 5 },
          { first: 7, last: 8 },
        ],
      },
    });
    expect(await ingest(totem, 2, 9)).toMatchObject({ fresh: 3, watermark: { upTo: 9, ranges: [] } });
    expect(await sumsOf(totem)).toMatchObject({ entries: 9, received: 8, accepted: 8 });
  });

  it("knows the epochs of a totem, where they come from and how far they are held", async () => {
    totem.append(voteEntry());
    await send(totem);
    const [before] = totem.epochs;
    totem.start();
    totem.append(voteEntry());
    await ingest(totem, 1, 1);
    const current = totem.epochs[1];
    expect(await store.knownEpochs("totem-1")).toEqual([
      {
        ...{ epoch: before?.epoch, ordinal: 1, upTo: 2, head: before?.head, ranges: [], rejected: [] },
        ...{ previousEpoch: null, previousLast: 0, previousHead: null, succeeded: true },
      },
      {
        ...{ epoch: current?.epoch, ordinal: 2, upTo: 1, head: expect.any(String), ranges: [], rejected: [] },
        ...{ previousEpoch: before?.epoch, previousLast: 2, previousHead: before?.head, succeeded: false },
      },
    ]);
    expect(await store.knownEpochs("nobody")).toEqual([]);
  });

  it("chains one audit leaf to each batch that brought something", async () => {
    const sizes = [(await store.checkpoint()).size];
    totem.append(voteEntry());
    await send(totem);
    const one = await store.checkpoint();
    await ingest(totem, 1, 2);
    expect(await store.checkpoint()).toEqual(one);
    totem.append(voteEntry());
    await send(totem);
    const two = await store.checkpoint();
    expect([...sizes, one.size, two.size]).toEqual([0, 1, 2]);
    expect(two.hash).not.toBe(one.hash);
  });

  it("leaves out a batch that contradicts what is held, and stores the others of the transaction", async () => {
    totem.append(voteEntry());
    await send(totem);
    const liar = testTotem("totem-1", totem.key);
    liar.start();
    const { epoch } = totem.epochs[0] as { epoch: string };
    // The same epoch, another second entry.
    const forged = testTotem("totem-1", totem.key);
    forged.start();
    forged.append(voteEntry({ face: "red" }));
    other.append(voteEntry());
    const contradiction = {
      ...verifiedBatch(forged, forged.batch(2, 2)),
      epoch,
    };
    const outcomes = await store.ingest([contradiction, verifiedBatch(other, other.batch(1, 2))], RULES);
    expect(outcomes.map((o) => o.kind)).toEqual(["fork", "stored"]);
    expect(await sumsOf(totem)).toMatchObject({ entries: 2, received: 1, red: 0 });
    expect(await sumsOf(other)).toMatchObject({ entries: 2, received: 1 });
  });

  it("takes nothing of a transaction that cannot be completed", async () => {
    totem.append(voteEntry({ service: "never-seen-before" }));
    const lost = testTotem("totem-9");
    lost.start();
    const batches = [verifiedBatch(totem, totem.batch(1, 2)), verifiedBatch(lost, lost.batch(1, 1))];
    await expect(store.ingest(batches, RULES)).rejects.toThrow("totem-9");
    expect(await sumsOf(totem)).toMatchObject({ entries: 0, received: 0 });
    expect(await store.checkpoint()).toMatchObject({ size: 0 });
    expect(await store.knownEpochs("totem-1")).toEqual([]);
    await send(totem);
    expect(await countsOn(store, MONDAY)).toEqual({ green: 1 });
  });

  it("counts a malformed entry in the middle as received and quarantined, names it, and passes over it", async () => {
    totem.append(voteEntry());
    totem.append({ ...(voteEntry() as object), face: "purple" } as Canonical);
    totem.append({ kind: "fault", more: 1 });
    totem.append(voteEntry());
    const outcome = await send(totem);
    expect(outcome).toMatchObject({ watermark: { upTo: 5 }, rejected: [{ seq: 3 }, { seq: 4 }] });
    expect(await sumsOf(totem)).toMatchObject({ entries: 5, received: 3, accepted: 2, quarantined: 1 });
    // Told again to a totem that missed the receipt.
    expect(await ingest(totem, 2, 5)).toMatchObject({ fresh: 0, rejected: [{ seq: 3 }, { seq: 4 }] });
    expect((await store.knownEpochs("totem-1"))[0]).toMatchObject({ rejected: [{ seq: 3 }, { seq: 4 }] });
  });

  describe("settlement", () => {
    it.each([
      ["in one batch", async () => void (await send(totem))],
      [
        "of two totems, one after the other",
        async () => {
          await send(totem);
          await send(other);
        },
      ],
      [
        "of two totems, the other way round",
        async () => {
          await send(other);
          await send(totem);
        },
      ],
      [
        "of two totems in one transaction",
        async () => {
          const batches = [totem, other].map((t) => verifiedBatch(t, t.batch(1, t.epochs[0]?.last ?? 1)));
          await store.ingest(batches, RULES);
        },
      ],
    ])(
      "accepts one of two votes with one ticket %s, and counts the other as a conflict",
      async (name, deliver) => {
        const mark = freshHex(16);
        totem.append(voteEntry({ mark }));
        (name === "in one batch" ? totem : other).append(voteEntry({ mark, face: "red" }));
        await deliver();
        expect(await total(store)).toMatchObject({ received: 2, accepted: 1, conflict: 1 });
      },
    );

    it("lets tests and votes without proof claim no ticket", async () => {
      const mark = freshHex(16);
      totem.append(voteEntry({ mark, mode: "test" }));
      totem.append(
        voteEntry({
          ticket: { profile: "plain", proof: "shape", issuerKeyId: null, minute: null, mark },
        }),
      );
      totem.append(voteEntry({ mark }));
      await send(totem);
      expect(await total(store)).toMatchObject({
        test: 1,
        unverified: 1,
        accepted: 1,
        conflict: 0,
        green: 1,
      });
    });

    it("counts votes outside opening hours and leaves the others of their faces alone", async () => {
      totem.append(voteEntry({ flags: ["afterHours"] }));
      totem.append(voteEntry({ flags: ["assist", "flood"] }));
      await send(totem);
      expect(await countsOn(store, MONDAY)).toEqual({ green: 2, after_hours: 1 });
    });
  });

  describe("time that could not be trusted", () => {
    const boot = (ms: number, bootId = "boot-2") => untrustedTime(ms, bootId);

    it("counts a vote at the moment it arrived while nothing else is known, and says that it is a guess", async () => {
      totem.append(voteEntry({ time: boot(MONDAY_MS) }));
      await send(totem, MONDAY_MS + 24 * HOUR_MS);
      expect(await countsOn(store, MONDAY)).toEqual({});
      expect(await countsOn(store, TUESDAY)).toEqual({ green: 1, time_uncertain: 1 });
    });

    it("moves it to its own hour once a trusted moment of the same boot is known", async () => {
      totem.append(voteEntry({ time: boot(MONDAY_MS) }));
      await send(totem, MONDAY_MS + 24 * HOUR_MS);
      totem.append(voteEntry({ time: trustedTime(MONDAY_MS + 2 * HOUR_MS, "boot-2") }));
      await send(totem, MONDAY_MS + 24 * HOUR_MS);
      expect(await countsOn(store, MONDAY)).toEqual({ green: 2 });
      expect(await countsOn(store, TUESDAY)).toEqual({});
    });

    it("places it at once by a trusted moment that comes later in the same batch", async () => {
      totem.append(voteEntry({ time: boot(MONDAY_MS) }));
      totem.append(voteEntry({ time: trustedTime(MONDAY_MS + HOUR_MS, "boot-2") }));
      await send(totem, MONDAY_MS + 24 * HOUR_MS);
      expect(await countsOn(store, MONDAY)).toEqual({ green: 2 });
    });

    it("moves refused scans along", async () => {
      totem.append(refusalsEntry([{ reason: "expired", service: "registry", count: 3 }], boot(MONDAY_MS)));
      await send(totem, MONDAY_MS + 24 * HOUR_MS);
      expect(await countsOn(store, TUESDAY)).toEqual({ refused_expired: 3 });
      totem.append(voteEntry({ time: trustedTime(MONDAY_MS + HOUR_MS, "boot-2") }));
      await send(totem, MONDAY_MS + 48 * HOUR_MS);
      expect(await countsOn(store, TUESDAY)).toEqual({});
      expect(await countsOn(store, MONDAY)).toEqual({ green: 1, refused_expired: 3 });
    });

    it("accepts a ticket whose time may have been good, and only then", async () => {
      const ticket = { ...voteEntry().ticket, minute: EXPIRED_MINUTE };
      totem.append(voteEntry({ ticket: { ...ticket, mark: freshHex(16) }, time: boot(MONDAY_MS) }));
      const beyond = Math.floor(MONDAY_MS / MINUTE_MS) + 600;
      totem.append(
        voteEntry({ ticket: { ...ticket, minute: beyond, mark: freshHex(16) }, time: boot(MONDAY_MS) }),
      );
      await send(totem, MONDAY_MS);
      expect(await total(store)).toMatchObject({ accepted: 1, expired_late: 1 });
    });

    it("refuses the count of a ticket that had run out before the totem was last known to have the time", async () => {
      totem.append(voteEntry({ time: trustedTime(MONDAY_MS, "boot-1") }));
      await send(totem);
      totem.start({ time: boot(MONDAY_MS + HOUR_MS, "boot-3") });
      totem.append(
        voteEntry({
          ticket: { ...voteEntry().ticket, minute: EXPIRED_MINUTE },
          time: boot(MONDAY_MS + HOUR_MS, "boot-3"),
        }),
      );
      await send(totem, MONDAY_MS + 2 * HOUR_MS);
      expect(await total(store)).toMatchObject({ accepted: 1, expired_late: 1 });
    });

    it("places a boot that never had the time where time returned, though the gateway heard of it later", async () => {
      const tuesday = MONDAY_MS + 24 * HOUR_MS;
      const thursday = MONDAY_MS + 72 * HOUR_MS;
      totem.start({ time: boot(MONDAY_MS, "boot-3") });
      totem.append(voteEntry({ time: boot(MONDAY_MS, "boot-3") }));
      await send(totem, thursday);
      totem.start({ time: trustedTime(tuesday, "boot-4") });
      await send(totem, thursday);
      expect(await countsOn(store, TUESDAY)).toEqual({ green: 1, time_uncertain: 1 });
    });

    describe("a vote found to be cast too late", () => {
      const mark = freshHex(16);
      const late = () =>
        voteEntry({
          ticket: { ...voteEntry().ticket, minute: EXPIRED_MINUTE, mark },
          time: boot(MONDAY_MS),
          face: "red",
          reason: "staff",
        });
      const learn = async () => {
        totem.append({ kind: "mode", mode: "live", time: trustedTime(MONDAY_MS + HOUR_MS, "boot-2") });
        await send(totem);
      };

      it("stays, is not counted, and gives its ticket back", async () => {
        totem.append(late());
        await send(totem);
        expect(await total(store)).toMatchObject({ accepted: 1, red: 1 });
        await learn();
        expect(await total(store)).toMatchObject({ received: 1, accepted: 0, red: 0, expired_late: 1 });
        other.append(voteEntry({ mark }));
        await send(other);
        expect(await total(store)).toMatchObject({ accepted: 1, green: 1, conflict: 0, expired_late: 1 });
      });

      it("lets the first of the conflicts it had caused count, as if its time had been known at once", async () => {
        totem.append(late());
        await send(totem);
        other.append(voteEntry({ mark }));
        other.append(voteEntry({ mark, face: "yellow" }));
        await send(other);
        expect(await total(store)).toMatchObject({ accepted: 1, red: 1, conflict: 2 });
        await learn();
        expect(await total(store)).toMatchObject({
          accepted: 1,
          green: 1,
          conflict: 1,
          expired_late: 1,
          red: 0,
        });
        other.append(voteEntry({ mark }));
        await send(other);
        expect(await total(store)).toMatchObject({ accepted: 1, conflict: 2 });
      });

      it("is not followed by another of the same boot that came too late as well", async () => {
        totem.append(late());
        totem.append({ ...(late() as object), id: freshHex(16) } as Canonical);
        await send(totem);
        expect(await total(store)).toMatchObject({ accepted: 1, conflict: 1 });
        await learn();
        expect(await total(store)).toMatchObject({ accepted: 0, conflict: 0, expired_late: 2 });
      });
    });
  });

  describe("declared losses", () => {
    it("pass the watermark, are counted, and change nothing that is held", async () => {
      for (let i = 0; i < 9; i++) totem.append(voteEntry());
      const { epoch } = totem.epochs[0] as { epoch: string };
      await ingest(totem, 1, 3);
      await ingest(totem, 8, 9);
      totem.start();
      totem.append(lostEntry(epoch, 2, 7));
      await send(totem);
      expect((await store.knownEpochs("totem-1"))[0]).toMatchObject({ upTo: 9, ranges: [] });
      expect(await sumsOf(totem)).toMatchObject({ lost: 4, received: 4 });
      expect((await store.totemStatuses())[0]).toMatchObject({ captured: 9 + 2 });
    });

    it("of an epoch nobody has heard of are kept all the same", async () => {
      const epoch = freshHex(16);
      totem.append(lostEntry(epoch, 1, 5));
      await send(totem);
      expect((await store.knownEpochs("totem-1")).find((k) => k.epoch === epoch)).toMatchObject({
        upTo: 5,
        head: null,
        ordinal: null,
      });
      expect(await sumsOf(totem)).toMatchObject({ lost: 5 });
    });

    it("may concern the beginning of the epoch that declares them", async () => {
      for (let i = 0; i < 4; i++) totem.append(voteEntry());
      const { epoch } = totem.epochs[0] as { epoch: string };
      totem.append(lostEntry(epoch, 1, 3));
      expect(await ingest(totem, 4, 6)).toMatchObject({ watermark: { upTo: 6, ranges: [] } });
      expect(await sumsOf(totem)).toMatchObject({ lost: 3, received: 2 });
    });

    it("are declared once, however often they are told", async () => {
      const epoch = freshHex(16);
      totem.append(lostEntry(epoch, 1, 5));
      totem.append(lostEntry(epoch, 3, 8));
      await send(totem);
      expect(await sumsOf(totem)).toMatchObject({ lost: 8 });
    });
  });

  it.each([1, 7, 100])(
    "counts each of a thousand tickets once that two totems took without seeing each other, joined in pieces of %i in any order",
    async (piece) => {
      const marks = Array.from({ length: 1_000 }, () => freshHex(16));
      for (const mark of marks) {
        totem.append(voteEntry({ mark, face: "green" }));
        other.append(voteEntry({ mark, face: "red", reason: "wait" }));
      }
      const pieces = [totem, other].flatMap((from, whose) =>
        Array.from({ length: Math.ceil(1_001 / piece) }, (_, n) => ({ from, whose, first: n * piece + 1 })),
      );
      // As fractions of the golden ratio are spread: every piece has pieces of the other totem before and behind it.
      const order = pieces
        .map((one, at) => ({ ...one, rank: ((at + 1) * 0.618_033_988_7) % 1 }))
        .toSorted((a, b) => a.rank - b.rank);
      // A totem's own pieces stay in their order: too many gaps would be refused for now, not settled otherwise.
      const turns = order.map(({ whose }) => whose);
      const next = [0, 0];
      for (const whose of turns) {
        const from = whose === 0 ? totem : other;
        const first = (next[whose] as number) * piece + 1;
        next[whose] = (next[whose] as number) + 1;
        await ingest(from, first, Math.min(1_001, first + piece - 1));
      }
      const sums = await total(store);
      expect(sums).toMatchObject({ received: 2_000, accepted: 1_000, conflict: 1_000 });
      expect(sums.green + sums.red).toBe(1_000);
    },
  );
}
