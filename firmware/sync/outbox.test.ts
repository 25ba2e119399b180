import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BATCH_ENTRIES_MAX, BATCHES_IN_FLIGHT_MAX } from "#schemas/limits.ts";
import { addRange, gaps, type Range } from "#schemas/ranges.ts";
import {
  ANSWER_WAIT_MS,
  connected,
  EMPTY_OUTBOX,
  type EpochToSend,
  gatewayAnnounced,
  gatewayHeard,
  HELD_PER_EPOCH_MAX,
  nextOutboxDeadlineMs,
  nextToSend,
  type Outbox,
  progressed,
  RECEIPT_WAIT_MS,
  type Sent,
  SLOWEST_WAIT_MS,
  SUSPECT_AFTER,
  SUSPECTS_PER_EPOCH_MAX,
  sent,
  waited,
} from "./outbox.ts";

const epochOf = (epoch: string, last: number, received: readonly Range[] = []): EpochToSend => ({
  epoch,
  last,
  received,
});

/** Sends everything that may go now; batches hold at most `batchMax` entries, as when entries are large. */
function sendAll(outbox: Outbox, nowMs: number, batchMax = BATCH_ENTRIES_MAX): [Outbox, Sent[]] {
  const out: Sent[] = [];
  let box = outbox;
  for (let run = nextToSend(box, nowMs); run !== null; run = nextToSend(box, nowMs)) {
    const batch = { epoch: run.epoch, first: run.from, last: Math.min(run.to, run.from + batchMax - 1) };
    box = sent(box, batch, nowMs);
    out.push(batch);
    expect(box.inFlight.length).toBeLessThanOrEqual(BATCHES_IN_FLIGHT_MAX);
    // Suspects leave the other places to batches that will be answered.
    expect(box.inFlight.filter(({ passedOver }) => passedOver >= SUSPECT_AFTER).length).toBeLessThanOrEqual(
      1,
    );
  }
  return [box, out];
}

