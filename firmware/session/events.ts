/**
 * What can happen to a totem's session and what the session can ask for. Events are past, effects are commands.
 * Time arrives in every event as `atMs` (monotonic milliseconds), a fresh random id where one may be needed.
 */
import type { Face, Key, Mode, Profile, Proof, Reason, Refusal, VoteFlag } from "#schemas/code-list.ts";
import type { FaultCode } from "#schemas/fault-codes.ts";
import type { VoiceLanguage, VoiceTestStep } from "#schemas/voice-texts.ts";

/** A ticket judged good: what the vote will say about it. */
export type GoodTicket = {
  readonly profile: Profile;
  readonly proof: Proof;
  readonly issuerKeyId: string | null;
  readonly minute: number | null;
  /** Null only for a vote without a ticket. */
  readonly mark: string | null;
  readonly service: string | null;
};

/** What the judge said of a scan. A refused one keeps its mark only where the ticket was genuine. */
export type Judgement =
  | {
      readonly good: true;
      readonly ticket: GoodTicket;
      readonly mark: string;
      /** In which it is good: a totem may have changed its mode since the scan. */
      readonly mode: Mode;
    }
  | {
      readonly good: false;
      readonly refusal: Refusal;
      readonly mark: string | null;
      readonly service: string | null;
    };

/** A vote as the citizen has made it so far. */
export type Draft = {
  readonly voteId: string;
  readonly ticket: GoodTicket;
  readonly face: Face;
  /** Null unless the face is red; `none` until a reason is pressed. */
  readonly reason: Reason | null;
  readonly flags: readonly VoteFlag[];
};

/** Why the journal did not take something. */
export type JournalFailure = "disk-full" | "journal-failed";

export type Event = { readonly atMs: number } & (
  | { readonly type: "started" }
  | { readonly type: "tick" }
  | {
      readonly type: "key-changed";
      readonly key: Key;
      readonly active: boolean;
      readonly freshId: string;
      /** Pressed outside opening hours: flags a vote, never refuses it. */
      readonly afterHours: boolean;
    }
  /** A key found active when the lines were first read: never a press. */
  | { readonly type: "key-found-active"; readonly key: Key }
  | {
      readonly type: "ticket-judged";
      readonly judgement: Judgement;
      /** Of the scanned text, of which a refusal leaves nothing else. */
      readonly length: number;
      readonly freshId: string;
      /** Scanned outside opening hours. */
      readonly afterHours: boolean;
    }
  | { readonly type: "draft-committed"; readonly voteId: string }
  | { readonly type: "draft-failed"; readonly voteId: string; readonly cause: JournalFailure }
  /** Something other than a draft could not be stored or looked up, or the disk has no room left. */
  | { readonly type: "storage-failed"; readonly cause: JournalFailure }
  | { readonly type: "journal-works" }
  | { readonly type: "journal-still-fails" }
  | { readonly type: "headphones-changed"; readonly plugged: boolean }
  /** From the terminal of the totem itself; the service key asks by being pressed. */
  | { readonly type: "self-test-asked" }
  | { readonly type: "self-test-finished"; readonly passed: boolean }
);

export type EventOf<T extends Event["type"]> = Extract<Event, { type: T }>;

/** The neutral sounds. `click` answers every press alike; none of them depends on the choice. */
export type Sound = "click" | "ready" | "thanks" | "refused" | "fault";

/** What the voice says. `key` is named only with headphones on; `other-language` is an offer made in that language. */
export type Phrase =
  | {
      readonly say: "layout" | "other-language" | "show-receipt" | "choose" | "confirm" | "reason" | "thanks";
    }
  | { readonly say: "refused"; readonly refusal: Refusal }
  | { readonly say: "out-of-order" }
  | { readonly say: "key"; readonly key: Key }
  /** The self-test's own: what it asks a technician to do. */
  | { readonly say: "test-key"; readonly key: Key }
  | { readonly say: "test-step"; readonly step: VoiceTestStep };

export type Effect =
  | { readonly type: "sound"; readonly sound: Sound }
  | { readonly type: "speak"; readonly phrase: Phrase; readonly language: VoiceLanguage }
  /** Store the draft and spend its ticket in one transaction; answered by draft-committed or draft-failed. */
  | { readonly type: "commit-draft"; readonly draft: Draft }
  /** Move the stored draft, if there is one, into the journal; answered only when it fails. */
  | { readonly type: "seal-draft" }
  | {
      readonly type: "count-refusal";
      readonly refusal: Refusal;
      readonly service: string | null;
      readonly length: number;
    }
  | { readonly type: "count-press" }
  /** Try whether the journal can commit again; answered by journal-works or journal-still-fails. */
  | { readonly type: "probe-journal" }
  | {
      readonly type: "record-fault";
      readonly code: FaultCode;
      readonly state: "failed" | "recovered";
      readonly part: string | null;
    }
  | { readonly type: "record-mode"; readonly mode: "live" | "test" }
  | { readonly type: "start-self-test" }
  /** A key pressed while the self-test runs: an answer to it, and to nothing else. */
  | { readonly type: "self-test-press"; readonly key: Key };
