import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KEYS, type Key } from "#schemas/code-list.ts";
import {
  AUTOMATIC_CHECKS,
  SELF_TEST_ITEMS,
  type SelfTestItem,
  TESTED_LAMPS,
  TESTED_PICTOGRAMS,
} from "#schemas/self-test.ts";
import { SELF_TEST_MAX_MS } from "../session/rules.ts";
import { LAMP_KEYS, PICTOGRAMS } from "../session/view.ts";
import { ASKED_ITEMS, LONGEST_MS, viewWhile, WAIT_MS } from "./items.ts";
import {
  askedItem,
  beginSelfTest,
  type CheckResult,
  hasPassed,
  nextSelfTestDeadlineMs,
  progressOf,
  type SelfTestEffect,
  type SelfTestEvent,
  type SelfTestState,
  selfTestStep,
} from "./self-test.ts";

const START_MS = 5_000_000;
const WELL: readonly CheckResult[] = AUTOMATIC_CHECKS.map((item) => ({
  item,
  result: "passed",
  problem: null,
  found: null,
}));

type Untimed = SelfTestEvent extends infer E ? (E extends SelfTestEvent ? Omit<E, "atMs"> : never) : never;

/** A totem under test, and a technician in front of it. */
function begin(hasVoice = true) {
  let atMs = START_MS;
  let { state, effects } = beginSelfTest(atMs, { hasVoice });
  const all: SelfTestEffect[] = [...effects];
  const so = {
    state: () => state,
    effects: () => effects,
    all,
    asked: () => askedItem(state)?.item ?? null,
    feed: (event: Untimed) => {
      ({ state, effects } = selfTestStep(state, { ...event, atMs } as SelfTestEvent));
      all.push(...effects);
      return so;
    },
    press: (key: Key) => {
      atMs += 700;
      return so.feed({ type: "pressed", key });
    },
    wait: (ms: number) => {
      atMs += ms;
      return so.feed({ type: "tick" });
    },
    /** Does what is asked, as on a sound totem, until something else is asked. */
    until: (item: SelfTestItem | null) => {
      while (so.asked() !== item && askedItem(state) !== null) so.obey();
      return so;
    },
    obey: () => {
      const asked = askedItem(state);
      if (asked === null) return so;
      if (asked.step === "keys" || asked.step === "lamps") return so.press(asked.key);
      if (asked.step === "scanner") return so.feed({ type: "scanned", length: 133 });
      if (asked.step === "checks") return so.feed({ type: "checked", checks: WELL });
      return so.press("green");
    },
    result: (item: SelfTestItem) => state.results.find((one) => one.item === item),
  };
  return so;
}

const finished = (effects: readonly SelfTestEffect[]) => effects.filter(({ type }) => type === "finished");

describe("the items", () => {
  it("are all keys, lamps and pictograms in printed order, then what is heard, read and checked", () => {
    expect(TESTED_LAMPS).toEqual(LAMP_KEYS);
    expect(TESTED_PICTOGRAMS).toEqual(PICTOGRAMS);
    const asked = ASKED_ITEMS.map(({ item }) => item);
    expect(asked).toEqual(SELF_TEST_ITEMS.slice(0, asked.length));
    expect([...asked, ...AUTOMATIC_CHECKS.slice(1)]).toEqual(SELF_TEST_ITEMS);
  });

  it("light what they test and nothing else: no lamp while keys are asked for", () => {
    for (const asked of ASKED_ITEMS) {
      const { lamps, pictograms, testMode, selfTest } = viewWhile(asked);
      expect([testMode, selfTest]).toEqual([true, "running"]);
      const lit = [...Object.entries(lamps), ...Object.entries(pictograms)].filter(
        ([, lamp]) => lamp !== "off",
      );
      const expected = {
        keys: [],
        lamps: [asked.step === "lamps" ? asked.key : ""],
        pictograms: [asked.step === "pictograms" ? asked.pictogram : ""],
        buzzer: ["green", "yellow", "red"],
        voice: ["green", "yellow", "red"],
        scanner: ["showReceipt"],
        checks: ["choose"],
      }[asked.step];
      expect(lit.map(([name]) => name)).toEqual(expected);
    }
  });

  it("together end before the session gives the test up", () => {
    expect(LONGEST_MS).toBeLessThan(SELF_TEST_MAX_MS);
  });
});

