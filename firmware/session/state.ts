/**
 * The states a citizen meets and what the session remembers between events. Plain data: waiting is
 * a deadline in the state, never a timer.
 */
import type { Face, Key, Mode, ReasonKey, Refusal } from "#schemas/code-list.ts";
import type { VoiceLanguage } from "#schemas/voice-texts.ts";
import type { Draft, EventOf, GoodTicket, JournalFailure } from "./events.ts";
import { type KeyStates, NO_KEYS } from "./keys.ts";

/** An accepted press, as the phases judge it. */
export type Press = {
  readonly key: Key;
  readonly atMs: number;
  readonly freshId: string;
  readonly afterHours: boolean;
};

/** A press of a key that a citizen votes with. */
export type VotingPress = Press & { readonly key: Face | ReasonKey };

/** What waits for a commit: presses already answered with click and lamps but not yet judged, and scans. */
export type Deferred = { readonly type: "press"; readonly press: Press } | EventOf<"ticket-judged">;

export type Phase =
  | { readonly name: "idle" }
  | {
      readonly name: "awaiting-face";
      readonly ticket: GoodTicket;
      readonly voteId: string;
      readonly afterHours: boolean;
      readonly untilMs: number;
    }
  | {
      readonly name: "saving";
      readonly draft: Draft;
      /** Replacements of the first choice so far. */
      readonly changes: number;
      readonly untilMs: number;
      /** What happened meanwhile, to be judged after the commit. */
      readonly deferred: readonly Deferred[];
    }
  | {
      readonly name: "thanked";
      /** Null when the thanks only repeat those for an already sealed vote. */
      readonly draft: Draft | null;
      readonly changes: number;
      readonly untilMs: number;
    }
  | { readonly name: "refused"; readonly refusal: Refusal; readonly untilMs: number }
  | {
      readonly name: "out-of-order";
      readonly cause: JournalFailure;
      readonly probeAtMs: number;
      readonly probeEveryMs: number;
    };
export type PhaseName = Phase["name"];
export type PhaseOf<N extends PhaseName> = Extract<Phase, { name: N }>;

/** The assist mode: longer waits and the voice, from the assist key to the end of the session. */
export type Assist = {
  /** Without a session in between it ends by itself. */
  readonly untilMs: number;
  /** The key named by the voice and waiting for its confirming second press. */
  readonly named: Face | ReasonKey | null;
  /** In which the voice speaks until the assist key is pressed again. */
  readonly language: VoiceLanguage;
};

export type Session = {
  readonly phase: Phase;
  readonly keys: KeyStates;
  readonly mode: Mode;
  /** When test mode ends by itself; null in live mode. */
  readonly testUntilMs: number | null;
  readonly assist: Assist | null;
  readonly headphones: boolean;
  /** The session that just ended, whose code may be shown again without being refused. */
  readonly finished: { readonly mark: string; readonly atMs: number } | null;
  /** The answer to a press: until then all faces show this, the opposite of what they showed before. */
  readonly pulse: { readonly untilMs: number; readonly faces: "on" | "off" } | null;
  /** Until when the receipt pictogram blinks, as the answer to a press without a ticket. */
  readonly promptUntilMs: number | null;
  /** The outcome of the last self-test, until somebody uses the totem. */
  readonly selfTest: "running" | "passed" | "failed" | null;
  /** When a running self-test is over at the latest; null while none runs. */
  readonly selfTestUntilMs: number | null;
};

/** A totem that has just been switched on: no session, live mode (test mode never survives a restart). */
export const INITIAL_SESSION: Session = {
  phase: { name: "idle" },
  keys: NO_KEYS,
  mode: "live",
  testUntilMs: null,
  assist: null,
  headphones: false,
  finished: null,
  pulse: null,
  promptUntilMs: null,
  selfTest: null,
  selfTestUntilMs: null,
};

/** True for keys that a citizen votes with. */
export function isVotingKey(key: Key): key is Face | ReasonKey {
  return key !== "assist" && key !== "service";
}
