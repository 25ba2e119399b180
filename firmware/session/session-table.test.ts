/**
 * Every state a citizen can meet, against every kind of event: where it leads and what it asks for, each cell written
 * by hand from the design's table. The compiler refuses a state or an event without its cells.
 */
import { describe, expect, it } from "vitest";
import type { Event } from "./events.ts";
import { good, type Play, play, refusedAs, told, used } from "./session.fixture.ts";

/** Longer than the lock-out, shorter than any wait. */
const MOMENT_MS = 600;

const awaiting = play().scan(good(1));
const thankedGreen = awaiting.press("green").committed().wait(MOMENT_MS);
const thankedRed = awaiting.press("red").committed().wait(MOMENT_MS);

const STATES = {
  idle: play(),
  "awaiting a face": awaiting,
  "saving the first choice": awaiting.press("green").wait(MOMENT_MS),
  "saving a reason": thankedRed.press("wait").wait(MOMENT_MS),
  "thanked after green": thankedGreen,
  "thanked after red": thankedRed,
  "thanked after red and a reason": thankedRed.press("wait").committed().wait(MOMENT_MS),
  "thanked once more": thankedGreen.wait(3_000).scan(used(1)),
  refused: play().scan(refusedAs("malformed")),
  "out of order": play().feed({ type: "storage-failed", cause: "journal-failed" }),
};
type StateName = keyof typeof STATES;

const HAPPENINGS = {
  started: (p: Play) => p.feed({ type: "started" }),
  "a tick before the deadline": (p: Play) => p.wait(1),
  "a tick at the deadline": (p: Play) => p.wait(deadlineOf(p) - p.atMs),
  "press green": (p: Play) => p.press("green"),
  "press yellow": (p: Play) => p.press("yellow"),
  "press red": (p: Play) => p.press("red"),
  "press wait": (p: Play) => p.press("wait"),
  "press staff": (p: Play) => p.press("staff"),
  "press assist": (p: Play) => p.press("assist"),
  "press service": (p: Play) => p.press("service"),
  "a key let go that was not held": (p: Play) => p.feed({ ...release, key: "yellow" }),
  "a key found active": (p: Play) => p.feed({ type: "key-found-active", key: "return" }),
  "another ticket, good": (p: Play) => p.scan(good(2)),
  "another ticket, used": (p: Play) => p.scan(used(2)),
  "the same ticket, still good": (p: Play) => p.scan(good(1)),
  "the same ticket, used": (p: Play) => p.scan(used(1)),
  "something that is no ticket": (p: Play) => p.scan(refusedAs("malformed")),
  "the draft is stored": (p: Play) => p.feed({ type: "draft-committed", voteId: voteIdOf(p) }),
  "another draft is stored": (p: Play) => p.feed({ type: "draft-committed", voteId: "another" }),
  "the draft is not stored": (p: Play) => p.feed({ ...notStored, voteId: voteIdOf(p) }),
  "another draft is not stored": (p: Play) => p.feed({ ...notStored, voteId: "another" }),
  "storage failed": (p: Play) => p.feed({ type: "storage-failed", cause: "disk-full" }),
  "the journal works": (p: Play) => p.feed({ type: "journal-works" }),
  "the journal still fails": (p: Play) => p.feed({ type: "journal-still-fails" }),
  "headphones plugged in": (p: Play) => p.feed({ type: "headphones-changed", plugged: true }),
  "the self-test is asked for": (p: Play) => p.feed({ type: "self-test-asked" }),
  "the self-test passed": (p: Play) => p.feed({ type: "self-test-finished", passed: true }),
} satisfies Record<string, (play: Play) => Play>;
type Happening = keyof typeof HAPPENINGS;

const release = { type: "key-changed", active: false, freshId: "x", afterHours: false } as const;
const notStored = { type: "draft-failed", cause: "journal-failed" } as const;

