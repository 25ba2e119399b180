/**
 * What the journal's answers mean: thanks after a commit and never before, and openly out of order without one.
 */
import type { EventOf, JournalFailure } from "./events.ts";
import { FIRST_PROBE_MS, type SessionRules } from "./rules.ts";
import type { Session } from "./state.ts";
import { asksReason, enter, type Step, spoken, toIdle, unchanged, waitMs } from "./step.ts";

/** The draft is on the disk and its ticket is spent: thanks, the same for every choice. */
export function draftCommitted(state: Session, event: EventOf<"draft-committed">, rules: SessionRules): Step {
  const { phase } = state;
  // A commit that answers after the session gave up stands all the same: recovery seals it.
  if (phase.name !== "saving" || phase.draft.voteId !== event.voteId) return unchanged(state);
  const { draft, changes } = phase;
  const isAsked = asksReason(phase, rules);
  const untilMs = event.atMs + waitMs(isAsked ? rules.reasonMs : rules.thanksMs, state.assist, rules);
  // Without headphones the voice must not tell that the choice was red.
  const reasonToo = isAsked && state.headphones ? spoken(state, { say: "reason" }) : [];
  return enter(state, { name: "thanked", draft, changes, untilMs }, [
    { type: "sound", sound: "thanks" },
    ...spoken(state, { say: "thanks" }),
    ...reasonToo,
  ]);
}

/** The commit did not complete: the press was never a vote, and the totem says so. */
export function draftFailed(state: Session, event: EventOf<"draft-failed">): Step {
  const { phase } = state;
  if (phase.name !== "saving" || phase.draft.voteId !== event.voteId) return unchanged(state);
  return outOfOrder(state, event.cause, event.atMs);
}

/** Sealing failed or the disk is full: no new vote until it works again. A running commit is left to answer first. */
export function fellOutOfOrder(state: Session, event: EventOf<"storage-failed">): Step {
  const { phase } = state;
  return phase.name === "saving" || phase.name === "out-of-order"
    ? unchanged(state)
    : outOfOrder(state, event.cause, event.atMs);
}

/** The journal commits again: what was left unsealed is sealed, and the totem is open. */
export function recovered(state: Session): Step {
  const { phase } = state;
  if (phase.name !== "out-of-order") return unchanged(state);
  return toIdle({ ...state, selfTest: state.selfTest === "running" ? "running" : null }, [
    { type: "seal-draft" },
    { type: "record-fault", code: phase.cause, state: "recovered", part: null },
    { type: "sound", sound: "ready" },
  ]);
}

/** Out of order, it is time to try the journal again. */
export function probeDue(state: Session, event: EventOf<"tick">): Step {
  const { phase } = state;
  if (phase.name !== "out-of-order" || event.atMs < phase.probeAtMs) return unchanged(state);
  return {
    state: { ...state, phase: { ...phase, probeAtMs: event.atMs + phase.probeEveryMs } },
    effects: [{ type: "probe-journal" }],
  };
}

/** Says openly that no vote can be taken. */
export function outOfOrder(state: Session, cause: JournalFailure, atMs: number): Step {
  return enter(
    state,
    { name: "out-of-order", cause, probeAtMs: atMs + FIRST_PROBE_MS, probeEveryMs: FIRST_PROBE_MS },
    [
      { type: "record-fault", code: cause, state: "failed", part: null },
      { type: "sound", sound: "fault" },
      ...spoken(state, { say: "out-of-order" }),
    ],
  );
}
