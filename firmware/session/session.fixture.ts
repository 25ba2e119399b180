/**
 * Pieces every test of the session is made of: rules, tickets, events and a way to run many of them in a row.
 */
import type { Key, Mode, Refusal } from "#schemas/code-list.ts";
import { SESSION_DEFAULTS } from "#schemas/session-settings.ts";
import type { Effect, Event, GoodTicket, Judgement } from "./events.ts";
import type { SessionRules } from "./rules.ts";
import { step } from "./session.ts";
import { INITIAL_SESSION, type Session } from "./state.ts";

/** The design's own times and limits. */
export const RULES: SessionRules = { ...SESSION_DEFAULTS, withoutTicket: false, languages: ["it", "en"] };

/** When most tests begin; nothing may depend on time starting at zero. */
export const START_MS = 1_000_000;

/** One of a handful of tickets; equal numbers are equal tickets. */
export function ticket(number: number): GoodTicket {
  const minute = 29_000_000 + number;
  return {
    profile: "signed",
    proof: "signature",
    issuerKeyId: "desk-1",
    minute,
    mark: `${number}`.padStart(32, "0"),
    service: "anagrafe",
  };
}

export function good(number: number, mode: Mode = "live"): Judgement {
  return { good: true, mode, ticket: ticket(number), mark: ticket(number).mark as string };
}

export function used(number: number): Judgement {
  return { good: false, refusal: "used", mark: ticket(number).mark, service: "anagrafe" };
}

export function refusedAs(refusal: Refusal): Judgement {
  return { good: false, refusal, mark: null, service: null };
}

/** A session that is played step by step; `effects` holds what the last event asked for. */
export type Play = {
  readonly state: Session;
  readonly atMs: number;
  readonly effects: readonly Effect[];
  /** Feeds one event at the present time. */
  readonly feed: (event: WithoutTime<Event>) => Play;
  /** Presses a key and lets it go after 90 ms; `effects` are those of the press. */
  readonly press: (key: Key) => Play;
  readonly scan: (judgement: Judgement) => Play;
  /** The journal stores the draft that is being saved. */
  readonly committed: () => Play;
  /** Lets time pass in one go and ticks once at the end of it. */
  readonly wait: (ms: number) => Play;
};

type WithoutTime<E> = E extends Event ? Omit<E, "atMs"> : never;

/** Begins a session. Ids are numbered by the moment, so that no two events share one. */
export function play(rules: SessionRules = RULES, state: Session = INITIAL_SESSION): Play {
  return playing({ rules, state, atMs: START_MS, effects: [] });
}

function playing(so: {
  readonly rules: SessionRules;
  readonly state: Session;
  readonly atMs: number;
  readonly effects: readonly Effect[];
}): Play {
  const { rules, state, atMs } = so;
  const feed = (event: WithoutTime<Event>) =>
    playing({ ...so, ...step(state, { ...event, atMs } as Event, rules) });
  const edge = (key: Key, active: boolean) =>
    ({ type: "key-changed", key, active, freshId: `press-${atMs}`, afterHours: false }) as const;
  return {
    state,
    atMs,
    effects: so.effects,
    feed,
    press: (key) => {
      const down = feed(edge(key, true));
      const up = down.wait(90).feed({ ...edge(key, false) });
      return playing({ rules, state: up.state, atMs: up.atMs, effects: down.effects });
    },
    scan: (judgement) =>
      feed({ type: "ticket-judged", judgement, length: 133, freshId: `scan-${atMs}`, afterHours: false }),
    committed: () => {
      if (state.phase.name !== "saving") throw new Error(`nothing is being saved: ${state.phase.name}`);
      return feed({ type: "draft-committed", voteId: state.phase.draft.voteId });
    },
    wait: (ms) => playing({ ...so, atMs: atMs + ms }).feed({ type: "tick" }),
  };
}

/** Effects in a few words, in order: what the table tests and the sentences compare. */
export function told(effects: readonly Effect[]): string {
  return effects.map(inWords).join(", ");
}

function inWords(effect: Effect): string {
  switch (effect.type) {
    case "sound":
      return effect.sound;
    case "speak":
      return `say ${effect.phrase.say}${effect.phrase.say === "key" ? ` ${effect.phrase.key}` : ""}`;
    case "commit-draft":
      return `commit ${effect.draft.face}${effect.draft.reason === null ? "" : `/${effect.draft.reason}`}`;
    case "seal-draft":
      return "seal";
    case "count-refusal":
      return `refusal ${effect.refusal}`;
    case "count-press":
      return "counted";
    case "probe-journal":
      return "probe";
    case "record-fault":
      return `${effect.code} ${effect.part === null ? "" : `${effect.part} `}${effect.state}`;
    case "record-mode":
      return `mode ${effect.mode}`;
    case "start-self-test":
      return "self-test";
    case "self-test-press":
      return `tests ${effect.key}`;
  }
}
