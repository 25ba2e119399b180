/**
 * From edges to presses: bounce, auto-repeat, lock-out, stuck keys and floods (DESIGN section 5). Pure.
 * A press is accepted at its first contact, so the answer is immediate; what follows is judged against it.
 */
import { KEYS, type Key } from "#schemas/code-list.ts";
import { MINUTE_MS } from "#schemas/time.ts";
import type { SessionRules } from "./rules.ts";

export type KeyState = {
  readonly active: boolean;
  /** When the level last changed. */
  readonly changedAtMs: number;
  /** When a press was last accepted. */
  readonly pressedAtMs: number;
  readonly stuck: boolean;
  readonly flooding: boolean;
  /** Accepted presses of the last minute, oldest first; never more than the flood limit and one. */
  readonly recent: readonly number[];
  /** Edges swallowed as bounce since the start: a health figure, classed before it leaves the totem. */
  readonly bounces: number;
  /** Presses accepted since the start; leaves the totem only inside the sum of all keys. */
  readonly presses: number;
};

export type KeyStates = Readonly<Record<Key, KeyState>>;

/** What an edge or the passing of time meant. */
export type KeyOutcome =
  | { readonly type: "pressed"; readonly key: Key }
  | { readonly type: "stuck"; readonly key: Key }
  | { readonly type: "unstuck"; readonly key: Key }
  | { readonly type: "flood-began"; readonly key: Key }
  | { readonly type: "flood-ended"; readonly key: Key };

export type KeyStep = { readonly keys: KeyStates; readonly outcomes: readonly KeyOutcome[] };

const LONG_AGO = Number.NEGATIVE_INFINITY;

const RELEASED: KeyState = {
  active: false,
  changedAtMs: LONG_AGO,
  pressedAtMs: LONG_AGO,
  stuck: false,
  flooding: false,
  recent: [],
  bounces: 0,
  presses: 0,
};

/** All keys released. */
export const NO_KEYS: KeyStates = Object.fromEntries(KEYS.map((key) => [key, RELEASED])) as KeyStates;

/** An edge of one key. */
export function keyChanged(
  keys: KeyStates,
  edge: { readonly key: Key; readonly active: boolean; readonly atMs: number },
  rules: SessionRules,
): KeyStep {
  const before = keys[edge.key];
  // The same level again is auto-repeat, or an edge lost by the kernel: nothing was pressed.
  if (before.active === edge.active) return { keys, outcomes: [] };
  if (!edge.active) return released(keys, edge.key, edge.atMs);
  const isBounce = edge.atMs - before.changedAtMs < rules.releaseMs;
  const isLockedOut = edge.atMs - before.pressedAtMs < rules.lockOutMs;
  if (isBounce || isLockedOut || before.stuck) {
    const bounces = before.bounces + (isBounce ? 1 : 0);
    return update(keys, edge.key, { ...before, active: true, changedAtMs: edge.atMs, bounces }, []);
  }
  return pressed(keys, edge.key, edge.atMs, rules);
}

/** A key that is active before anybody could press it: stuck until released (johnny-five would have counted it). */
export function keyFoundActive(keys: KeyStates, key: Key, atMs: number): KeyStep {
  return update(keys, key, { ...keys[key], active: true, changedAtMs: atMs, stuck: true }, [
    { type: "stuck", key },
  ]);
}

/** What the passing of time alone means: keys that became stuck, floods that ended. */
export function keysWaited(keys: KeyStates, atMs: number, rules: SessionRules): KeyStep {
  let step: KeyStep = { keys, outcomes: [] };
  for (const key of KEYS) {
    const state = step.keys[key];
    if (state.active && !state.stuck && atMs - state.changedAtMs >= rules.stuckMs) {
      step = follow(step, key, { ...state, stuck: true }, { type: "stuck", key });
    }
    const now = step.keys[key];
    if (now.flooding && recentAt(now, atMs).length <= rules.floodPressesPerMinute) {
      step = follow(step, key, { ...now, flooding: false }, { type: "flood-ended", key });
    }
  }
  return step;
}

/** When `keysWaited` will next have something to say, or null. */
export function nextKeyDeadlineMs(keys: KeyStates, rules: SessionRules): number | null {
  const deadlines = KEYS.flatMap((key) => {
    const state = keys[key];
    const stuckAt = state.active && !state.stuck ? [state.changedAtMs + rules.stuckMs] : [];
    // The flood is over when its excess press is a minute old.
    const excess = state.recent[state.recent.length - 1 - rules.floodPressesPerMinute];
    return state.flooding && excess !== undefined ? [...stuckAt, excess + MINUTE_MS] : stuckAt;
  });
  return deadlines.length === 0 ? null : Math.min(...deadlines);
}

/** True while any key is pressed more often than a person would. */
export function isFlooded(keys: KeyStates): boolean {
  return KEYS.some((key) => keys[key].flooding);
}

function pressed(keys: KeyStates, key: Key, atMs: number, rules: SessionRules): KeyStep {
  const before = keys[key];
  const recent = [...recentAt(before, atMs), atMs].slice(-(rules.floodPressesPerMinute + 1));
  const floods = recent.length > rules.floodPressesPerMinute;
  const outcomes: KeyOutcome[] = [{ type: "pressed", key }];
  if (floods && !before.flooding) outcomes.unshift({ type: "flood-began", key });
  const after: KeyState = {
    ...before,
    active: true,
    changedAtMs: atMs,
    pressedAtMs: atMs,
    flooding: floods || before.flooding,
    recent,
    presses: before.presses + 1,
  };
  return update(keys, key, after, outcomes);
}

function released(keys: KeyStates, key: Key, atMs: number): KeyStep {
  const before = keys[key];
  const after = { ...before, active: false, changedAtMs: atMs, stuck: false };
  return update(keys, key, after, before.stuck ? [{ type: "unstuck", key }] : []);
}

function recentAt(state: KeyState, atMs: number): readonly number[] {
  return state.recent.filter((pressedAtMs) => atMs - pressedAtMs < MINUTE_MS);
}

function update(keys: KeyStates, key: Key, state: KeyState, outcomes: readonly KeyOutcome[]): KeyStep {
  return { keys: { ...keys, [key]: state }, outcomes };
}

function follow(step: KeyStep, key: Key, state: KeyState, outcome: KeyOutcome): KeyStep {
  return { keys: { ...step.keys, [key]: state }, outcomes: [...step.outcomes, outcome] };
}
