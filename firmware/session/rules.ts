/**
 * What a session is played by: the times and limits of the settings, and what the gateway decided for the site.
 */
import type { SessionSettings } from "#schemas/session-settings.ts";
import type { VoiceLanguage } from "#schemas/voice-texts.ts";

export type SessionRules = SessionSettings & {
  /** A campaign may accept votes without a ticket: counted apart as unverified. */
  readonly withoutTicket: boolean;
  /** The site's languages that have a voice, the first one first; never none. */
  readonly languages: readonly [VoiceLanguage, ...VoiceLanguage[]];
};

/** While out of order, how often the journal is tried again: quick at first, then sparing a broken card. */
export const FIRST_PROBE_MS = 2_000;
export const SLOWEST_PROBE_MS = 60_000;

/** How long all lamps change at a press: long enough to be seen, too short to disturb. */
export const PULSE_MS = 150;

/** How long the receipt pictogram blinks after a press without a ticket. */
export const PROMPT_MS = 3_000;

/** After so long a self-test has failed, whatever became of it: longer than all its own waits together. */
export const SELF_TEST_MAX_MS = 1_200_000;

/** Events kept while a commit is on its way: what a hasty person can press and scan during the longest card stall. */
export const DEFERRED_MAX = 16;
