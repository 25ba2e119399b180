/**
 * What an accepted press means in each phase. Click and lamps have already answered it, alike for every key.
 */
import { type Face, isFace, VOTE_FLAGS, type VoteFlag } from "#schemas/code-list.ts";
import { assistPressed, confirmed, keptAwake } from "./assist.ts";
import type { Draft, GoodTicket } from "./events.ts";
import { isFlooded } from "./keys.ts";
import { PROMPT_MS, type SessionRules } from "./rules.ts";
import { servicePressed } from "./self-test.ts";
import { isVotingKey, type PhaseOf, type Press, type Session, type VotingPress } from "./state.ts";
import { enter, mayChange, type Step, spoken, unchanged } from "./step.ts";

/** What a vote is for, known before the face is. */
type VoteBegun = { readonly voteId: string; readonly ticket: GoodTicket; readonly afterHours: boolean };

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
  return key === "assist" ? assistPressed(state, press, rules) : servicePressed(state, press.atMs, rules);
}

function votingKeyPressed(state: Session, press: VotingPress, rules: SessionRules): Step {
  const { phase } = state;
  switch (phase.name) {
    case "idle":
      return rules.withoutTicket && isFace(press.key)
        ? faceChosen(state, { ...press, ticket: WITHOUT_TICKET, voteId: press.freshId }, press, rules)
        : askForReceipt(state, press, rules);
    case "awaiting-face":
      return faceChosen(state, phase, press, rules);
    case "thanked":
      return phase.draft === null
        ? unchanged(state)
        : choiceChanged(state, { ...phase, draft: phase.draft }, press, rules);
    case "out-of-order":
      return { state, effects: spoken(state, { say: "out-of-order" }) };
    case "saving":
    case "refused":
      return unchanged(state);
  }
}

function askForReceipt(state: Session, press: VotingPress, rules: SessionRules): Step {
  return {
    state: keptAwake({ ...state, promptUntilMs: press.atMs + PROMPT_MS }, press.atMs, rules),
    effects: [
      // Whoever feels for the keys learns their names; nothing is being chosen here.
      ...(state.headphones ? spoken(state, { say: "key", key: press.key }) : []),
      ...spoken(state, { say: "show-receipt" }),
    ],
  };
}

function faceChosen(state: Session, vote: VoteBegun, press: VotingPress, rules: SessionRules): Step {
  const { key } = press;
  if (!isFace(key)) return unchanged(state);
  const { voteId, ticket, afterHours } = vote;
  const draft = { voteId, ticket, ...choiceOf(key), flags: flagsOf(state, afterHours, []) };
  return confirmed(state, press, rules, () => save(state, draft, { changes: 0, atMs: press.atMs }, rules));
}

/** Another face, or a reason after red, while the thanks are shown. The same choice again does nothing. */
function choiceChanged(
  state: Session,
  phase: PhaseOf<"thanked"> & { readonly draft: Draft },
  press: VotingPress,
  rules: SessionRules,
): Step {
  const { draft } = phase;
  const { key } = press;
  if (!mayChange(phase, rules)) return unchanged(state);
  const isSame = isFace(key) ? key === draft.face : draft.face !== "red" || key === draft.reason;
  if (isSame) return unchanged(state);
  const choice = isFace(key) ? choiceOf(key) : { face: draft.face, reason: key };
  const flags = flagsOf(state, draft.flags.includes("afterHours"), draft.flags);
  const changes = phase.changes + 1;
  return confirmed(state, press, rules, () =>
    save(state, { ...draft, ...choice, flags }, { changes, atMs: press.atMs }, rules),
  );
}

function save(
  state: Session,
  draft: Draft,
  { changes, atMs }: { readonly changes: number; readonly atMs: number },
  rules: SessionRules,
): Step {
  return enter(state, { name: "saving", draft, changes, untilMs: atMs + rules.savingMs, deferred: [] }, [
    { type: "commit-draft", draft },
  ]);
}

/** A face begins without a reason; one that is not red never has one. */
function choiceOf(face: Face): Pick<Draft, "face" | "reason"> {
  return { face, reason: face === "red" ? "none" : null };
}

/** The flags of a vote; what was true of its earlier form stays true. */
function flagsOf(state: Session, afterHours: boolean, before: readonly VoteFlag[]): readonly VoteFlag[] {
  const set: Record<VoteFlag, boolean> = {
    afterHours,
    flood: isFlooded(state.keys) || before.includes("flood"),
    assist: state.assist !== null || before.includes("assist"),
  };
  return VOTE_FLAGS.filter((flag) => set[flag]);
}
