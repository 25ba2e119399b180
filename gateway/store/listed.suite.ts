/**
 * What every store must do with lists of receipts that were given out: the part of `store.suite.ts` about votes by a receipt's shape.
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { VoteEntry } from "#schemas/entry.ts";
import { MINUTE_MS } from "#schemas/time.ts";
import {
  freshHex,
  MONDAY_MS,
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
import type { Store } from "./store.ts";

const WEDNESDAY = "2026-07-08";

/** A vote by the shape of a receipt. */
function plainVote(mark: string, more: Partial<VoteEntry> = {}, minute: number | null = null): VoteEntry {
  const ticket = { profile: "plain", proof: "shape", issuerKeyId: null, minute, mark } as const;
  return { ...voteEntry(more), ticket };
}

export function describeListed(open: OpenStore): void {
  let store: Store;
  let cleanUp: () => Promise<void>;
  let totems: TestTotem[];
  let sent: number[];
  beforeEach(async () => {
    ({ store, cleanUp } = await open());
    sent = [];
    totems = ["totem-1", "totem-2"].map((totemId) => testTotem(totemId));
    for (const totem of totems) {
      await store.registerTotem(totem.record);
      totem.start();
    }
  });
  afterEach(async () => {
    for (const { totemId, sums } of await store.totemStatuses())
      expect(brokenSums(sums), totemId).toEqual([]);
    expect(await store.recount(WEEK)).toEqual([]);
    expect(await store.recountTotems()).toEqual([]);
    await cleanUp();
  });

  /** Sends a vote of one of the totems. */
  const cast = async (vote: VoteEntry, from = 0) => {
    const totem = totems[from] as TestTotem;
    const last = totem.append(vote);
    await store.ingest([verifiedBatch(totem, totem.batch((sent[from] ?? 0) + 1, last))], [TOWN_HALL]);
    sent[from] = last;
  };
  const list = (...marks: string[]) =>
    store.listReceipts(
      marks.map((mark) => ({ mark, day: MONDAY })),
      TOWN_HALL.ticketRules,
      MONDAY_MS,
    );

  describe("a vote by a receipt's shape", () => {
    it("counts once its receipt is listed, whichever of the two came first, in the counters of its hour", async () => {
      const [early, late] = [freshHex(16), freshHex(16)];
      await cast(plainVote(late, { face: "red", reason: "wait" }));
      expect(await countsOn(store, MONDAY)).toEqual({ unverified: 1 });
      expect(await list(early, late)).toBe(2);
      await cast(plainVote(early));
      expect(await countsOn(store, MONDAY)).toEqual({ green: 1, red: 1, reason_wait: 1 });
      expect(await total(store)).toMatchObject({ received: 2, accepted: 2, unverified: 0 });
    });

    it("of a receipt that is not listed stays unverified", async () => {
      await cast(plainVote(freshHex(16)));
      await list(freshHex(16));
      expect(await total(store)).toMatchObject({ accepted: 0, unverified: 1 });
    });

    it("counts once, of several with one receipt: the first committed, whenever the list comes", async () => {
      const mark = freshHex(16);
      await cast(plainVote(mark));
      await cast(plainVote(mark, { face: "red", reason: "staff" }), 1);
      await list(mark);
      expect(await list(mark)).toBe(0);
      await cast(plainVote(mark, { face: "yellow" }));
      expect(await total(store)).toMatchObject({ accepted: 1, green: 1, conflict: 2, unverified: 0 });
    });

    it("is expired when no moment it may have been cast at was good", async () => {
      const minute = Math.floor(MONDAY_MS / MINUTE_MS) - 180;
      const mark = freshHex(16);
      (totems[0] as TestTotem).append({
        kind: "mode",
        mode: "live",
        time: trustedTime(MONDAY_MS, "boot-9"),
      });
      await cast(plainVote(mark, { time: untrustedTime(MONDAY_MS, "boot-9") }, minute));
      await list(mark);
      expect(await total(store)).toMatchObject({ accepted: 0, expired_late: 1 });
    });
  });

  it("forgets listed marks with the closing of the day after theirs, and names them in what it holds", async () => {
    const heldNow = async () => (await store.held()).find(({ id }) => id === "gateway-listed");
    await list(freshHex(16));
    expect(await heldNow()).toMatchObject({ rows: 1, oldestDay: MONDAY });
    await store.closeThrough(MONDAY, MONDAY_MS);
    expect(await heldNow()).toMatchObject({ rows: 1 });
    await store.closeThrough(TUESDAY, MONDAY_MS);
    expect(await heldNow()).toMatchObject({ rows: 0, oldestDay: null });
  });

  it("tells the public log of votes that count by a list, apart from those that totems commit to", async () => {
    const mark = freshHex(16);
    await cast(voteEntry());
    await cast(plainVote(mark, { face: "yellow" }));
    await list(mark);
    await store.closeThrough(WEDNESDAY, MONDAY_MS);
    const { settled } = await store.totemDay("totem-1", MONDAY);
    expect(settled.map(({ face, isCommitted }) => [face, isCommitted])).toEqual([
      ["green", true],
      ["yellow", false],
    ]);
  });
}
