import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FACES, type Key } from "#schemas/code-list.ts";
import {
  type KeyStates,
  keyChanged,
  keyFoundActive,
  keysWaited,
  NO_KEYS,
  nextKeyDeadlineMs,
} from "./keys.ts";
import { RULES, START_MS } from "./session.fixture.ts";

/** Edges of one key as `[atMs, active]`, times counted from the start. */
type Edges = readonly (readonly [number, boolean])[];

/** Plays edges with a tick at each deadline on the way, and says what came of them, with the time. */
function outcomes(edges: Edges, { key = "green" as Key, untilMs = 0, keys = NO_KEYS } = {}) {
  const told: string[] = [];
  let now = keys;
  const note = (atMs: number, step: { keys: KeyStates; outcomes: readonly { type: string; key: Key }[] }) => {
    now = step.keys;
    for (const outcome of step.outcomes) told.push(`${atMs - START_MS} ${outcome.type}`);
  };
  const waitUntil = (atMs: number) => {
    for (let ticks = 0; ticks < 1_000; ticks += 1) {
      const deadline = nextKeyDeadlineMs(now, RULES);
      if (deadline === null || deadline > atMs) return;
      note(deadline, keysWaited(now, deadline, RULES));
    }
    throw new Error("a deadline that never passes");
  };
  for (const [at, active] of edges) {
    waitUntil(START_MS + at - 1);
    note(START_MS + at, keyChanged(now, { key, active, atMs: START_MS + at }, RULES));
  }
  waitUntil(START_MS + untilMs);
  return { told, keys: now };
}

/** A clean press and release every `everyMs`. */
function presses(times: number, everyMs: number): Edges {
  return Array.from({ length: times }, (_, index) => [
    [index * everyMs, true] as const,
    [index * everyMs + 90, false] as const,
  ]).flat();
}

describe("a press", () => {
  it("counts at its first contact, at once", () => {
    expect(outcomes([[0, true]]).told).toEqual(["0 pressed"]);
  });

  it("that bounces when it closes and when it opens is one press", () => {
    const closing: Edges = [
      [0, true],
      [1, false],
      [2, true],
      [3, false],
      [6, true],
    ];
    const opening: Edges = [
      [90, false],
      [91, true],
      [95, false],
      [97, true],
      [98, false],
    ];
    const { told, keys } = outcomes([...closing, ...opening]);
    expect(told).toEqual(["0 pressed"]);
    expect(keys.green).toMatchObject({ presses: 1, bounces: 4, active: false });
  });

  it("held for long still bounces only once when let go, though the lock-out is over", () => {
    const { told } = outcomes([
      [0, true],
      [2_000, false],
      [2_004, true],
      [2_009, false],
    ]);
    expect(told).toEqual(["0 pressed"]);
  });

  it("of a slow finger on a worn key that chatters when let go is one press, long after the lock-out", () => {
    const { told, keys } = outcomes([
      [0, true],
      [900, false],
      [925, true],
      [927, false],
      [960, true],
      [961, false],
    ]);
    expect(told).toEqual(["0 pressed"]);
    expect(keys.green).toMatchObject({ bounces: 2, active: false });
  });

  it("that repeats itself without being let go is auto-repeat and counts once", () => {
    expect(
      outcomes([
        [0, true],
        [600, true],
        [1_200, true],
        [5_000, true],
      ]).told,
    ).toEqual(["0 pressed"]);
  });

  it("within the lock-out does not count; at its end it does", () => {
    expect(outcomes([...presses(1, 0), [499, true]]).told).toEqual(["0 pressed"]);
    expect(outcomes([...presses(1, 0), [500, true]]).told).toEqual(["0 pressed", "500 pressed"]);
  });

  it("swallowed by the lock-out and held does not become a press later", () => {
    const { told } = outcomes([...presses(1, 0), [300, true]], { untilMs: 9_000 });
    expect(told).toEqual(["0 pressed"]);
  });

  it("of another key has a lock-out of its own", () => {
    const green = outcomes(presses(1, 0)).keys;
    expect(outcomes([[100, true]], { key: "red", keys: green }).told).toEqual(["100 pressed"]);
  });

  it("let go for as long as a release takes counts again; a moment less is bounce", () => {
    const held: Edges = [
      [0, true],
      [1_000, false],
    ];
    expect(outcomes([...held, [1_000 + RULES.releaseMs - 1, true]]).told).toEqual(["0 pressed"]);
    expect(outcomes([...held, [1_000 + RULES.releaseMs, true]]).told).toHaveLength(2);
  });
});

