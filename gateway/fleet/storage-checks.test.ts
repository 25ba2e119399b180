import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HELLO_EPOCHS_MAX } from "#schemas/limits.ts";
import type { EpochState, Hello } from "#schemas/messages.ts";
import type { KnownEpoch } from "../store/store.ts";
import { checkHello, missingPredecessors } from "./storage-checks.ts";

const id = (n: number) => n.toString(16).padStart(32, "0");
const head = (name: string) => Buffer.from(name).toString("hex").padEnd(64, "0");

/** An epoch as the gateway holds it: whole, up to `upTo`, following the one before. */
function held(n: number, upTo: number, options: Partial<KnownEpoch> = {}): KnownEpoch {
  return {
    ...{ epoch: id(n), ordinal: n, upTo, head: head(`${n}@${upTo}`), ranges: [], rejected: [] },
    ...{ previousEpoch: n === 1 ? null : id(n - 1), previousLast: n === 1 ? 0 : 10 },
    ...{ previousHead: n === 1 ? null : head(`${n - 1}@10`), succeeded: false },
    ...options,
  };
}
/** An epoch as the totem tells it. */
function told(n: number, last: number, oldestUnreceipted = last + 1): EpochState {
  return { epoch: id(n), ordinal: n, last, oldestUnreceipted, head: head(`${n}@${last}`) };
}
function hello(open: readonly EpochState[], options: Partial<Hello> = {}): Hello {
  return {
    ...{ startCount: 1, schema: 1, current: open.at(-1) ?? null, open: [...open], openEpochs: open.length },
    ...{ entriesPending: 0, bytesPending: 0, ...options },
  };
}
const NOTHING = { resends: [], alarms: [] };
/** An epoch whose start, and with it what it follows, was declared lost. */
function lostStart(n: number, upTo: number): KnownEpoch {
  const unsaid = { ordinal: null, previousEpoch: null, previousLast: 0, previousHead: null };
  return held(n, upTo, { ...unsaid, head: null, succeeded: true });
}

