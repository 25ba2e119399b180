/**
 * From edges to presses: bounce, auto-repeat, lock-out, stuck keys and floods. Pure.
 * A press is accepted at its first contact, so the answer is immediate; what follows is judged against it.
 */
import { KEYS, type Key } from "#schemas/code-list.ts";
import { MINUTE_MS } from "#schemas/time.ts";
import type { SessionRules } from "./rules.ts";

export type KeyState = {
  readonly active: boolean;
  /** When the level last changed. */
  readonly changedAtMs: number;
  /** Since when the key is held; a contact that opens for the length of a bounce does not let go. */
  readonly heldSinceMs: number;
  /** When a press was last accepted. */
  readonly pressedAtMs: number;
  /** Held too long. Ends when the contact was open for longer than a bounce. */
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
  heldSinceMs: LONG_AGO,
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
  const after = { ...before, active: edge.active, changedAtMs: edge.atMs };
  // Whether this lets go or only bounces is known when the contact stayed open long enough.
  if (!edge.active) return { keys: { ...keys, [edge.key]: after }, outcomes: [] };
  if (edge.atMs - before.changedAtMs < rules.releaseMs) {
    return { keys: { ...keys, [edge.key]: { ...after, bounces: before.bounces + 1 } }, outcomes: [] };
  }
  const held = { ...after, heldSinceMs: edge.atMs, stuck: false };
  const freed: KeyStep = {
    keys: { ...keys, [edge.key]: held },
    outcomes: before.stuck ? [{ type: "unstuck", key: edge.key }] : [],
  };
  return edge.atMs - before.pressedAtMs < rules.lockOutMs
    ? freed
    : pressed(freed, edge.key, edge.atMs, rules);
}

/** A key that is active before anybody could press it: stuck until released (johnny-five would have counted it). */
export function keyFoundActive(keys: KeyStates, key: Key, atMs: number): KeyStep {
  const stuck = { ...keys[key], active: true, changedAtMs: atMs, heldSinceMs: atMs, stuck: true };
  return follow({ keys, outcomes: [] }, key, stuck, { type: "stuck", key });
}

/** What the passing of time alone means: keys that became stuck or were let go, floods that ended. */
export function keysWaited(keys: KeyStates, atMs: number, rules: SessionRules): KeyStep {
  let step: KeyStep = { keys, outcomes: [] };
  for (const key of KEYS) {
    const state = step.keys[key];
    if (state.active && !state.stuck && atMs >= state.heldSinceMs + rules.stuckMs) {
      step = follow(step, key, { ...state, stuck: true }, { type: "stuck", key });
    }
    if (!state.active && state.stuck && atMs >= state.changedAtMs + rules.releaseMs) {
      step = follow(step, key, { ...state, stuck: false }, { type: "unstuck", key });
    }
    const now = step.keys[key];
    if (now.flooding && atMs >= floodEndMs(now, rules)) {
      step = follow(step, key, { ...now, flooding: false }, { type: "flood-ended", key });
    }
  }
  return step;
}

/** When `keysWaited` will next have something to say, or null. */
export function nextKeyDeadlineMs(keys: KeyStates, rules: SessionRules): number | null {
  const deadlines = KEYS.flatMap((key) => {
    const state = keys[key];
    return [
      ...(state.active && !state.stuck ? [state.heldSinceMs + rules.stuckMs] : []),
      ...(!state.active && state.stuck ? [state.changedAtMs + rules.releaseMs] : []),
      ...(state.flooding ? [floodEndMs(state, rules)] : []),
    ];
  });
  return deadlines.length === 0 ? null : Math.min(...deadlines);
}

/** True while any key is pressed more often than a person would. */
export function isFlooded(keys: KeyStates): boolean {
  return KEYS.some((key) => keys[key].flooding);
}

function pressed(so: KeyStep, key: Key, atMs: number, rules: SessionRules): KeyStep {
  const before = so.keys[key];
  const recent = [...recentAt(before, atMs), atMs].slice(-(rules.floodPressesPerMinute + 1));
  const flooding = recent.length > rules.floodPressesPerMinute;
  const after: KeyState = { ...before, pressedAtMs: atMs, flooding, recent, presses: before.presses + 1 };
  const flood: readonly KeyOutcome[] =
    flooding === before.flooding ? [] : [{ type: flooding ? "flood-began" : "flood-ended", key }];
  // The flood is told before the press it belongs to, so that this press's vote carries the flag already.
  return {
    keys: { ...so.keys, [key]: after },
    outcomes: [...so.outcomes, ...flood, { type: "pressed", key }],
  };
}

/** A flood is over when its oldest excess press is a minute old; `recent` is never longer than the limit and one. */
function floodEndMs(state: KeyState, rules: SessionRules): number {
  return (state.recent.at(-1 - rules.floodPressesPerMinute) ?? LONG_AGO) + MINUTE_MS;
}

function recentAt(state: KeyState, atMs: number): readonly number[] {
  return state.recent.filter((pressedAtMs) => atMs - pressedAtMs < MINUTE_MS);
}

function follow(step: KeyStep, key: Key, state: KeyState, outcome: KeyOutcome): KeyStep {
  return { keys: { ...step.keys, [key]: state }, outcomes: [...step.outcomes, outcome] };
}