describe("the outbox", () => {
  it("sends the oldest first, four batches at once and not one more, none larger than a batch may be", () => {
    const epochs = [epochOf("a", 250), epochOf("b", 3), epochOf("c", 1_000)];
    const [, out] = sendAll(progressed(EMPTY_OUTBOX, epochs), 0);
    expect(out).toEqual([
      { epoch: "a", first: 1, last: 200 },
      { epoch: "a", first: 201, last: 250 },
      { epoch: "b", first: 1, last: 3 },
      { epoch: "c", first: 1, last: 200 },
    ]);
  });

  it("sends only what is missing", () => {
    const received = [
      { first: 1, last: 4 },
      { first: 7, last: 8 },
    ];
    const [, out] = sendAll(progressed(EMPTY_OUTBOX, [epochOf("a", 10, received)]), 0);
    expect(out).toEqual([
      { epoch: "a", first: 5, last: 6 },
      { epoch: "a", first: 9, last: 10 },
    ]);
  });

  it("repeats an unanswered batch after the first wait at once, then ever more slowly", () => {
    let box = progressed(EMPTY_OUTBOX, [epochOf("a", 1)]);
    const sentAtMs: number[] = [];
    for (let nowMs = 0; sentAtMs.length < 12; ) {
      box = waited(box, nowMs, 1);
      const [after, out] = sendAll(box, nowMs);
      box = after;
      if (out.length > 0) sentAtMs.push(nowMs);
      nowMs = nextOutboxDeadlineMs(box, nowMs) ?? Number.NaN;
    }
    const pausesMs = sentAtMs.slice(1).map((at, index) => at - (sentAtMs[index] as number));
    expect(pausesMs.slice(0, 3)).toEqual([RECEIPT_WAIT_MS, 3 * RECEIPT_WAIT_MS, 5 * RECEIPT_WAIT_MS]);
    expect(pausesMs.at(-1)).toBe(SLOWEST_WAIT_MS + RECEIPT_WAIT_MS);
    expect(pausesMs.at(-2)).toBe(SLOWEST_WAIT_MS + RECEIPT_WAIT_MS);
  });

  it("holds no more than a few unanswered batches while the gateway is silent", () => {
    let box = progressed(EMPTY_OUTBOX, [epochOf("a", 200_000)]);
    const firsts = new Set<number>();
    for (let nowMs = 0; nowMs < 7_200_000; nowMs = nextOutboxDeadlineMs(box, nowMs) ?? Number.NaN) {
      box = waited(box, nowMs, 0.5);
      const [after, out] = sendAll(box, nowMs);
      box = after;
      for (const batch of out) firsts.add(batch.first);
    }
    expect(firsts.size).toBeLessThanOrEqual(HELD_PER_EPOCH_MAX + BATCHES_IN_FLIGHT_MAX);
    expect(box.held.length).toBeLessThanOrEqual(HELD_PER_EPOCH_MAX + BATCHES_IN_FLIGHT_MAX);
  });

  it("repeats at once what only waited for the gateway when it is heard again", () => {
    let box = progressed(EMPTY_OUTBOX, [epochOf("a", 800), epochOf("b", 1)]);
    [box] = sendAll(box, 0);
    box = waited(box, RECEIPT_WAIT_MS, 1);
    [box] = sendAll(box, RECEIPT_WAIT_MS);
    box = waited(box, 2 * RECEIPT_WAIT_MS, 1);
    const [, nothing] = sendAll(box, 2 * RECEIPT_WAIT_MS);
    expect(nothing).toEqual([{ epoch: "b", first: 1, last: 1 }]);
    const [, out] = sendAll(gatewayHeard(box, 2 * RECEIPT_WAIT_MS), 2 * RECEIPT_WAIT_MS);
    expect(out.map((batch) => batch.first)).toEqual([1, 201, 401, 601]);
  });

  it("forgets what was in flight in another session, and waits for the answer to a hello within one", () => {
    const epochs = [epochOf("a", 800)];
    const [box] = sendAll(progressed(EMPTY_OUTBOX, epochs), 0);
    expect(sendAll(connected(box), 1)[1]).toHaveLength(4);
    const announced = gatewayAnnounced(box, 1);
    expect(sendAll(announced, 1)[1]).toHaveLength(0);
    expect(nextOutboxDeadlineMs(announced, 1)).toBe(1 + ANSWER_WAIT_MS);
    // The answer: everything up to 400 is there.
    const answered = progressed(announced, [epochOf("a", 800, [{ first: 1, last: 400 }])]);
    const [, out] = sendAll(waited(answered, 1 + ANSWER_WAIT_MS, 0), 1 + ANSWER_WAIT_MS);
    expect(out.map((batch) => batch.first)).toEqual([401, 601]);
  });

  it("sends the rest of a batch that was partly receipted under another cut once, not again and again", () => {
    let [box] = sendAll(progressed(EMPTY_OUTBOX, [epochOf("a", 200)]), 0);
    box = waited(box, RECEIPT_WAIT_MS, 1);
    box = progressed(box, [epochOf("a", 200, [{ first: 1, last: 100 }])]);
    const [after, out] = sendAll(box, RECEIPT_WAIT_MS);
    expect(out).toEqual([{ epoch: "a", first: 101, last: 200 }]);
    expect(after.held).toEqual([]);
  });

  it("sleeps while what is due waits for a place in flight", () => {
    let box = progressed(EMPTY_OUTBOX, [epochOf("a", 2_000), epochOf("b", 2_000)]);
    [box] = sendAll(box, 0);
    box = waited(box, RECEIPT_WAIT_MS, 1);
    [box] = sendAll(box, RECEIPT_WAIT_MS);
    box = waited(box, 2 * RECEIPT_WAIT_MS, 1);
    [box] = sendAll(box, 2 * RECEIPT_WAIT_MS);
    box = gatewayHeard(box, 2 * RECEIPT_WAIT_MS);
    expect(box.inFlight).toHaveLength(BATCHES_IN_FLIGHT_MAX);
    expect(box.held.some((batch) => batch.untilMs <= 2 * RECEIPT_WAIT_MS)).toBe(true);
    expect(nextOutboxDeadlineMs(box, 2 * RECEIPT_WAIT_MS)).toBeGreaterThan(2 * RECEIPT_WAIT_MS);
  });
});

