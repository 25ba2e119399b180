/**
 * The assist mode: the voice, waits that are four times longer and, with headphones on, a second press to confirm.
 * Without headphones it never says what was chosen.
 */
import type { VoiceLanguage } from "#schemas/voice-texts.ts";
import type { Effect, Phrase } from "./events.ts";
import type { SessionRules } from "./rules.ts";
import type { Assist, Phase, Press, Session, VotingPress } from "./state.ts";
import { asksReason, type Step, spoken, waitMs } from "./step.ts";

/**
 * The assist key: the voice reads the layout and the step; the wait already running becomes four times as long. Pressed
 * again it does so in the site's next language.
 */
export function assistPressed(state: Session, press: Press, rules: SessionRules): Step {
  const [first] = rules.languages;
  const assist: Assist = {
    untilMs: press.atMs + rules.awaitingFaceMs * rules.assistFactor,
    named: null,
    language: state.assist === null ? first : languageAfter(state.assist.language, rules),
  };
  const on: Session = { ...state, assist };
  // Pressing it again only repeats the reading: nobody can hold a session open with it for ever.
  const phase = state.assist === null ? waitingAnew(on, press.atMs, rules) : on.phase;
  const effects = [...otherLanguage(assist, rules), ...spoken(on, { say: "layout" }), ...stepRead(on)];
  return { state: { ...on, phase }, effects };
}

/** The language after this one, and the first after the last; the settings may have changed since it was chosen. */
function languageAfter(language: VoiceLanguage, { languages }: SessionRules): VoiceLanguage {
  return languages[languages.indexOf(language) + 1] ?? languages[0];
}

/** Said first and in the other language: who understands only that one does not wait for the layout to end. */
function otherLanguage({ language }: Assist, rules: SessionRules): readonly Effect[] {
  const next = languageAfter(language, rules);
  if (next === language) return [];
  return [{ type: "speak", phrase: { say: "other-language" }, language: next }];
}

/** With headphones on, the first press only names the key and a second one confirms; otherwise a press is enough. */
export function confirmed(state: Session, press: VotingPress, rules: SessionRules, act: () => Step): Step {
  const { assist } = state;
  if (assist === null || !state.headphones || assist.named === press.key) return act();
  const named = keptAwake({ ...state, phase: waitingAnew(state, press.atMs, rules) }, press.atMs, rules);
  return {
    state: { ...named, assist: named.assist === null ? null : { ...named.assist, named: press.key } },
    effects: [...spoken(state, { say: "key", key: press.key }), ...spoken(state, { say: "confirm" })],
  };
}

/** Somebody uses the totem: the assist mode, if it is on, does not end meanwhile. */
export function keptAwake(state: Session, atMs: number, rules: SessionRules): Session {
  const { assist } = state;
  if (assist === null) return state;
  return { ...state, assist: { ...assist, untilMs: atMs + waitMs(rules.awaitingFaceMs, assist, rules) } };
}

/** What is to be done now, in words that do not depend on what was chosen. */
function stepRead(state: Session): ReturnType<typeof spoken> {
  return spoken(state, { say: stepName(state.phase) });
}

function stepName(
  phase: Phase,
): Extract<Phrase["say"], "show-receipt" | "choose" | "thanks" | "out-of-order"> {
  switch (phase.name) {
    case "idle":
    case "refused":
      return "show-receipt";
    case "awaiting-face":
    case "saving":
      return "choose";
    case "thanked":
      return "thanks";
    case "out-of-order":
      return "out-of-order";
  }
}

/** The phase with its wait begun anew; a commit's time is the disk's, not the citizen's. */
function waitingAnew(state: Session, atMs: number, rules: SessionRules): Phase {
  const { phase, assist } = state;
  const until = (ms: number) => atMs + waitMs(ms, assist, rules);
  switch (phase.name) {
    case "awaiting-face":
      return { ...phase, untilMs: until(rules.awaitingFaceMs) };
    case "thanked":
      return { ...phase, untilMs: until(asksReason(phase, rules) ? rules.reasonMs : rules.thanksMs) };
    case "refused":
      return { ...phase, untilMs: until(rules.refusedMs) };
    case "idle":
    case "saving":
    case "out-of-order":
      return phase;
  }
}