const STUCK = "key-stuck return failed";
const FULL = "out-of-order | disk-full failed, fault";
const FAILED = "out-of-order | journal-failed failed, fault";
const REFUSED = "refused | refusal malformed, refused";
const REFUSED_USED = "refused | refusal used, refused";
const SEALED_REFUSED = "refused | seal, refusal malformed, refused";
const SEALED_REFUSED_USED = "refused | seal, refusal used, refused";
const TEST_MODE = "mode test, self-test";

/** What happens without any consequence but, for presses, the answer that every press gets. */
function ordinary(phase: string): Record<Happening, string> {
  const stays = `${phase} | `;
  const clicks = `${phase} | click, counted`;
  return {
    started: stays,
    "a tick before the deadline": stays,
    "a tick at the deadline": stays,
    "press green": clicks,
    "press yellow": clicks,
    "press red": clicks,
    "press wait": clicks,
    "press staff": clicks,
    "press assist": clicks,
    "press service": clicks,
    "a key let go that was not held": stays,
    "a key found active": `${phase} | ${STUCK}`,
    "another ticket, good": stays,
    "another ticket, used": stays,
    "the same ticket, still good": stays,
    "the same ticket, used": stays,
    "something that is no ticket": stays,
    "the draft is stored": stays,
    "another draft is stored": stays,
    "the draft is not stored": stays,
    "another draft is not stored": stays,
    "storage failed": stays,
    "the journal works": stays,
    "the journal still fails": stays,
    "headphones plugged in": stays,
    "the self-test is asked for": stays,
    "the self-test passed": stays,
  };
}

/** The rows of the states after a commit have much in common. */
function thanked(): Record<Happening, string> {
  return {
    ...ordinary("thanked"),
    "a tick at the deadline": "idle | seal",
    "press assist": "thanked | click, counted, say other-language, say layout, say thanks",
    "press service": `idle | click, counted, seal, ${TEST_MODE}`,
    "another ticket, good": "awaiting-face | seal, ready",
    "another ticket, used": SEALED_REFUSED_USED,
    "the same ticket, still good": "thanked | thanks",
    "the same ticket, used": "thanked | thanks",
    "something that is no ticket": SEALED_REFUSED,
    "storage failed": FULL,
  };
}