/** A gateway in virtual time that never answers for some entries and answers for all others at once. */
function deliverAround(
  epochs: readonly { readonly epoch: string; readonly last: number }[],
  isRefused: (batch: Sent) => boolean,
  untilMs: number,
) {
  const received = new Map<string, readonly Range[]>();
  const progress = () => epochs.map(({ epoch, last }) => epochOf(epoch, last, received.get(epoch) ?? []));
  const log: { readonly batch: Sent; readonly atMs: number }[] = [];
  let box = progressed(EMPTY_OUTBOX, progress());
  let nowMs = 0;
  while (nowMs < untilMs) {
    box = waited(box, nowMs, 1);
    const [after, out] = sendAll(box, nowMs, 50);
    box = after;
    log.push(...out.map((batch) => ({ batch, atMs: nowMs })));
    const answered = out.filter((batch) => !isRefused(batch));
    for (const batch of answered) {
      received.set(batch.epoch, addRange(received.get(batch.epoch) ?? [], batch));
      box = gatewayHeard(progressed(box, progress()), nowMs);
    }
    if (answered.length > 0) continue;
    const deadline = nextOutboxDeadlineMs(box, nowMs);
    if (deadline === null) break;
    nowMs = deadline;
  }
  return { received, log, box };
}

describe("a batch the gateway cannot verify", () => {
  it("does not hold up those behind it, and is repeated at the slowest pace", () => {
    const refused = (batch: Sent) => batch.epoch === "a" && batch.first === 51;
    const { received, log } = deliverAround(
      [
        { epoch: "a", last: 5_000 },
        { epoch: "b", last: 5_000 },
      ],
      refused,
      86_400_000,
    );
    expect(received.get("a")).toEqual([
      { first: 1, last: 50 },
      { first: 101, last: 5_000 },
    ]);
    expect(received.get("b")).toEqual([{ first: 1, last: 5_000 }]);
    const atMs = log.filter(({ batch }) => refused(batch)).map((entry) => entry.atMs);
    const lastPauses = atMs
      .slice(-20)
      .map((at, index, all) => at - (all[index - 1] ?? at))
      .slice(1);
    expect(Math.min(...lastPauses)).toBe(SLOWEST_WAIT_MS + RECEIPT_WAIT_MS);
    // Six an hour and a few at the beginning.
    expect(atMs.length).toBeLessThan(24 * 6 + 12);
  });

  it("is one of a whole epoch that is refused: others are delivered, and the refused one is tried in a few places only", () => {
    const { received, log } = deliverAround(
      [
        { epoch: "a", last: 10_000 },
        { epoch: "b", last: 3_000 },
      ],
      (batch) => batch.epoch === "a",
      86_400_000,
    );
    expect(received.get("b")).toEqual([{ first: 1, last: 3_000 }]);
    const tried = new Set(log.filter(({ batch }) => batch.epoch === "a").map(({ batch }) => batch.first));
    expect(tried.size).toBeLessThanOrEqual(
      SUSPECTS_PER_EPOCH_MAX + HELD_PER_EPOCH_MAX + BATCHES_IN_FLIGHT_MAX,
    );
  });
});

