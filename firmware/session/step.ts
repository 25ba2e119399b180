/**
 * The small pieces all transitions are made of.
 */
import type { Effect, Phrase } from "./events.ts";
import type { SessionRules } from "./rules.ts";
import type { Assist, Phase, PhaseOf, Session } from "./state.ts";

/** The next state and what is to be done, in order. */
export type Step = { readonly state: Session; readonly effects: readonly Effect[] };

/** No change and nothing to do. */
export function unchanged(state: Session): Step {
  return { state, effects: [] };
}

/** One step after another. */
export function follow(so: Step, next: Step): Step {
  return { state: next.state, effects: [...so.effects, ...next.effects] };
}

/** A wait of the settings, four times longer for who asked for assistance. */
export function waitMs(ms: number, assist: Assist | null, rules: SessionRules): number {
  return assist === null ? ms : ms * rules.assistFactor;
}

/** True while a thanked citizen may still choose otherwise or name a reason. */
export function mayChange({ changes }: Pick<PhaseOf<"thanked">, "changes">, rules: SessionRules): boolean {
  return changes < rules.changesMax;
}

/** True while a reason is awaited: after red, until one is given or nothing can be changed any more. */
export function asksReason(
  vote: Pick<PhaseOf<"thanked">, "draft" | "changes">,
  rules: SessionRules,
): boolean {
  return vote.draft?.reason === "none" && mayChange(vote, rules);
}

/** Into another phase; what the voice had named and the blinking prompt end with the old one. */
export function enter(state: Session, phase: Phase, effects: readonly Effect[]): Step {
  const assist = state.assist === null ? null : { ...state.assist, named: null };
  return { state: { ...state, phase, assist, promptUntilMs: null }, effects };
}

/** Ends whatever session is running before another thing begins: a committed draft is sealed, never lost. */
export function endSession(state: Session, atMs: number): Step {
  const { phase } = state;
  if (phase.name !== "thanked") return unchanged(state);
  // The assist mode belonged to the citizen who was thanked.
  const over: Session = { ...state, assist: null };
  if (phase.draft === null) return unchanged(over);
  const { mark } = phase.draft.ticket;
  return {
    state: { ...over, finished: mark === null ? null : { mark, atMs } },
    effects: [{ type: "seal-draft" }],
  };
}

/** Back to idle; the assist mode of the session ends with it. */
export function toIdle(state: Session, effects: readonly Effect[]): Step {
  return enter({ ...state, assist: null }, { name: "idle" }, effects);
}

/** The voice's part of an answer: silent unless somebody asked for assistance. */
export function spoken({ assist }: Session, phrase: Phrase): readonly Effect[] {
  return assist === null ? [] : [{ type: "speak", phrase, language: assist.language }];
}
