/**
 * A tiny world for the session: people who press and scan, a journal that commits, fails, stalls and loses power, and
 * time. It carries out effects as the totem does and says at once which promise an effect or a state breaks.
 */
import { FACES, KEYS, type Key, REASON_KEYS } from "#schemas/code-list.ts";
import type { Draft, Effect, Event } from "./events.ts";
import { DEFERRED_MAX, type SessionRules } from "./rules.ts";
import { refusedAs, START_MS } from "./session.fixture.ts";
import { nextDeadlineMs, step } from "./session.ts";
import { INITIAL_SESSION, type Session } from "./state.ts";
import { viewOf } from "./view.ts";
import type { Action } from "./world-actions.fixture.ts";
import { demand, type Untimed, WorldJournal } from "./world-journal.fixture.ts";

/** What the properties are tried on: the real session, or one that a planted fault was built into. */
export type SessionUnderTest = {
  readonly step: typeof step;
  readonly nextDeadlineMs: typeof nextDeadlineMs;
  readonly viewOf: typeof viewOf;
};
export const REAL_SESSION: SessionUnderTest = { step, nextDeadlineMs, viewOf };

/** Every wait of the rules, four times, the slowest probe and the self-test, twice over: by then all must be over. */
const LONG_ENOUGH_MS = 2_400_000;

/** More ticks than these in one wait are a storm: a probe that is never answered is due every two seconds of it. */
const TICKS_MAX = 2_000;

export class World {
  readonly #session: SessionUnderTest;
  readonly #rules: SessionRules;
  readonly #journal = new WorldJournal((event) => this.#feed(event));
  /** What came about on the way: a property that never gets anywhere proves nothing. */
  readonly reached = new Set<string>();
  #state: Session = INITIAL_SESSION;
  #nowMs = START_MS;
  #freshIds = 0;
  /** The vote whose commit was asked for and whose seal was not. */
  #openVoteId: string | null = null;

  constructor(session: SessionUnderTest, rules: SessionRules) {
    this.#session = session;
    this.#rules = rules;
  }