describe("a stuck key", () => {
  it("is told after ten seconds, once, and when it is free again", () => {
    const { told } = outcomes(
      [
        [0, true],
        [60_000, false],
      ],
      { untilMs: 70_000 },
    );
    expect(told).toEqual(["0 pressed", "10000 stuck", "60050 unstuck"]);
  });

  it("that is worn and opens for moments is stuck all the same, and told once", () => {
    const chatter = Array.from({ length: 400 }, (_, index) => [
      [50 + index * 50, false] as const,
      [52 + index * 50, true] as const,
    ]).flat();
    expect(outcomes([[0, true], ...chatter]).told).toEqual(["0 pressed", "10000 stuck"]);
  });

  it("that opens long enough is free, and its next contact is a press", () => {
    const { told } = outcomes([
      [0, true],
      [12_000, false],
      [12_100, true],
    ]);
    expect(told).toEqual(["0 pressed", "10000 stuck", "12050 unstuck", "12100 pressed"]);
  });

  it("freed and pressed before any tick is told free before it is told pressed", () => {
    const stuck = outcomes([[0, true]], { untilMs: 10_000 }).keys;
    const open = keyChanged(stuck, { key: "green", active: false, atMs: START_MS + 11_000 }, RULES).keys;
    const step = keyChanged(open, { key: "green", active: true, atMs: START_MS + 11_500 }, RULES);
    expect(step.outcomes.map((outcome) => outcome.type)).toEqual(["unstuck", "pressed"]);
  });

  it("found active at the start is never a press", () => {
    const found = keyFoundActive(NO_KEYS, "red", START_MS);
    expect(found.outcomes).toEqual([{ type: "stuck", key: "red" }]);
    const { told } = outcomes(
      [
        [20_000, false],
        [21_000, true],
      ],
      { key: "red", keys: found.keys },
    );
    expect(told).toEqual(["20050 unstuck", "21000 pressed"]);
  });
});

describe("a flood", () => {
  it("begins with the press over the limit, before that press counts, and ends when a minute has thinned it", () => {
    const limit = RULES.floodPressesPerMinute;
    const { told } = outcomes(presses(limit + 1, 600), { untilMs: 120_000 });
    const last = limit * 600;
    expect(told.slice(-4)).toEqual([
      `${last - 600} pressed`,
      `${last} flood-began`,
      `${last} pressed`,
      "60000 flood-ended",
    ]);
  });

  it("is not yet one at the limit", () => {
    const { told } = outcomes(presses(RULES.floodPressesPerMinute, 600), { untilMs: 120_000 });
    expect(told.filter((line) => line.includes("flood"))).toEqual([]);
  });

  it("goes on as long as the pressing does and is told once", () => {
    const { told } = outcomes(presses(300, 600), { untilMs: 300_000 });
    expect(told.filter((line) => line.includes("flood"))).toEqual([
      "12000 flood-began",
      "227400 flood-ended",
    ]);
  });

  it("that thinned out before anybody ticked ends with the next press", () => {
    let keys = outcomes(presses(RULES.floodPressesPerMinute + 1, 600)).keys;
    expect(keys.green.flooding).toBe(true);
    const step = keyChanged(keys, { key: "green", active: true, atMs: START_MS + 500_000 }, RULES);
    keys = step.keys;
    expect(step.outcomes.map((outcome) => outcome.type)).toEqual(["flood-ended", "pressed"]);
    expect(keys.green).toMatchObject({ flooding: false, recent: [START_MS + 500_000] });
  });

  it("remembers no more presses than it needs", () => {
    const { keys } = outcomes(presses(1_000, 501));
    expect(keys.green.recent).toHaveLength(RULES.floodPressesPerMinute + 1);
  });
});

describe("whatever the contacts do", () => {
  const edges = fc.array(
    fc.record({
      key: fc.constantFrom(...FACES),
      active: fc.boolean(),
      // Contacts bounce within a few milliseconds, people press within a second, keys stick for minutes.
      afterMs: fc.oneof(
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: 0, max: 900 }),
        fc.integer({ min: 0, max: 90_000 }),
      ),
    }),
    { maxLength: 80 },
  );

  /** Plays edges of several keys; `change` stands for the rule under test. */
  function playAll(
    all: readonly { key: Key; active: boolean; afterMs: number }[],
    change: typeof keyChanged,
  ) {
    let keys = NO_KEYS;
    let atMs = START_MS;
    const pressedAt: { key: Key; atMs: number }[] = [];
    for (const edge of all) {
      atMs += edge.afterMs;
      const step = change(keys, { ...edge, atMs }, RULES);
      keys = step.keys;
      for (const outcome of step.outcomes)
        if (outcome.type === "pressed") pressedAt.push({ key: outcome.key, atMs });
      const waited = keysWaited(keys, atMs, RULES);
      keys = waited.keys;
      const next = nextKeyDeadlineMs(keys, RULES);
      expect(next === null || next > atMs).toBe(true);
    }
    return { pressedAt, keys };
  }

  const neverTwiceWithinTheLockOut = (change: typeof keyChanged) =>
    fc.property(edges, (all) => {
      const { pressedAt, keys } = playAll(all, change);
      for (const key of FACES) {
        const times = pressedAt.filter((press) => press.key === key).map((press) => press.atMs);
        times.forEach((at, index) => {
          const before = times[index - 1];
          expect(before === undefined || at - before >= RULES.lockOutMs).toBe(true);
        });
        expect(keys[key].presses).toBe(times.length);
        expect(keys[key].recent.length).toBeLessThanOrEqual(RULES.floodPressesPerMinute + 1);
      }
    });

  it("no key is pressed twice within the lock-out, nothing grows and no deadline stands still", () => {
    fc.assert(neverTwiceWithinTheLockOut(keyChanged), { numRuns: 300 });
  });

  it("a rule that forgot the lock-out would be found out", () => {
    const forgetful: typeof keyChanged = (keys, edge, rules) =>
      keyChanged(keys, edge, { ...rules, lockOutMs: 0 });
    expect(fc.check(neverTwiceWithinTheLockOut(forgetful), { numRuns: 1_000 }).failed).toBe(true);
  });
});
