/**
 * What is said to a scanner while its codes pass: a talk (`families/talk.ts`) with its timer and its port. Without a talk
 * every byte is a code's.
 */
import type { Family, Step } from "./families/family.ts";
import { type Outcome, startTalk, type Talk, type TalkStep, talkHeard, talkWaited } from "./families/talk.ts";

export type Conversation = {
  /** Says the steps. Null while others are being said; rejects when the scanner goes away meanwhile. */
  readonly say: (steps: readonly Step[]) => Promise<readonly Outcome[]> | null;
  readonly heard: (bytes: Uint8Array) => void;
  readonly close: () => void;
};

type Saying = {
  readonly outcomes: Outcome[];
  readonly done: (outcomes: readonly Outcome[]) => void;
  readonly failed: (error: Error) => void;
};

export function openConversation(parts: {
  readonly family: Family;
  readonly nowMs: () => number;
  readonly write: (bytes: Uint8Array) => void;
  readonly onCodeBytes: (bytes: Uint8Array) => void;
}): Conversation {
  let talk: Talk | null = null;
  let saying: Saying | null = null;
  let timer: NodeJS.Timeout | undefined;

  const follow = (step: TalkStep) => {
    clearTimeout(timer);
    talk = step.talk.untilMs === null ? null : step.talk;
    if (step.talk.untilMs !== null) {
      timer = setTimeout(waited, Math.max(0, Math.ceil(step.talk.untilMs - parts.nowMs()))).unref();
    }
    saying?.outcomes.push(...step.outcomes);
    for (const command of step.send) parts.write(command);
    if (step.passed.length > 0) parts.onCodeBytes(step.passed);
    if (talk === null) {
      saying?.done(saying.outcomes);
      saying = null;
    }
  };
  const waited = () => {
    if (talk !== null) follow(talkWaited(talk, parts.nowMs()));
  };

  return {
    say: (steps) => {
      if (talk !== null) return null;
      return new Promise((done, failed) => {
        saying = { outcomes: [], done, failed };
        follow(startTalk(parts.family, steps, parts.nowMs()));
      });
    },
    heard: (bytes) => {
      if (talk === null) parts.onCodeBytes(bytes);
      else follow(talkHeard(talk, bytes, parts.nowMs()));
    },
    close: () => {
      clearTimeout(timer);
      talk = null;
      saying?.failed(new Error("The scanner was unplugged before it had answered."));
      saying = null;
    },
  };
}