describe("several batches that are due and thought to be at fault", () => {
  it("go one at a time, so that three places are left for those that will be answered", () => {
    const suspect = (first: number) => ({
      epoch: "a",
      first,
      last: first + 9,
      attempts: 9,
      passedOver: SUSPECT_AFTER,
      gatewayWasThere: false,
      untilMs: 0,
    });
    const held = [1, 11, 21, 31, 41].map(suspect);
    const epochs = [epochOf("a", 50), epochOf("b", 1_000)];
    const [, out] = sendAll({ epochs, inFlight: [], held }, 0);
    expect(out.map(({ epoch, first }) => [epoch, first])).toEqual([
      ["a", 1],
      ["b", 1],
      ["b", 201],
      ["b", 401],
    ]);
  });
});

/** What the network does to one message: how often it arrives, and when. */
const fate = fc.array(fc.integer({ min: 1, max: 40_000 }), { maxLength: 3 });

type Arrival = { readonly atMs: number } & (
  | { readonly to: "gateway"; readonly batch: Sent }
  | { readonly to: "totem"; readonly epoch: string; readonly received: readonly Range[] }
);

describe("over a network that loses, repeats and reorders batches and receipts", () => {
  it("everything is delivered, never more than four batches are in flight, and no batch is repeated sooner than a receipt could come", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 3 }),
        fc.array(fate, { minLength: 10, maxLength: 400 }),
        fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 10, maxLength: 40 }),
        (lasts, fates, dice) => {
          let message = 0;
          // After some hundreds of messages the network behaves: otherwise nothing need ever arrive.
          const fateOf = () => fates[message++] ?? [1];
          const held = new Map<string, readonly Range[]>(lasts.map((_, index) => [`e${index}`, []]));
          const marked = new Map<string, readonly Range[]>(lasts.map((_, index) => [`e${index}`, []]));
          const progress = () =>
            lasts.map((last, index) => epochOf(`e${index}`, last, marked.get(`e${index}`) ?? []));
          const arrivals: Arrival[] = [];
          const lastSentMs = new Map<string, number>();
          let box = progressed(EMPTY_OUTBOX, progress());
          let nowMs = 0;
          for (let turn = 0; ; turn++) {
            expect(turn).toBeLessThan(20_000);
            box = waited(box, nowMs, (dice[turn % dice.length] ?? 0) / 100);
            const [after, out] = sendAll(box, nowMs, 1 + (dice[(turn * 7) % dice.length] ?? 0));
            box = after;
            for (const batch of out) {
              const name = `${batch.epoch}/${batch.first}`;
              // A receipt that is on its way may come at any time; before a wait is over nothing is repeated.
              const before = lastSentMs.get(name);
              if (before !== undefined) expect(nowMs - before).toBeGreaterThanOrEqual(RECEIPT_WAIT_MS);
              lastSentMs.set(name, nowMs);
              for (const delayMs of fateOf()) arrivals.push({ atMs: nowMs + delayMs, to: "gateway", batch });
            }
            const isDone = lasts.every(
              (last, index) => gaps(marked.get(`e${index}`) ?? [], 1, last).length === 0,
            );
            if (isDone) break;
            arrivals.sort((a, b) => a.atMs - b.atMs);
            const deadlineMs = nextOutboxDeadlineMs(box, nowMs) ?? Number.POSITIVE_INFINITY;
            const next = arrivals[0];
            if (next === undefined || deadlineMs < next.atMs) {
              expect(deadlineMs).not.toBe(Number.POSITIVE_INFINITY);
              expect(deadlineMs).toBeGreaterThan(nowMs);
              nowMs = deadlineMs;
              continue;
            }
            arrivals.shift();
            nowMs = Math.max(nowMs, next.atMs);
            if (next.to === "gateway") {
              const { epoch } = next.batch;
              held.set(epoch, addRange(held.get(epoch) ?? [], next.batch));
              const received = held.get(epoch) ?? [];
              for (const delayMs of fateOf()) {
                arrivals.push({ atMs: nowMs + delayMs, to: "totem", epoch, received });
              }
            } else {
              marked.set(next.epoch, next.received.reduce(addRange, marked.get(next.epoch) ?? []));
              box = gatewayHeard(progressed(box, progress()), nowMs);
            }
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