const TABLE: Record<StateName, Partial<Record<Happening, string>> & Record<Happening, string>> = {
  idle: {
    ...ordinary("idle"),
    "the self-test is asked for": `idle | ${TEST_MODE}`,
    "press assist": "idle | click, counted, say other-language, say layout, say show-receipt",
    "press service": `idle | click, counted, ${TEST_MODE}`,
    "another ticket, good": "awaiting-face | ready",
    "another ticket, used": REFUSED_USED,
    "the same ticket, still good": "awaiting-face | ready",
    "the same ticket, used": REFUSED_USED,
    "something that is no ticket": REFUSED,
    "storage failed": FULL,
  },
  "awaiting a face": {
    ...ordinary("awaiting-face"),
    "a tick at the deadline": "idle | ",
    "press green": "saving | click, counted, commit green",
    "press yellow": "saving | click, counted, commit yellow",
    "press red": "saving | click, counted, commit red/none",
    "press assist": "awaiting-face | click, counted, say other-language, say layout, say choose",
    "press service": `idle | click, counted, ${TEST_MODE}`,
    "another ticket, good": "awaiting-face | ready",
    "another ticket, used": REFUSED_USED,
    "the same ticket, still good": "awaiting-face | ready",
    "the same ticket, used": REFUSED_USED,
    "something that is no ticket": REFUSED,
    "storage failed": FULL,
  },
  "saving the first choice": {
    ...ordinary("saving"),
    "a tick at the deadline": FAILED,
    "the draft is stored": "thanked | thanks",
    "the draft is not stored": FAILED,
  },
  "saving a reason": {
    ...ordinary("saving"),
    "a tick at the deadline": FAILED,
    "the draft is stored": "thanked | thanks",
    "the draft is not stored": FAILED,
  },
  "thanked after green": {
    ...thanked(),
    "press yellow": "saving | click, counted, commit yellow",
    "press red": "saving | click, counted, commit red/none",
  },
  "thanked after red": {
    ...thanked(),
    "press green": "saving | click, counted, commit green",
    "press yellow": "saving | click, counted, commit yellow",
    "press wait": "saving | click, counted, commit red/wait",
    "press staff": "saving | click, counted, commit red/staff",
  },
  "thanked after red and a reason": {
    ...thanked(),
    "press green": "saving | click, counted, commit green",
    "press yellow": "saving | click, counted, commit yellow",
    "press staff": "saving | click, counted, commit red/staff",
  },
  "thanked once more": {
    ...thanked(),
    "a tick at the deadline": "idle | ",
    "press service": `idle | click, counted, ${TEST_MODE}`,
    "another ticket, good": "awaiting-face | ready",
    "another ticket, used": REFUSED_USED,
    "something that is no ticket": REFUSED,
  },
  refused: {
    ...ordinary("refused"),
    "the self-test is asked for": `idle | ${TEST_MODE}`,
    "a tick at the deadline": "idle | ",
    "press assist": "refused | click, counted, say other-language, say layout, say show-receipt",
    "press service": `idle | click, counted, ${TEST_MODE}`,
    "another ticket, good": "awaiting-face | ready",
    "another ticket, used": REFUSED_USED,
    "the same ticket, still good": "awaiting-face | ready",
    "the same ticket, used": REFUSED_USED,
    "something that is no ticket": REFUSED,
    "storage failed": FULL,
  },
  "out of order": {
    ...ordinary("out-of-order"),
    "a tick at the deadline": "out-of-order | probe",
    "press assist": "out-of-order | click, counted, say other-language, say layout, say out-of-order",
    "press service": "out-of-order | click, counted, self-test",
    "the self-test is asked for": "out-of-order | self-test",
    "another ticket, good": "out-of-order | fault",
    "another ticket, used": "out-of-order | fault",
    "the same ticket, still good": "out-of-order | fault",
    "the same ticket, used": "out-of-order | fault",
    "something that is no ticket": "out-of-order | fault",
    "the journal works": "idle | seal, journal-failed recovered, ready",
  },
};

describe.each(Object.keys(STATES) as StateName[])("the session, %s", (name) => {
  it.each(Object.keys(HAPPENINGS) as Happening[])("%s", (happening) => {
    const after = HAPPENINGS[happening](STATES[name]);
    expect(`${after.state.phase.name} | ${told(after.effects)}`).toBe(TABLE[name][happening]);
  });
});

it("the table has a column for every kind of event", () => {
  const kinds = new Set<Event["type"]>();
  const listening: Play = {
    ...play(),
    feed: (event) => {
      kinds.add(event.type);
      return listening;
    },
    press: () => listening.feed({ ...release, key: "green" }),
    scan: (judgement) =>
      listening.feed({ type: "ticket-judged", judgement, length: 133, freshId: "x", afterHours: false }),
    wait: () => listening.feed({ type: "tick" }),
  };
  for (const happening of Object.values(HAPPENINGS)) happening(listening);
  const known: Record<Event["type"], true> = {
    started: true,
    tick: true,
    "key-changed": true,
    "key-found-active": true,
    "ticket-judged": true,
    "draft-committed": true,
    "draft-failed": true,
    "storage-failed": true,
    "journal-works": true,
    "journal-still-fails": true,
    "headphones-changed": true,
    "self-test-asked": true,
    "self-test-finished": true,
  };
  expect([...kinds].sort()).toEqual(Object.keys(known).sort());
});

function deadlineOf({ state, atMs }: Play): number {
  const { phase } = state;
  if (phase.name === "idle") return atMs;
  return phase.name === "out-of-order" ? phase.probeAtMs : phase.untilMs;
}

function voteIdOf({ state }: Play): string {
  const { phase } = state;
  if (phase.name === "saving" || phase.name === "thanked") return phase.draft?.voteId ?? "none";
  return "none";
}
