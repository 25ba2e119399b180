/**
 * What the passing of time alone does: deadlines of phases, of test mode, of the assist mode and of the lamps' answers.
 */
import type { EventOf } from "./events.ts";
import type { SessionRules } from "./rules.ts";
import { outOfOrder } from "./saving.ts";
import type { Session } from "./state.ts";
import { endSession, enter, follow, type Step, toIdle, unchanged, waitMs } from "./step.ts";

/** Everything that is over at the tick's time. */
export function timePassed(state: Session, event: EventOf<"tick">, rules: SessionRules): Step {
  const at = event.atMs;
  const rested = rest(state, at, rules);
  const phased = phaseOver(rested, at, rules);
  return follow(phased, testModeOver(phased.state, at));
}

function rest(state: Session, at: number, rules: SessionRules): Session {
  const over = (untilMs: number | null) => untilMs !== null && at >= untilMs;
  const { finished } = state;
  return {
    ...state,
    pulse: over(state.pulse?.untilMs ?? null) ? null : state.pulse,
    promptUntilMs: over(state.promptUntilMs) ? null : state.promptUntilMs,
    finished: finished !== null && at - finished.atMs >= rules.repeatThanksMs ? null : finished,
    assist: state.phase.name === "idle" && over(state.assist?.untilMs ?? null) ? null : state.assist,
  };
}

function phaseOver(state: Session, at: number, rules: SessionRules): Step {
  const { phase } = state;
  if ("untilMs" in phase && at < phase.untilMs) return unchanged(state);
  switch (phase.name) {
    case "idle":
    case "out-of-order":
      return unchanged(state);
    case "awaiting-face":
      return toIdle(state, []);
    case "refused":
      return backFromRefusal(state, at, rules);
    case "saving":
      return outOfOrder(state, "journal-failed", at);
    case "thanked": {
      const ended = endSession(state, at);
      return follow(ended, toIdle(ended.state, []));
    }
  }
}

/** Who asked for assistance and was refused may try another code without asking again. */
function backFromRefusal(state: Session, at: number, rules: SessionRules): Step {
  const { assist } = state;
  const kept =
    assist === null ? null : { ...assist, untilMs: at + waitMs(rules.awaitingFaceMs, assist, rules) };
  return enter({ ...state, assist: kept }, { name: "idle" }, []);
}

function testModeOver(state: Session, at: number): Step {
  if (state.testUntilMs === null || at < state.testUntilMs) return unchanged(state);
  // A commit on its way is let through first, and so is a self-test; a totem out of order goes live when it works again.
  if (state.phase.name === "saving" || state.selfTest === "running") return unchanged(state);
  const ended = endSession(state, at);
  const live: Session = { ...ended.state, mode: "live", testUntilMs: null, selfTest: null };
  const recorded = follow(ended, { state: live, effects: [{ type: "record-mode", mode: "live" }] });
  return live.phase.name === "out-of-order" ? recorded : follow(recorded, toIdle(live, []));
}
