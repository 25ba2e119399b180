/**
 * Talks with a scanner while it reads: commands go out one after the other, and each one's reply is taken out of the
 * bytes that come, wherever it stands and however it is chopped. Only as many replies are taken as commands were sent, and
 * only while they can still be expected: nothing is looked for in a code otherwise. Pure: time is passed in.
 */
import type { Family, Step } from "./family.ts";

export type Outcome = {
  readonly name: string;
  /** Good as it was, set now, refused or unreadable, or not answered. */
  readonly result: "good" | "set" | "refused" | "silent";
};

export type Talk = {
  readonly family: Family;
  /** What is being talked about, and what comes after it. */
  readonly steps: readonly Step[];
  /** True once the first step's correction was sent. */
  readonly correcting: boolean;
  /** Until when a reply is expected; null when the talk is over. */
  readonly untilMs: number | null;
  /** The beginning of what may be a reply: fewer bytes than one has. */
  readonly held: readonly number[];
};

export type TalkStep = {
  readonly talk: Talk;
  /** The bytes that are no reply, in their order. */
  readonly passed: Uint8Array;
  readonly send: readonly Uint8Array[];
  readonly outcomes: readonly Outcome[];
};

/** The slowest reply known takes 0.43 s (the DE2120's version, SparkFun's library); waiting costs nothing: codes pass. */
export const REPLY_MS = 2_000;

/** Begins to talk about some steps; over at once when there are none. */
export function startTalk(family: Family, steps: readonly Step[], atMs: number): TalkStep {
  const [first] = steps;
  const untilMs = first === undefined ? null : atMs + REPLY_MS;
  const talk = { family, steps, correcting: false, untilMs, held: [] };
  return { talk, passed: new Uint8Array(), send: first === undefined ? [] : [first.command], outcomes: [] };
}

/** Bytes came from the scanner. */
export function talkHeard(talk: Talk, bytes: Uint8Array, atMs: number): TalkStep {
  const waited = talkWaited(talk, atMs);
  const passed = [...waited.passed];
  const send: Uint8Array[] = [];
  const outcomes = [...waited.outcomes];
  let now = waited.talk;
  for (const byte of bytes) {
    if (now.untilMs === null) {
      passed.push(byte);
      continue;
    }
    const sifted = sift(now.family, [...now.held, byte]);
    passed.push(...sifted.passed);
    now = { ...now, held: sifted.held };
    if (sifted.reply === null) continue;
    const next = replied(now, sifted.reply, atMs);
    now = next.talk;
    send.push(...next.send);
    outcomes.push(...next.outcomes);
  }
  return { talk: now, passed: Uint8Array.from(passed), send, outcomes };
}

/** Time has passed: a reply that did not come will not come, and what was kept for it is let go. */
export function talkWaited(talk: Talk, atMs: number): TalkStep {
  const [step] = talk.steps;
  if (talk.untilMs === null || atMs < talk.untilMs || step === undefined) {
    return { talk, passed: new Uint8Array(), send: [], outcomes: [] };
  }
  // Whoever does not answer one command is of another family or speed, and is asked nothing more.
  const over: Talk = { ...talk, steps: [], untilMs: null, held: [] };
  const outcomes: Outcome[] = [{ name: step.name, result: "silent" }];
  return { talk: over, passed: Uint8Array.from(talk.held), send: [], outcomes };
}

/** Lets go of everything up to where a reply may begin. */
function sift(family: Family, bytes: readonly number[]) {
  const passed: number[] = [];
  for (let at = 0; at < bytes.length; at += 1) {
    const rest = bytes.slice(at);
    const length = family.replyLength(rest);
    if (length === "partial") return { passed, held: rest, reply: null };
    if (length !== "other")
      return { passed, held: rest.slice(length), reply: Uint8Array.from(rest.slice(0, length)) };
    passed.push(rest[0] ?? 0);
  }
  return { passed, held: [], reply: null };
}

function replied(talk: Talk, reply: Uint8Array, atMs: number): Omit<TalkStep, "passed"> {
  const [step, ...rest] = talk.steps;
  if (step === undefined) return { talk, send: [], outcomes: [] };
  const answer = talk.correcting ? null : step.onReply(reply);
  if (answer !== null && answer !== "refused") {
    return { talk: { ...talk, correcting: true, untilMs: atMs + REPLY_MS }, send: [answer], outcomes: [] };
  }
  const good = talk.correcting ? "set" : "good";
  const outcomes: Outcome[] = [{ name: step.name, result: answer === "refused" ? "refused" : good }];
  const next = startTalk(talk.family, rest, atMs);
  return { talk: { ...next.talk, held: talk.held }, send: next.send, outcomes };
}
