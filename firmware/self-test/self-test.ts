/**
 * The self-test: `selfTestStep(state, event)` gives the next state and what is to be done. A technician goes through it
 * with the totem alone: every item has its wait, the service key skips one, and time alone ends it all. Refuses to know
 * devices, clocks and what a scanned code said.
 */
import type { Key } from "#schemas/code-list.ts";
import {
  AUTOMATIC_CHECKS,
  type AutomaticCheck,
  SELF_TEST_ITEMS,
  type SelfTestItemResult,
  type SelfTestProblem,
  type SelfTestProgress,
} from "#schemas/self-test.ts";
import type { Phrase, Sound } from "../session/events.ts";
import { ASKED_ITEMS, type AskedItem, WAIT_MS } from "./items.ts";

export type SelfTestState = {
  /** Which of the asked items is waited for; as many as there are when the test is over. */
  readonly at: number;
  readonly askedAtMs: number;
  readonly results: readonly SelfTestItemResult[];
  readonly hasVoice: boolean;
};

/** What a check of the machine itself found; one that says nothing has failed. */
export type CheckResult = Pick<SelfTestItemResult, "result" | "problem" | "found"> & {
  readonly item: AutomaticCheck;
};

export type SelfTestEvent = { readonly atMs: number } & (
  | { readonly type: "pressed"; readonly key: Key }
  /** A code was read: its length, never its text. */
  | { readonly type: "scanned"; readonly length: number }
  | { readonly type: "checked"; readonly checks: readonly CheckResult[] }
  | { readonly type: "tick" }
);

export type SelfTestEffect =
  | { readonly type: "sound"; readonly sound: Sound }
  | { readonly type: "speak"; readonly phrase: Phrase }
  | { readonly type: "asks"; readonly asks: SelfTestProgress }
  | { readonly type: "result"; readonly result: SelfTestItemResult }
  | { readonly type: "run-checks" }
  | { readonly type: "finished"; readonly passed: boolean };

export type SelfTestStep = { readonly state: SelfTestState; readonly effects: readonly SelfTestEffect[] };

type Outcome = Pick<SelfTestItemResult, "result"> &
  Partial<Pick<SelfTestItemResult, "problem" | "answered" | "found">>;

const PASSED: Outcome = { result: "passed" };

/** Begins with the first key. */
export function beginSelfTest(atMs: number, { hasVoice }: { readonly hasVoice: boolean }): SelfTestStep {
  return asked({ at: 0, askedAtMs: atMs, results: [], hasVoice });
}

/** What follows from an event; nothing once the test is over. */
export function selfTestStep(state: SelfTestState, event: SelfTestEvent): SelfTestStep {
  const item = askedItem(state);
  if (item === null) return { state, effects: [] };
  switch (event.type) {
    case "tick":
      return event.atMs < nextSelfTestDeadlineMs(state)
        ? { state, effects: [] }
        : after(state, item, failed("no-answer"), event.atMs);
    case "pressed":
      return pressed(state, item, event.key, event.atMs);
    case "scanned":
      return item.step === "scanner"
        ? after(state, item, { ...PASSED, found: String(event.length) }, event.atMs)
        : { state, effects: [] };
    case "checked":
      return item.step === "checks" ? checked(state, event.checks, event.atMs) : { state, effects: [] };
  }
}

/** What is asked now, or null when the test is over. */
export function askedItem(state: SelfTestState): AskedItem | null {
  return ASKED_ITEMS[state.at] ?? null;
}

/** When the asked item has waited long enough; never for a test that is over. */
export function nextSelfTestDeadlineMs(state: SelfTestState): number {
  const item = askedItem(state);
  return item === null ? Number.POSITIVE_INFINITY : state.askedAtMs + WAIT_MS[item.step];
}

export function progressOf(state: SelfTestState): SelfTestProgress | null {
  const asks = askedItem(state);
  if (asks === null) return null;
  const { step, item } = asks;
  return { step, item, number: SELF_TEST_ITEMS.indexOf(item) + 1, of: SELF_TEST_ITEMS.length };
}

/** True when nothing failed and nothing was skipped: what is only noted decides nothing. */
export function hasPassed(results: readonly SelfTestItemResult[]): boolean {
  return (
    results.length === SELF_TEST_ITEMS.length &&
    results.every(({ result }) => result === "passed" || result === "noted")
  );
}

