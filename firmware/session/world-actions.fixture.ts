/**
 * What happens in the session's world, and how often: mostly what citizens do, now and then what technicians, thieves
 * and worn cards do.
 */
import fc from "fast-check";
import { KEYS, type Key } from "#schemas/code-list.ts";
import type { Condition } from "./world-journal.fixture.ts";

/** Something that happens in the world. */
export type Action =
  | { readonly does: "edge"; readonly key: Key; readonly active: boolean }
  | { readonly does: "press"; readonly key: Key }
  | { readonly does: "scan"; readonly ticket: number }
  | { readonly does: "scan-something-else" }
  | { readonly does: "wait"; readonly ms: number }
  /** The journal answers this many of its waiting requests. */
  | { readonly does: "answer"; readonly requests: number }
  | { readonly does: "journal"; readonly condition: Condition }
  | { readonly does: "headphones"; readonly plugged: boolean }
  | { readonly does: "ask-self-test" }
  | { readonly does: "self-test"; readonly passed: boolean }
  | { readonly does: "disk-full" }
  | { readonly does: "found-active"; readonly key: Key }
  | { readonly does: "power-cut"; readonly commitCompletes: boolean };

const key = fc.constantFrom(...KEYS);
const votingKey = fc.constantFrom("green", "yellow", "red", "red", "wait", "staff" as const);

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constant("press" as const), key: votingKey }) },
  { weight: 6, arbitrary: fc.record({ does: fc.constant("scan" as const), ticket: fc.nat({ max: 3 }) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constant("wait" as const),
      ms: fc.constantFrom(1, 400, 1_000, 3_000, 10_000, 31_000, 121_000),
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant("wait" as const), ms: fc.nat({ max: 40_000 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant("answer" as const), requests: fc.integer({ min: 1, max: 3 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant("journal" as const),
      condition: fc.constantFrom(
        "prompt",
        "prompt",
        "stalled",
        "stalled",
        "journal-failed",
        "disk-full",
        "torn" as const,
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("edge" as const), key, active: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("press" as const), key }) },
  { weight: 1, arbitrary: fc.constant({ does: "scan-something-else" } as const) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("headphones" as const), plugged: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("self-test" as const), passed: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ does: "ask-self-test" } as const) },
  { weight: 1, arbitrary: fc.constant({ does: "disk-full" } as const) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("found-active" as const), key }) },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant("power-cut" as const), commitCompletes: fc.boolean() }),
  },
);

/** A citizen who scans, chooses, and changes their mind again and again: single actions seldom come in this order. */
const visit: fc.Arbitrary<readonly Action[]> = fc
  .record({
    ticket: fc.nat({ max: 3 }),
    keys: fc.array(votingKey, { minLength: 1, maxLength: 6 }),
    isBlind: fc.boolean(),
  })
  .map(({ ticket, keys, isBlind }) => [
    { does: "headphones", plugged: isBlind },
    ...(isBlind ? [{ does: "press", key: "assist" } as const] : []),
    { does: "scan", ticket },
    ...keys.flatMap((pressed): Action[] => [
      { does: "press", key: pressed },
      { does: "wait", ms: 500 },
    ]),
  ]);

/** Whole stories. */
export const actions = fc
  .array(fc.oneof({ weight: 8, arbitrary: action.map((one) => [one]) }, { weight: 1, arbitrary: visit }), {
    maxLength: 60,
    size: "max",
  })
  .map((parts) => parts.flat());
