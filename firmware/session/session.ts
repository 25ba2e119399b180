/**
 * The session: `step(state, event, rules)` gives the next state and what is to be done. The only way to thanks is a
 * `draft-committed` event; the only way to a vote is a ticket judged good and a face pressed by a person.
 * Refuses to know clocks, disks and devices.
 */
import type { Key } from "#schemas/code-list.ts";
import type { FaultCode } from "#schemas/fault-codes.ts";
import type { Event, EventOf } from "./events.ts";
import {
  type KeyOutcome,
  type KeyStep,
  keyChanged,
  keyFoundActive,
  keysWaited,
  nextKeyDeadlineMs,
} from "./keys.ts";
import { pressJudged } from "./presses.ts";
import { DEFERRED_MAX, PULSE_MS, type SessionRules, SLOWEST_PROBE_MS } from "./rules.ts";
import { draftCommitted, draftFailed, fellOutOfOrder, probeDue, recovered } from "./saving.ts";
import { pressForSelfTest, selfTestAsked, selfTestFinished, selfTestOver } from "./self-test.ts";
import type { Deferred, Phase, PhaseOf, Session } from "./state.ts";
import { follow, type Step, unchanged } from "./step.ts";
import { ticketJudged } from "./tickets.ts";
import { faceLampOf } from "./view.ts";
import { timePassed } from "./waiting.ts";

/**
 * What follows from an event. What waited for a commit is judged here once the commit's outcome is known, as if it
 * happened now: a refusal shown in the past would not be seen, and a second commit has its whole time.
 */
export function step(state: Session, event: Event, rules: SessionRules): Step {
  const done = decide(state, event, rules);
  if (state.phase.name !== "saving" || done.state.phase.name === "saving") return done;
  return state.phase.deferred.reduce<Step>(
    (so, later) => follow(so, judge(so.state, movedTo(later, event.atMs), rules)),
    done,
  );
}

/** When the session next wants a `tick`, or null when only an event can change it. */
export function nextDeadlineMs(state: Session, rules: SessionRules): number | null {
  const deadlines = [
    phaseDeadlineMs(state.phase),
    // Test mode waits for a commit on its way and for the self-test, so its deadline does not count meanwhile.
    state.phase.name === "saving" || state.selfTest === "running" ? null : state.testUntilMs,
    state.selfTestUntilMs,
    state.assist !== null && state.phase.name === "idle" ? state.assist.untilMs : null,
    state.pulse?.untilMs ?? null,
    state.promptUntilMs,
    state.finished === null ? null : state.finished.atMs + rules.repeatThanksMs,
    nextKeyDeadlineMs(state.keys, rules),
  ].filter((at) => at !== null);
  return deadlines.length === 0 ? null : Math.min(...deadlines);
}

function phaseDeadlineMs(phase: Phase): number | null {
  if (phase.name === "idle") return null;
  return phase.name === "out-of-order" ? phase.probeAtMs : phase.untilMs;
}

function decide(state: Session, event: Event, rules: SessionRules): Step {
  switch (event.type) {
    case "started":
      return unchanged(state);
    case "tick":
      return waited(state, event, rules);
    case "key-changed":
      return followKeys(state, keyChanged(state.keys, event, rules), event, rules);
    case "key-found-active":
      return followKeys(state, keyFoundActive(state.keys, event.key, event.atMs), event, rules);
    case "ticket-judged":
      // Judged for a session that the self-test has ended.
      if (state.selfTest === "running") return unchanged(state);
      return judge({ ...state, selfTest: null }, event, rules);
    case "draft-committed":
      return draftCommitted(state, event, rules);
    case "draft-failed":
      return draftFailed(state, event);
    case "storage-failed":
      return fellOutOfOrder(state, event);
    case "journal-works":
      return recovered(state);
    case "journal-still-fails":
      return { state: slowerProbe(state, event), effects: [] };
    case "headphones-changed":
      return { state: { ...state, headphones: event.plugged, assist: unnamed(state) }, effects: [] };
    case "self-test-asked":
      return selfTestAsked(state, event, rules);
    case "self-test-finished":
      return selfTestFinished(state, event, rules);
  }
}

