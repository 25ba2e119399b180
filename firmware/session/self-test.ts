/**
 * Test mode and the self-test. While the self-test runs, every press and every scan is its own: the session neither
 * votes nor refuses. It ends when it says so, and by time in any case.
 */
import type { Key } from "#schemas/code-list.ts";
import type { EventOf } from "./events.ts";
import { SELF_TEST_MAX_MS, type SessionRules } from "./rules.ts";
import type { Session } from "./state.ts";
import { endSession, follow, type Step, toIdle, unchanged } from "./step.ts";

/** The service key, inside the locked case: test mode on with a self-test, or back to live. */
export function servicePressed(state: Session, atMs: number, rules: SessionRules): Step {
  // Out of order no vote is taken, so there is no mode to change; that it works again is to be seen at once.
  if (state.phase.name === "out-of-order") return begun(state, atMs);
  const mode = state.mode === "live" ? "test" : "live";
  const ended = endSession(state, atMs);
  const switched: Session = {
    ...ended.state,
    mode,
    testUntilMs: mode === "test" ? atMs + rules.testModeMs : null,
    selfTest: null,
  };
  const idle = follow(ended, toIdle(switched, [{ type: "record-mode", mode }]));
  return mode === "test" ? follow(idle, begun(idle.state, atMs)) : idle;
}

/** Asked for at the terminal: as by the service key, but never in the middle of somebody's vote. */
export function selfTestAsked(
  state: Session,
  { atMs }: EventOf<"self-test-asked">,
  rules: SessionRules,
): Step {
  if (!mayBegin(state)) return unchanged(state);
  return state.mode === "test" && state.phase.name === "idle"
    ? begun(state, atMs)
    : servicePressed(state, atMs, rules);
}

/** False while one runs, and while somebody is voting. */
export function mayBegin({ phase, selfTest }: Session): boolean {
  return selfTest !== "running" && ["idle", "refused", "out-of-order"].includes(phase.name);
}

/** A key pressed while the self-test runs: it clicks as always, lights nothing and votes for nothing. */
export function pressForSelfTest(state: Session, key: Key): Step {
  return {
    state,
    effects: [{ type: "sound", sound: "click" }, { type: "count-press" }, { type: "self-test-press", key }],
  };
}

/** A result that comes after the self-test was given up is not shown: it would tell a citizen something. */
export function selfTestFinished(
  state: Session,
  { atMs, passed }: EventOf<"self-test-finished">,
  rules: SessionRules,
): Step {
  if (state.selfTest !== "running") return unchanged(state);
  return unchanged({
    ...state,
    selfTest: passed ? "passed" : "failed",
    selfTestUntilMs: null,
    // However long it took, its result can be seen and test votes given.
    testUntilMs: state.mode === "test" ? atMs + rules.testModeMs : null,
  });
}

/** A self-test that never ended has failed. */
export function selfTestOver(state: Session, event: EventOf<"tick">, rules: SessionRules): Step {
  if (state.selfTestUntilMs === null || event.atMs < state.selfTestUntilMs) return unchanged(state);
  return selfTestFinished(state, { ...event, type: "self-test-finished", passed: false }, rules);
}

function begun(state: Session, atMs: number): Step {
  const running: Session = { ...state, selfTest: "running", selfTestUntilMs: atMs + SELF_TEST_MAX_MS };
  return { state: { ...running, assist: null, pulse: null }, effects: [{ type: "start-self-test" }] };
}