function pressed(state: SelfTestState, item: AskedItem, key: Key, atMs: number): SelfTestStep {
  // The checks run by themselves: skipping them would end them without a word.
  if (item.step === "checks") return { state, effects: [] };
  const asksForKey = item.step === "keys" || item.step === "lamps" ? item.key : null;
  if (key === asksForKey) return after(state, item, PASSED, atMs);
  if (key === "service") return after(state, item, { result: "skipped" }, atMs);
  if (asksForKey !== null) return after(state, item, { ...failed("other-key"), answered: key }, atMs);
  if (item.step === "scanner") return { state, effects: [] };
  if (key === "green") return after(state, item, PASSED, atMs);
  if (key === "red") {
    return after(state, item, failed(item.step === "pictograms" ? "seen-wrong" : "not-heard"), atMs);
  }
  // Once more; the wait goes on, so that nobody can hold the test open with it.
  return key === "yellow" ? { state, effects: demonstrated(item) } : { state, effects: [] };
}

/** The item's result, and the next item or the end. */
function after(state: SelfTestState, item: AskedItem, outcome: Outcome, atMs: number): SelfTestStep {
  if (item.step === "checks") return checked(state, [], atMs);
  const result = resultOf(item.item, outcome, state, atMs);
  const answers: readonly SelfTestEffect[] =
    item.step === "keys" || item.step === "lamps" || item.step === "scanner"
      ? [{ type: "sound", sound: outcome.result === "passed" ? "ready" : "fault" }]
      : [];
  const next = asked({
    ...state,
    at: state.at + 1,
    askedAtMs: atMs,
    results: [...state.results, result],
  });
  return { state: next.state, effects: [...answers, { type: "result", result }, ...next.effects] };
}

/** Every check has a result: one that did not answer has failed. */
function checked(state: SelfTestState, checks: readonly CheckResult[], atMs: number): SelfTestStep {
  const results = AUTOMATIC_CHECKS.map((item) =>
    resultOf(item, checks.find((check) => check.item === item) ?? failed("no-answer"), state, atMs),
  );
  const all = [...state.results, ...results];
  const passed = hasPassed(all);
  return {
    state: { ...state, at: state.at + 1, askedAtMs: atMs, results: all },
    effects: [
      ...results.map((result) => ({ type: "result", result }) as const),
      { type: "sound", sound: passed ? "thanks" : "fault" },
      { type: "speak", phrase: { say: "test-step", step: passed ? "passed" : "failed" } },
      { type: "finished", passed },
    ],
  };
}

/** Asks the item the state stands at; a voice that is not fitted is not asked for. */
function asked(state: SelfTestState): SelfTestStep {
  const item = askedItem(state);
  if (item === null) return { state, effects: [] };
  if (item.step === "voice" && !state.hasVoice) {
    return after(state, item, { result: "noted", problem: "not-fitted" }, state.askedAtMs);
  }
  const asks = progressOf(state);
  const isFirst = ASKED_ITEMS[state.at - 1]?.step !== item.step;
  return {
    state,
    effects: [
      ...(asks === null ? [] : [{ type: "asks", asks } as const]),
      ...(isFirst && item.step !== "voice"
        ? [{ type: "speak", phrase: { say: "test-step", step: item.step } } as const]
        : []),
      ...demonstrated(item),
      ...(item.step === "checks" ? [{ type: "run-checks" } as const] : []),
    ],
  };
}

/** What is done for the technician to judge, or said to tell what is wanted. */
function demonstrated(item: AskedItem): readonly SelfTestEffect[] {
  switch (item.step) {
    case "keys":
      return [{ type: "speak", phrase: { say: "test-key", key: item.key } }];
    case "buzzer":
      return [{ type: "sound", sound: "thanks" }];
    case "voice":
      return [{ type: "speak", phrase: { say: "test-step", step: "voice" } }];
    case "lamps":
    case "pictograms":
    case "scanner":
    case "checks":
      return [];
  }
}

function resultOf(
  item: SelfTestItemResult["item"],
  { result, problem = null, answered = null, found = null }: Outcome,
  { askedAtMs }: SelfTestState,
  atMs: number,
): SelfTestItemResult {
  return { item, result, problem, answered, found, tookMs: Math.max(0, Math.round(atMs - askedAtMs)) };
}

function failed(problem: SelfTestProblem): Outcome {
  return { result: "failed", problem };
}