function waited(state: Session, event: EventOf<"tick">, rules: SessionRules): Step {
  const keys = followKeys(state, keysWaited(state.keys, event.atMs, rules), event, rules);
  const tested = follow(keys, selfTestOver(keys.state, event, rules));
  const probing = follow(tested, probeDue(tested.state, event));
  return follow(probing, timePassed(probing.state, event, rules));
}

function followKeys(state: Session, keyStep: KeyStep, event: Event, rules: SessionRules): Step {
  return keyStep.outcomes.reduce<Step>(
    (so, outcome) => follow(so, keyOutcome(so.state, outcome, event, rules)),
    { state: { ...state, keys: keyStep.keys }, effects: [] },
  );
}

function keyOutcome(state: Session, outcome: KeyOutcome, event: Event, rules: SessionRules): Step {
  switch (outcome.type) {
    case "pressed":
      return pressed(state, outcome.key, event, rules);
    case "stuck":
    case "unstuck":
      return fault(state, "key-stuck", outcome.type === "stuck", outcome.key);
    case "flood-began":
    case "flood-ended":
      return fault(state, "key-flood", outcome.type === "flood-began", outcome.key);
  }
}

function fault(state: Session, code: FaultCode, failed: boolean, part: Key): Step {
  return { state, effects: [{ type: "record-fault", code, state: failed ? "failed" : "recovered", part }] };
}

/** Every press is answered alike, at once and before anything else is decided. */
function pressed(state: Session, key: Key, event: Event, rules: SessionRules): Step {
  if (state.selfTest === "running") return pressForSelfTest(state, key);
  const { freshId, afterHours } = event.type === "key-changed" ? event : { freshId: "", afterHours: false };
  const press = { key, atMs: event.atMs, freshId, afterHours };
  const faces = faceLampOf(state, rules) === "off" ? "on" : "off";
  const answered: Step = {
    state: { ...state, pulse: { untilMs: event.atMs + PULSE_MS, faces }, selfTest: null },
    effects: [{ type: "sound", sound: "click" }, { type: "count-press" }],
  };
  return follow(answered, judge(answered.state, { type: "press", press }, rules));
}

/** What an answered press or a scan means; while a commit is on its way it waits for the outcome. */
function judge(state: Session, what: Deferred, rules: SessionRules): Step {
  const { phase } = state;
  if (phase.name === "saving") return deferred(state, phase, what);
  // What waited for a commit behind the service key's press.
  if (state.selfTest === "running") return unchanged(state);
  return what.type === "press" ? pressJudged(state, what.press, rules) : ticketJudged(state, what, rules);
}

function deferred(state: Session, phase: PhaseOf<"saving">, what: Deferred): Step {
  if (phase.deferred.length >= DEFERRED_MAX) {
    // The click has answered a press; a scan that will not be judged must not stay without an answer.
    return what.type === "press" ? unchanged(state) : { state, effects: [{ type: "sound", sound: "fault" }] };
  }
  const kept = what.type === "press" ? what : spentMeanwhile(phase, what);
  return { state: { ...state, phase: { ...phase, deferred: [...phase.deferred, kept] } }, effects: [] };
}

/** The ticket being spent by the commit on its way was good when it was scanned again, and is not any more. */
function spentMeanwhile(phase: PhaseOf<"saving">, event: EventOf<"ticket-judged">): EventOf<"ticket-judged"> {
  const { judgement } = event;
  const { mark } = judgement;
  if (!judgement.good || mark !== phase.draft.ticket.mark) return event;
  const { service } = judgement.ticket;
  return { ...event, judgement: { good: false, refusal: "used", mark, service } };
}

function movedTo(later: Deferred, atMs: number): Deferred {
  return later.type === "press" ? { ...later, press: { ...later.press, atMs } } : { ...later, atMs };
}

function slowerProbe(state: Session, event: EventOf<"journal-still-fails">): Session {
  const { phase } = state;
  if (phase.name !== "out-of-order") return state;
  const probeEveryMs = Math.min(phase.probeEveryMs * 2, SLOWEST_PROBE_MS);
  return { ...state, phase: { ...phase, probeEveryMs, probeAtMs: event.atMs + probeEveryMs } };
}

function unnamed(state: Session): Session["assist"] {
  return state.assist === null ? null : { ...state.assist, named: null };
}