describe("a hello compared with what is held", () => {
  it.each<[string, Hello, readonly KnownEpoch[]]>([
    ["a new totem", hello([]), []],
    ["a totem whose first entries are on their way", hello([told(1, 5, 1)]), []],
    ["a totem that is where the gateway is", hello([told(1, 10)]), [held(1, 10)]],
    ["a totem that missed receipts", hello([told(1, 10, 4)]), [held(1, 10)]],
    [
      "a totem that lost the start of the epoch before",
      hello([told(3, 4)]),
      [held(1, 10), held(3, 4), lostStart(2, 10)],
    ],
    ["a totem after a network cut with much to send", hello([told(1, 90, 11)]), [held(1, 10)]],
    [
      "a totem that restarted and has written nothing since",
      hello([told(1, 10)], { current: null }),
      [held(1, 10)],
    ],
    ["a restarted totem whose successor is on its way", hello([told(1, 10), told(2, 1, 1)]), [held(1, 10)]],
    [
      "a restarted totem whose old epoch is closed",
      hello([told(2, 3)]),
      [held(1, 10, { succeeded: true }), held(2, 3)],
    ],
    [
      "a restarted totem that still has to send its old epoch",
      hello([told(1, 10, 6), told(2, 3)]),
      [held(1, 5, { succeeded: true }), held(2, 3)],
    ],
    [
      "the current epoch told apart from the open ones",
      hello([told(1, 10)], { current: told(2, 1, 1), openEpochs: 1 }),
      [held(1, 10)],
    ],
    [
      "an epoch whose beginning was declared lost",
      hello([told(3, 2)]),
      [
        held(1, 10, { succeeded: false, previousEpoch: null }),
        held(2, 10, { ordinal: null, previousEpoch: null, head: null, succeeded: true }),
        held(3, 2),
      ].filter((k) => k.ordinal !== 1),
    ],
  ])("asks and alarms nothing for %s", (_, said, known) => {
    expect(checkHello(said, known)).toEqual(NOTHING);
  });

  it("asks a totem to send again what a restored gateway has lost, and blames nobody meanwhile", () => {
    // The gateway was put back to where it held five entries of the first epoch; the totem is in its third.
    const known = [held(1, 5)];
    expect(checkHello(hello([told(3, 20, 15)]), known)).toEqual({
      resends: [{ epoch: id(3), from: 1 }],
      alarms: [],
    });
    // Its third epoch came again and names the second.
    const further = [...known, held(3, 20)];
    expect(missingPredecessors(further, new Set([id(3)]))).toEqual([{ epoch: id(2), from: 1 }]);
    // The second came too and names the first.
    const more = [...further, held(2, 10, { succeeded: true })];
    expect(missingPredecessors(more, new Set([id(3)]))).toEqual([{ epoch: id(1), from: 6 }]);
    const whole = [held(1, 10, { succeeded: true }), held(2, 10, { succeeded: true }), held(3, 20)];
    expect(checkHello(hello([told(3, 20)]), whole)).toEqual(NOTHING);
  });

  it.each<[string, Hello, readonly KnownEpoch[], string]>([
    [
      "a totem that holds less of an epoch than the gateway",
      hello([told(1, 8)]),
      [held(1, 10)],
      "rolled-back",
    ],
    [
      "the same where what is too much lies beyond a gap",
      hello([told(1, 8)]),
      [held(1, 4, { ranges: [{ first: 9, last: 9 }] })],
      "rolled-back",
    ],
    [
      "a successor that says its predecessor ended earlier than it did",
      hello([told(2, 3)]),
      [held(1, 12, { succeeded: true }), held(2, 3)],
      "rolled-back",
    ],
    [
      "an open epoch the totem no longer knows",
      hello([told(5, 3)]),
      [held(1, 10), held(5, 3, { ordinal: 1, previousEpoch: null })],
      "epoch-missing",
    ],
    [
      "two successors of one epoch",
      hello([told(3, 2)]),
      [
        held(1, 10, { succeeded: true }),
        held(2, 4, { succeeded: false }),
        held(3, 2, { previousEpoch: id(1), ordinal: 2 }),
      ],
      "forked",
    ],
    [
      "two beginnings, as after a journal was set aside",
      hello([told(2, 2)]),
      [held(1, 10, { succeeded: true }), held(2, 2, { ordinal: 1, previousEpoch: null })],
      "forked",
    ],
    [
      "a successor of another head than the one held",
      hello([told(2, 3)]),
      [held(1, 10, { succeeded: true }), held(2, 3, { previousHead: head("another") })],
      "forked",
    ],
    [
      "a skipped ordinal",
      hello([told(2, 3)]),
      [held(1, 10, { succeeded: true }), held(2, 3, { ordinal: 4 })],
      "ordinal-skipped",
    ],
    ["a predecessor nobody has", hello([told(2, 3)]), [held(2, 3)], "ordinal-skipped"],
  ])("alarms for %s", (_, said, known, code) => {
    expect(checkHello(said, known).alarms.map((a) => a.code)).toContain(code);
  });

  it("cannot miss an epoch in a hello that may not name them all", () => {
    const many = Array.from({ length: HELLO_EPOCHS_MAX }, (_, i) => told(100 + i, 1, 1));
    const known = [held(1, 10)];
    const codes = (said: Hello) => checkHello(said, known).alarms.map((a) => a.code);
    expect(codes(hello(many, { openEpochs: HELLO_EPOCHS_MAX + 9 }))).toEqual([]);
    expect(codes(hello(many.slice(1)))).toEqual(["epoch-missing"]);
  });

  it("names each thing once, however the current epoch is told", () => {
    const said = hello([told(1, 8)], { current: told(1, 8) });
    expect(checkHello(said, [held(1, 10)]).alarms).toHaveLength(1);
  });

  it("finds nothing wrong with any honest totem, wherever it stands", () => {
    // Lengths of its epochs, how much of each the gateway holds, how much the totem knows of that.
    const epoch = fc.record({ length: fc.integer({ min: 1, max: 20 }), held: fc.nat(20), known: fc.nat(20) });
    fc.assert(
      fc.property(fc.array(epoch, { minLength: 1, maxLength: 8 }), (drawn) => {
        // Honest totems are receipted only what is held, and close an epoch only when its successor has begun there.
        const epochs = drawn.map((e) => {
          const upTo = Math.min(e.held, e.length);
          return { ...e, upTo, receipted: Math.min(e.known, upTo) };
        });
        const isClosed = (i: number) => {
          const [one, next] = [epochs[i], epochs[i + 1]];
          return (
            one !== undefined && next !== undefined && one.receipted === one.length && next.receipted >= 1
          );
        };
        const known = epochs.flatMap((e, i) =>
          e.upTo === 0
            ? []
            : [
                held(i + 1, e.upTo, {
                  previousLast: epochs[i - 1]?.length ?? 0,
                  previousHead: i === 0 ? null : head(`${i}@${epochs[i - 1]?.length}`),
                  succeeded: (epochs[i + 1]?.upTo ?? 0) > 0,
                }),
              ],
        );
        const open = epochs.flatMap((e, i) => (isClosed(i) ? [] : [told(i + 1, e.length, e.receipted + 1)]));
        expect(checkHello(hello(open), known)).toEqual(NOTHING);
      }),
      { numRuns: 500 },
    );
  });

  it("excuses one missing epoch for each start that was declared lost, and no other", () => {
    const beginning = { previousEpoch: null, previousLast: 0, previousHead: null };
    const known = [held(7, 10, beginning), held(1, 10), lostStart(2, 10), held(3, 4)];
    const { alarms } = checkHello(hello([told(3, 4)]), known);
    expect(alarms.filter(({ code }) => code === "epoch-missing")).toEqual([
      { code: "epoch-missing", detail: expect.stringContaining(id(7)) },
    ]);
  });
});