describe("a sound totem", () => {
  it("passes every item", () => {
    const so = begin().until(null);
    expect(so.state().results.map(({ item }) => item)).toEqual(SELF_TEST_ITEMS);
    expect(new Set(so.state().results.map(({ result }) => result))).toEqual(new Set(["passed"]));
    expect(finished(so.all)).toEqual([{ type: "finished", passed: true }]);
    expect(so.result("scanner")?.found).toBe("133");
    expect(askedItem(so.state())).toBeNull();
  });

  it("says at each item how far the test is", () => {
    const so = begin();
    const numbers: number[] = [];
    while (askedItem(so.state()) !== null) {
      const progress = progressOf(so.state());
      expect(progress).toMatchObject({ item: so.asked(), of: SELF_TEST_ITEMS.length });
      numbers.push(progress?.number ?? 0);
      so.obey();
    }
    expect(numbers).toEqual(ASKED_ITEMS.map((_, index) => index + 1));
    expect(progressOf(so.state())).toBeNull();
  });

  it("without a voice is not asked for one, and is ready all the same", () => {
    const so = begin(false).until(null);
    expect(so.result("voice")).toMatchObject({ result: "noted", problem: "not-fitted" });
    expect(so.all.filter((effect) => effect.type === "asks" && effect.asks.step === "voice")).toEqual([]);
    expect(finished(so.all)).toEqual([{ type: "finished", passed: true }]);
  });
});

describe("a fault", () => {
  it("of swapped cables is named twice: which key was asked for, and which one answered", () => {
    // Green and yellow are swapped in the harness; the technician presses what is printed.
    const swapped: Partial<Record<Key, Key>> = { green: "yellow", yellow: "green" };
    const so = begin();
    for (const key of KEYS) so.press(swapped[key] ?? key);
    expect(so.result("key-green")).toMatchObject({
      result: "failed",
      problem: "other-key",
      answered: "yellow",
    });
    expect(so.result("key-yellow")).toMatchObject({
      result: "failed",
      problem: "other-key",
      answered: "green",
    });
    expect(so.result("key-red")?.result).toBe("passed");
    expect(so.asked()).toBe("lamp-green");
    expect(finished(so.until(null).all)).toEqual([{ type: "finished", passed: false }]);
  });

  it("of a lamp that lights beside another key is named", () => {
    const so = begin().until("lamp-wait").press("staff");
    expect(so.result("lamp-wait")).toMatchObject({
      result: "failed",
      problem: "other-key",
      answered: "staff",
    });
  });

  it("of a dead key or lamp fails by itself once it has waited, and the next item has its whole time", () => {
    for (const item of ["key-red", "lamp-yellow"] as const) {
      const so = begin().until(item);
      so.wait(WAIT_MS.keys - 1);
      expect(so.result(item)).toBeUndefined();
      so.wait(1);
      expect(so.result(item)).toMatchObject({ result: "failed", problem: "no-answer", answered: null });
      expect(so.effects()).toContainEqual({ type: "sound", sound: "fault" });
      const next = so.asked();
      so.wait(WAIT_MS.keys - 1);
      expect(so.asked()).toBe(next);
    }
  });

  it.each([
    ["pictogram-thankYou", "seen-wrong"],
    ["buzzer", "not-heard"],
    ["voice", "not-heard"],
  ] as const)("seen or not heard at %s is told by the red key", (item, problem) => {
    expect(begin().until(item).press("red").result(item)).toMatchObject({ result: "failed", problem });
  });

  it("of a check that does not answer fails that check, and the others stand", () => {
    const so = begin().until("clock");
    so.feed({ type: "checked", checks: WELL.filter(({ item }) => item !== "journal") });
    expect(so.result("journal")).toMatchObject({ result: "failed", problem: "no-answer" });
    expect(so.result("disk")?.result).toBe("passed");
    const silent = begin().until("clock").wait(WAIT_MS.checks);
    expect(AUTOMATIC_CHECKS.map((item) => silent.result(item)?.problem)).toEqual(
      AUTOMATIC_CHECKS.map(() => "no-answer"),
    );
    expect(finished(silent.all)).toEqual([{ type: "finished", passed: false }]);
  });
});

