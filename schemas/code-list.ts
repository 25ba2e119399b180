/**
 * The programme's code list: three faces, four reasons, and the words every part of the system uses for keys, modes
 * and refusals. Adding, removing or renaming one is a new version of the wording and of the schema, never an edit.
 */

/** The faces of *Mettiamoci la faccia*, best first. */
export const FACES = ["green", "yellow", "red"] as const;
export type Face = (typeof FACES)[number];

/** What a citizen may name after red: waiting time, staff behaviour, need to come back, negative outcome. */
export const REASON_KEYS = ["wait", "staff", "return", "outcome"] as const;
export type ReasonKey = (typeof REASON_KEYS)[number];

/** What a red vote stores: a reason, or that none was given. */
export const REASONS = [...REASON_KEYS, "none"] as const;
export type Reason = (typeof REASONS)[number];

/** Every key of a totem. The service key is inside the locked case. */
export const KEYS = [...FACES, ...REASON_KEYS, "assist", "service"] as const;
export type Key = (typeof KEYS)[number];

/** Live votes count; test votes never do. */
export const MODES = ["live", "test"] as const;
export type Mode = (typeof MODES)[number];

/** Kinds of tickets, and `none` for a campaign that accepts votes without one. */
export const PROFILES = ["signed", "short", "plain", "none"] as const;
export type Profile = (typeof PROFILES)[number];

/** What a vote's ticket was proved by. */
export const PROOFS = ["signature", "mac", "list", "shape", "none"] as const;
export type Proof = (typeof PROOFS)[number];

/** What each kind of ticket can be proved by. */
export const PROOFS_OF: Readonly<Record<Profile, readonly Proof[]>> = {
  signed: ["signature"],
  short: ["mac"],
  plain: ["list", "shape"],
  none: ["none"],
};

/** Why a scan was refused, as kept in data. */
export const REFUSALS = [
  "used",
  "used-elsewhere",
  "expired",
  "not-yet",
  "other-office",
  "unknown",
  "malformed",
  "bad-signature",
  "test-mode",
  "closed",
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** The three answers a citizen meets instead of the ten above. */
export const REFUSAL_ANSWERS = ["already-counted", "try-again", "ask-desk"] as const;
export type RefusalAnswer = (typeof REFUSAL_ANSWERS)[number];

/** What the citizen is told for each refusal. `malformed` is most often a bad read, hence *try again*. */
export const ANSWER_TO: Readonly<Record<Refusal, RefusalAnswer>> = {
  used: "already-counted",
  "used-elsewhere": "already-counted",
  malformed: "try-again",
  "not-yet": "ask-desk",
  expired: "ask-desk",
  "other-office": "ask-desk",
  unknown: "ask-desk",
  "bad-signature": "ask-desk",
  "test-mode": "ask-desk",
  closed: "ask-desk",
};

/** Marks on a vote that say how it was given; they never change whether it counts. */
export const VOTE_FLAGS = ["afterHours", "flood", "assist"] as const;
export type VoteFlag = (typeof VOTE_FLAGS)[number];

/** Whether a totem's wall clock can be believed. */
export const CLOCK_STATES = ["trusted", "untrusted"] as const;
export type ClockState = (typeof CLOCK_STATES)[number];

/** What became of a vote at the gateway. Only `accepted` and `late` are valid votes. */
export const VERDICTS = ["accepted", "late", "conflict", "expired-late", "unverified", "test"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Languages the wording exists in: Italian and English everywhere, the others where Italy's minorities speak them. */
export const LANGUAGES = ["it", "en", "de", "fr", "sl"] as const;
export type Language = (typeof LANGUAGES)[number];

/** True for the three face keys. */
export function isFace(key: Key): key is Face {
  return (FACES as readonly string[]).includes(key);
}
