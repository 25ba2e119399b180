/**
 * What a scanned and judged ticket does to the session.
 */
import type { EventOf } from "./events.ts";
import type { SessionRules } from "./rules.ts";
import type { Session } from "./state.ts";
import { endSession, enter, follow, type Step, spoken, unchanged, waitMs } from "./step.ts";

/** A scan: a new session, a refusal, or the thanks once more for who shows the same code twice. */
export function ticketJudged(state: Session, event: EventOf<"ticket-judged">, rules: SessionRules): Step {
  const { phase } = state;
  if (phase.name === "out-of-order") {
    return { state, effects: [{ type: "sound", sound: "fault" }, ...spoken(state, { say: "out-of-order" })] };
  }
  const { judgement } = event;
  if (isOwnCode(state, event, rules)) return thanksAgain(state, event, rules);
  if (judgement.good && judgement.mode === state.mode) return newSession(state, event, rules);
  const ended = endSession(state, event.atMs);
  const untilMs = event.atMs + waitMs(rules.refusedMs, ended.state.assist, rules);
  // Good in the mode that has ended meanwhile: a live ticket is not spent on a test, a test ticket makes no vote.
  const { refusal, service } = judgement.good
    ? ({ refusal: "test-mode", service: judgement.ticket.service } as const)
    : judgement;
  return follow(
    ended,
    enter(ended.state, { name: "refused", refusal, untilMs }, [
      { type: "count-refusal", refusal, service, length: event.length },
      { type: "sound", sound: "refused" },
      ...spoken(ended.state, { say: "refused", refusal }),
    ]),
  );
}

function newSession(state: Session, event: EventOf<"ticket-judged">, rules: SessionRules): Step {
  if (!event.judgement.good) return unchanged(state);
  const ended = endSession(state, event.atMs);
  const untilMs = event.atMs + waitMs(rules.awaitingFaceMs, ended.state.assist, rules);
  const { ticket } = event.judgement;
  return follow(
    ended,
    enter(
      ended.state,
      { name: "awaiting-face", ticket, voteId: event.freshId, afterHours: event.afterHours, untilMs },
      [{ type: "sound", sound: "ready" }, ...spoken(ended.state, { say: "choose" })],
    ),
  );
}

/**
 * The code of the running session, or of the one that ended a moment ago. It may still have been judged good: when it
 * was scanned while its own vote was on the way to the disk.
 */
function isOwnCode(state: Session, event: EventOf<"ticket-judged">, rules: SessionRules): boolean {
  const { judgement } = event;
  if (judgement.mark === null || (!judgement.good && judgement.refusal !== "used")) return false;
  const { phase, finished } = state;
  const runs = phase.name === "thanked" && phase.draft?.ticket.mark === judgement.mark;
  const justEnded = finished?.mark === judgement.mark && event.atMs - finished.atMs < rules.repeatThanksMs;
  return runs || justEnded;
}

function thanksAgain(state: Session, event: EventOf<"ticket-judged">, rules: SessionRules): Step {
  const { phase } = state;
  const thanks: Step = {
    state,
    effects: [{ type: "sound", sound: "thanks" }, ...spoken(state, { say: "thanks" })],
  };
  if (phase.name === "thanked" && phase.draft !== null) return thanks;
  // Somebody else's session is running: it goes on, whoever needs nothing any more is thanked all the same.
  if (phase.name === "awaiting-face") return thanks;
  const untilMs = event.atMs + waitMs(rules.thanksMs, state.assist, rules);
  return follow(thanks, enter(state, { name: "thanked", draft: null, changes: 0, untilMs }, []));
}