describe("the service key", () => {
  it("skips any item but its own, and a skipped item is not passed", () => {
    for (const { item } of ASKED_ITEMS) {
      if (item === "key-service" || item === "clock") continue;
      const so = begin().until(item).press("service");
      expect(so.result(item)).toMatchObject({ result: "skipped", problem: null });
      expect(finished(so.until(null).all)).toEqual([{ type: "finished", passed: false }]);
    }
    expect(begin().until("key-service").press("service").result("key-service")?.result).toBe("passed");
  });

  it("cannot end the automatic checks without a word", () => {
    const so = begin().until("clock").press("service");
    expect(so.asked()).toBe("clock");
  });
});

describe("what is heard", () => {
  it("can be asked for again with the yellow key, without holding the test open", () => {
    const so = begin().until("buzzer").press("yellow");
    expect(so.effects()).toEqual([{ type: "sound", sound: "thanks" }]);
    so.press("yellow").wait(WAIT_MS.buzzer);
    expect(so.result("buzzer")).toMatchObject({ result: "failed", problem: "no-answer" });
    const spoken = begin().until("voice").press("yellow").effects();
    expect(spoken).toEqual([{ type: "speak", phrase: { say: "test-step", step: "voice" } }]);
  });

  it("names each key that is asked for, and each step once", () => {
    const said = begin()
      .until(null)
      .all.flatMap((effect) => (effect.type === "speak" ? [effect.phrase] : []));
    expect(
      said.filter(({ say }) => say === "test-key").map((phrase) => "key" in phrase && phrase.key),
    ).toEqual(KEYS);
    const steps = said.flatMap((phrase) => (phrase.say === "test-step" ? [phrase.step] : []));
    expect(steps).toEqual(["keys", "lamps", "pictograms", "buzzer", "voice", "scanner", "checks", "passed"]);
  });
});

describe("whatever happens", () => {
  const event = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ type: fc.constant("pressed" as const), key: fc.constantFrom(...KEYS) }),
    },
    { weight: 1, arbitrary: fc.record({ type: fc.constant("scanned" as const), length: fc.nat(5_000) }) },
    {
      weight: 1,
      arbitrary: fc.record({ type: fc.constant("checked" as const), checks: fc.subarray([...WELL]) }),
    },
    { weight: 2, arbitrary: fc.constant({ type: "tick" as const }) },
  );
  const course = fc.array(fc.tuple(event, fc.nat(40_000)), { maxLength: 80 });

  const endsByTime = (step: typeof selfTestStep) =>
    fc.property(course, fc.boolean(), (events, hasVoice) => {
      let atMs = START_MS;
      let state: SelfTestState = beginSelfTest(atMs, { hasVoice }).state;
      let ends = 0;
      const follow = (next: ReturnType<typeof selfTestStep>) => {
        state = next.state;
        ends += finished(next.effects).length;
      };
      for (const [happens, afterMs] of events) {
        atMs += afterMs;
        follow(step(state, { ...happens, atMs } as SelfTestEvent));
      }
      // From here on nobody does anything.
      for (let ticks = 0; askedItem(state) !== null && ticks <= ASKED_ITEMS.length; ticks += 1) {
        atMs = Math.max(atMs, nextSelfTestDeadlineMs(state));
        follow(step(state, { type: "tick", atMs }));
      }
      expect(atMs - START_MS).toBeLessThanOrEqual(LONGEST_MS + events.reduce((sum, [, ms]) => sum + ms, 0));
      expect(ends).toBe(1);
      expect(state.results.map(({ item }) => item)).toEqual(SELF_TEST_ITEMS);
      const hasFault = state.results.some(({ result }) => result === "failed" || result === "skipped");
      expect(hasPassed(state.results)).toBe(!hasFault);
      for (const { tookMs, answered, result } of state.results) {
        expect(tookMs).toBeGreaterThanOrEqual(0);
        if (answered !== null) expect(result).toBe("failed");
      }
    });

  it("time alone ends it, once, with a result for every item", () => {
    fc.assert(endsByTime(selfTestStep), { numRuns: 500 });
  });

  it("and a test that forgot a wait would be found out", () => {
    const forgetful: typeof selfTestStep = (state, happens) =>
      happens.type === "tick" && askedItem(state)?.step === "scanner"
        ? { state, effects: [] }
        : selfTestStep(state, happens);
    expect(fc.check(endsByTime(forgetful), { numRuns: 200 }).failed).toBe(true);
  });
});