  does(action: Action): void {
    switch (action.does) {
      case "edge":
        this.#edge(action.key, action.active);
        break;
      case "press":
        this.#edge(action.key, true);
        this.#wait(90);
        this.#edge(action.key, false);
        break;
      case "scan":
        this.#journal.ask({ type: "judge", ticket: action.ticket, mode: this.#state.mode });
        break;
      case "scan-something-else":
        this.#feed({
          type: "ticket-judged",
          judgement: refusedAs("malformed"),
          length: 16,
          ...this.#press(),
        });
        break;
      case "wait":
        this.#wait(action.ms);
        break;
      case "answer":
        this.#journal.answer(action.requests);
        break;
      case "journal":
        this.#journal.becomes(action.condition);
        break;
      case "headphones":
        this.#feed({ type: "headphones-changed", plugged: action.plugged });
        break;
      case "self-test":
        this.#feed({ type: "self-test-finished", passed: action.passed });
        break;
      case "ask-self-test":
        this.#feed({ type: "self-test-asked" });
        break;
      case "disk-full":
        this.#feed({ type: "storage-failed", cause: "disk-full" });
        break;
      case "found-active":
        this.#feed({ type: "key-found-active", key: action.key });
        break;
      case "power-cut":
        this.#powerCut(action.commitCompletes);
        break;
    }
  }

  /** Mends the journal, lets go of all keys and lets time pass: the machine must find its own way back to idle. */
  end(): void {
    this.does({ does: "journal", condition: "prompt" });
    for (const key of KEYS) this.#edge(key, false);
    this.#wait(LONG_ENOUGH_MS);
    demand(this.#state.phase.name === "idle", `there is no way back to idle from ${this.#state.phase.name}`);
    demand(this.#state.mode === "live", "test mode does not end");
    this.#journal.demandAllSealed();
    demand(this.#session.nextDeadlineMs(this.#state, this.#rules) === null, "an idle totem has a deadline");
  }

  #edge(key: Key, active: boolean): void {
    this.#feed({ type: "key-changed", key, active, ...this.#press() });
  }

  #press() {
    this.#freshIds += 1;
    return { freshId: `id-${this.#freshIds}`, afterHours: false };
  }

  #wait(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (let ticks = 0; ; ticks += 1) {
      const deadline = this.#session.nextDeadlineMs(this.#state, this.#rules);
      if (deadline === null || deadline > untilMs) break;
      demand(ticks < TICKS_MAX, "a storm of ticks");
      this.#nowMs = Math.max(this.#nowMs, deadline);
      this.#feed({ type: "tick" });
      const next = this.#session.nextDeadlineMs(this.#state, this.#rules);
      demand(next === null || next > this.#nowMs, "a deadline is still due after its tick");
    }
    this.#nowMs = untilMs;
  }

  #feed(event: Untimed): void {
    const timed = Object.freeze({ ...event, atMs: this.#nowMs }) as Event;
    const { state, effects } = this.#session.step(deepFrozen(this.#state), timed, this.#rules);
    this.#state = state;
    if (effects.some((effect) => effect.type === "sound" && effect.sound === "thanks")) this.#thanks(timed);
    for (const effect of effects) this.#carryOut(effect);
    this.#check();
  }

  /** Thanks are heard on a commit's answer, or for a ticket that a commit has spent, and on nothing else. */
  #thanks(event: Event): void {
    const stored =
      (event.type === "draft-committed" && this.#journal.stored(event.voteId) !== null) ||
      (event.type === "ticket-judged" && this.#journal.isSpent(event.judgement.mark));
    demand(stored, "thanks are heard for what is not stored");
  }

  #carryOut(effect: Effect): void {
    switch (effect.type) {
      case "commit-draft":
        this.#begins(effect.draft);
        this.#journal.ask({ type: "commit", draft: effect.draft });
        break;
      case "seal-draft":
        this.#openVoteId = null;
        this.#journal.ask({ type: "seal" });
        break;
      case "probe-journal":
        this.#journal.ask({ type: "probe" });
        break;
      case "speak":
        // "reason" would tell that it was red.
        if (!["key", "reason"].includes(effect.phrase.say)) break;
        demand(this.#state.headphones, "the choice is spoken aloud");
        break;
      case "sound":
      case "count-refusal":
      case "count-press":
      case "record-fault":
      case "record-mode":
      case "start-self-test":
      case "self-test-press":
        break;
    }
  }

  #begins(draft: Draft): void {
    const { voteId } = draft;
    demand(this.#state.selfTest !== "running", "a vote is given to the self-test");
    demand(
      this.#openVoteId === null || this.#openVoteId === voteId,
      "a vote begins before the one before it was sealed",
    );
    demand((draft.face === "red") === (draft.reason !== null), "a reason without red, or red without one");
    this.#openVoteId = voteId;
  }

  #powerCut(commitCompletes: boolean): void {
    this.#journal.losePower(commitCompletes);
    this.#state = INITIAL_SESSION;
    this.#openVoteId = null;
    this.#feed({ type: "started" });
    this.#journal.ask({ type: "seal" });
  }

  #check(): void {
    const { phase, keys, assist, mode } = this.#state;
    this.reached.add(phase.name);
    this.reached.add(mode);
    if (phase.name === "saving" && phase.deferred.length > 1)
      this.reached.add("two things wait for a commit");
    if (phase.name === "saving" && phase.changes === 3) this.reached.add("three changes");
    if (phase.name === "thanked" && phase.draft === null) this.reached.add("thanks once more");
    if (phase.name === "thanked" && phase.draft?.reason === "staff") this.reached.add("a reason");
    if (assist !== null && assist.named !== null) this.reached.add("a key named");
    if (this.#journal.sealedVotes() > 2) this.reached.add("three votes sealed");
    if (this.#state.selfTest === "running") this.reached.add("a self-test");
    if (keys.red.stuck) this.reached.add("a stuck key");
    if (phase.name === "thanked" && phase.draft !== null) {
      const stored = this.#journal.stored(phase.draft.voteId);
      const isStored = stored?.face === phase.draft.face && stored.reason === phase.draft.reason;
      demand(isStored, "thanks for what is not stored");
      demand(phase.changes <= this.#rules.changesMax, "more changes than allowed");
    }
    if (phase.name === "saving") demand(phase.deferred.length <= DEFERRED_MAX, "too much waits for a commit");
    for (const key of FACES) {
      demand(
        keys[key].recent.length <= this.#rules.floodPressesPerMinute + 1,
        "presses are remembered for ever",
      );
    }
    this.#checkLamps();
  }

  #checkLamps(): void {
    const { phase, keys } = this.#state;
    const { lamps } = this.#session.viewOf(this.#state, this.#rules);
    const faces = new Set(FACES.filter((key) => !keys[key].stuck).map((key) => lamps[key]));
    demand(faces.size <= 1, "the faces' lamps differ");
    const { changesMax } = this.#rules;
    const asks =
      this.#state.selfTest !== "running" &&
      phase.name === "thanked" &&
      phase.draft?.face === "red" &&
      phase.changes < changesMax;
    for (const key of REASON_KEYS) {
      demand(
        lamps[key] === (asks && !keys[key].stuck ? "on" : "off"),
        "a reason is lit that would not be taken, or not lit that would",
      );
    }
  }
}

/** A session that is changed in place instead of being replaced throws at the place that does it. */
function deepFrozen<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFrozen(part);
  }
  return value;
}
