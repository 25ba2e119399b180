/**
 * What an accepted press means in each phase. Click and lamps have already answered it, alike for every key.
 */
import { type Face, isFace, type ReasonKey, VOTE_FLAGS, type VoteFlag } from "#schemas/code-list.ts";
import type { Draft, GoodTicket } from "./events.ts";
import { isFlooded } from "./keys.ts";
import { PROMPT_MS, type SessionRules } from "./rules.ts";
import { isVotingKey, type Press, type Session } from "./state.ts";
import { endSession, enter, follow, type Step, spoken, toIdle, unchanged, waitMs } from "./step.ts";

type VotingPress = Press & { readonly key: Face | ReasonKey };

/** The ticket of a vote in a campaign that asks for none: counted apart as unverified. */
const WITHOUT_TICKET: GoodTicket = {
  profile: "none",
  proof: "none",
  issuerKeyId: null,
  minute: null,
  mark: null,
  service: null,
};

/** A press of any key. */
export function pressJudged(state: Session, press: Press, rules: SessionRules): Step {
  const { key } = press;
  if (isVotingKey(key)) return votingKeyPressed(state, { ...press, key }, rules);
  return key === "assist" ? assistPressed(state, press, rules) : servicePressed(state, press, rules);
}

function votingKeyPressed(state: Session, press: VotingPress, rules: SessionRules): Step {
  const { phase } = state;
  const { key } = press;
  if (phase.name === "awaiting-face" && isFace(key)) {
    return confirmed(state, press, rules, () =>
      save(
        state,
        { voteId: phase.voteId, ticket: phase.ticket, afterHours: phase.afterHours },
        key,
        press,
        rules,
      ),
    );
  }
  if (phase.name === "thanked" && phase.draft !== null)
    return choiceChanged(state, phase.draft, press, rules);
  if (phase.name !== "idle") return unchanged(state);
  if (rules.withoutTicket && isFace(key)) {
    const vote = { voteId: press.freshId, ticket: WITHOUT_TICKET, afterHours: press.afterHours };
    return confirmed(state, press, rules, () => save(state, vote, key, press, rules));
  }
  return {
    state: { ...state, promptUntilMs: press.atMs + PROMPT_MS },
    effects: spoken(state, { say: "show-receipt" }),
  };
}

/** Another face, or a reason after red, while the thanks are shown. The same choice again does nothing. */
function choiceChanged(state: Session, draft: Draft, press: VotingPress, rules: SessionRules): Step {
  const { phase } = state;
  const { key } = press;
  if (phase.name !== "thanked" || phase.changes >= rules.changesMax) return unchanged(state);
  const same = isFace(key) ? key === draft.face : draft.face !== "red" || key === draft.reason;
  if (same) return unchanged(state);
  const choice = isFace(key) ? choiceOf(key) : { face: draft.face, reason: key };
  const replaced: Draft = {
    ...draft,
    ...choice,
    flags: flagsOf(state, draft.flags.includes("afterHours"), draft),
  };
  return confirmed(state, press, rules, () =>
    enter(
      state,
      {
        name: "saving",
        draft: replaced,
        changes: phase.changes + 1,
        untilMs: press.atMs + rules.savingMs,
        deferred: [],
      },
      [{ type: "commit-draft", draft: replaced }],
    ),
  );
}

function save(
  state: Session,
  vote: { readonly voteId: string; readonly ticket: GoodTicket; readonly afterHours: boolean },
  face: Face,
  press: Press,
  rules: SessionRules,
): Step {
  const { voteId, ticket, afterHours } = vote;
  const draft: Draft = { voteId, ticket, ...choiceOf(face), flags: flagsOf(state, afterHours, null) };
  return enter(
    state,
    { name: "saving", draft, changes: 0, untilMs: press.atMs + rules.savingMs, deferred: [] },
    [{ type: "commit-draft", draft }],
  );
}

function choiceOf(face: Face): Pick<Draft, "face" | "reason"> {
  return { face, reason: face === "red" ? "none" : null };
}

function flagsOf(state: Session, afterHours: boolean, before: Draft | null): readonly VoteFlag[] {
  const set: Record<VoteFlag, boolean> = {
    afterHours,
    flood: isFlooded(state.keys) || (before?.flags.includes("flood") ?? false),
    assist: state.assist !== null || (before?.flags.includes("assist") ?? false),
  };
  return VOTE_FLAGS.filter((flag) => set[flag]);
}

/** With headphones on, the first press only names the key and a second one confirms; otherwise a press is enough. */
function confirmed(state: Session, press: VotingPress, rules: SessionRules, act: () => Step): Step {
  const { assist, phase } = state;
  if (assist === null || !state.headphones || assist.named === press.key) return act();
  const longer = "untilMs" in phase ? { ...phase, untilMs: press.atMs + phaseWaitMs(state, rules) } : phase;
  return {
    state: {
      ...state,
      phase: longer,
      assist: { untilMs: press.atMs + waitMs(rules.awaitingFaceMs, assist, rules), named: press.key },
    },
    effects: [
      { type: "speak", phrase: { say: "key", key: press.key } },
      { type: "speak", phrase: { say: "confirm" } },
    ],
  };
}

function assistPressed(state: Session, press: Press, rules: SessionRules): Step {
  const wasOn = state.assist !== null;
  const assist = { untilMs: press.atMs + rules.awaitingFaceMs * rules.assistFactor, named: null };
  const on: Session = { ...state, assist };
  const { phase } = on;
  // The wait already running becomes four times as long; pressing again only repeats the reading.
  const phaseNow =
    wasOn || !("untilMs" in phase) || phase.name === "saving"
      ? phase
      : { ...phase, untilMs: press.atMs + phaseWaitMs(on, rules) };
  return {
    state: { ...on, phase: phaseNow },
    effects: [...spoken(on, { say: "layout" }), ...spoken(on, { say: promptOf(on) })],
  };
}

function promptOf(state: Session): "show-receipt" | "choose" | "thanks" {
  if (state.phase.name === "awaiting-face") return "choose";
  return state.phase.name === "thanked" ? "thanks" : "show-receipt";
}

function phaseWaitMs(state: Session, rules: SessionRules): number {
  const { phase, assist } = state;
  switch (phase.name) {
    case "awaiting-face":
      return waitMs(rules.awaitingFaceMs, assist, rules);
    case "thanked":
      return waitMs(phase.draft?.reason === "none" ? rules.reasonMs : rules.thanksMs, assist, rules);
    case "refused":
      return waitMs(rules.refusedMs, assist, rules);
    case "saving":
      return rules.savingMs;
    case "idle":
    case "out-of-order":
      return 0;
  }
}

/** The service key, inside the locked case: test mode on with a self-test, or back to live. */
function servicePressed(state: Session, press: Press, rules: SessionRules): Step {
  if (state.phase.name === "out-of-order") {
    return { state: { ...state, selfTest: "running" }, effects: [{ type: "start-self-test" }] };
  }
  const ended = endSession(state, press.atMs);
  const mode = state.mode === "live" ? "test" : "live";
  const switched: Session = {
    ...ended.state,
    mode,
    testUntilMs: mode === "test" ? press.atMs + rules.testModeMs : null,
    selfTest: mode === "test" ? "running" : null,
  };
  const record = { type: "record-mode", mode } as const;
  return follow(ended, toIdle(switched, mode === "test" ? [record, { type: "start-self-test" }] : [record]));
}
