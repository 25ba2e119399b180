/**
 * The loop: event in, `step`, effects out, events back in. Knows ports only. What a session decided is carried out in
 * the order it was decided; the journal's answers come back as events like everything else.
 */
import type { Entry, VoteEntry } from "#schemas/entry.ts";
import type { FaultCode } from "#schemas/fault-codes.ts";
import type { SiteSettings } from "#schemas/messages.ts";
import type { SessionSettings } from "#schemas/session-settings.ts";
import { isOpenAt } from "#schemas/validity.ts";
import type {
  Clock,
  Indicators,
  Journal,
  JournalResult,
  KeyEdge,
  Keys,
  Log,
  Scanner,
  ScannerEvent,
  TicketJudge,
} from "./ports.ts";
import {
  NO_REFUSALS,
  type RefusalTally,
  tallied,
  tallyDueMs,
  tallyReturned,
  tallyWritten,
} from "./refusal-tally.ts";
import type { Draft, Effect, Event, JournalFailure } from "./session/events.ts";
import type { SessionRules } from "./session/rules.ts";
import { nextDeadlineMs, step } from "./session/session.ts";
import { INITIAL_SESSION, type Session } from "./session/state.ts";
import { type View, viewOf } from "./session/view.ts";
import { reached } from "./steps.ts";

export type TotemParts = {
  readonly clock: Clock;
  readonly keys: Keys;
  readonly scanner: Scanner;
  readonly indicators: Indicators;
  readonly journal: Journal;
  readonly judge: TicketJudge;
  readonly log: Log;
  readonly session: SessionSettings;
  /** The gateway's settings in force; asked anew each time. */
  readonly settings: () => SiteSettings | null;
  readonly freshId: () => string;
  /** Called when the journal holds more than before. */
  readonly onEntries: () => void;
  readonly selfTest: () => Promise<boolean>;
};

/** Faults waiting for a journal that works again: one of each code and part, failed and recovered. */
const PENDING_FAULTS_MAX = 64;

export class Totem {
  readonly #parts: TotemParts;
  #state: Session = INITIAL_SESSION;
  #shown = "";
  #refusals: RefusalTally = NO_REFUSALS;
  #faults: Entry[] = [];
  #scans: Promise<void> = Promise.resolve();
  #totalPresses = 0;
  readonly #writes = new Set<Promise<unknown>>();
  readonly #stop: (() => void)[] = [];

  constructor(parts: TotemParts) {
    this.#parts = parts;
  }

  /** Seals what an earlier start left, then listens. Resolves when the totem is ready to scan. */
  async start(): Promise<void> {
    const { clock, journal, keys, scanner, indicators, log } = this.#parts;
    const sealed = await journal.sealDraft(clock.entryTime());
    if (sealed.ok) this.#parts.onEntries();
    this.#stop.push(keys.onEdge((edge) => this.#edge(edge)));
    this.#stop.push(scanner.onEvent((event) => this.#scannerSaid(event)));
    this.#stop.push(
      indicators.onHeadphones((plugged) =>
        this.feed({ type: "headphones-changed", plugged, atMs: clock.nowMs() }),
      ),
    );
    this.feed({ type: "started", atMs: clock.nowMs() });
    if (!sealed.ok) this.feed({ type: "seal-failed", cause: sealed.problem, atMs: clock.nowMs() });
    if (!scanner.isReady()) this.recordFault("scanner-unplugged", "failed", null);
    log.info("ready");
  }

  /** Takes an event and does everything that follows from it. */
  feed(event: Event): void {
    const { state, effects } = step(this.#state, event, this.#rules());
    this.#state = state;
    for (const effect of effects) this.#carryOut(effect);
    this.#show();
    this.#sleep();
  }

  /** What is lit now. */
  view(): View {
    return viewOf(this.#state, this.#rules());
  }

  /** The key states and the sum of all presses, for the health message. */
  health(): { readonly keys: Session["keys"]; readonly totalPresses: number } {
    return { keys: this.#state.keys, totalPresses: this.#totalPresses };
  }

  /** Writes a fault or its end into the journal, now or as soon as the journal works. */
  recordFault(code: FaultCode, state: "failed" | "recovered", part: string | null): void {
    this.#parts.log[state === "failed" ? "warn" : "info"]("fault", { code, state, part });
    this.#faults.push({ kind: "fault", time: this.#parts.clock.entryTime(), code, state, part });
    if (this.#faults.length > PENDING_FAULTS_MAX) this.#faults.shift();
    void this.#writeFaults();
  }

  /** Resolves when every scan so far is judged and everything that followed is stored. */
  async settled(): Promise<void> {
    await this.#scans;
    while (this.#writes.size > 0) await Promise.all(this.#writes);
  }

  /** Stops listening and writes what is still counted; a draft stays for the next start to seal. */
  async close(): Promise<void> {
    for (const stop of this.#stop.splice(0)) stop();
    this.#parts.clock.wakeAt(null, () => undefined);
    await this.settled();
    await this.#writeRefusals();
  }

  #rules(): SessionRules {
    return { ...this.#parts.session, withoutTicket: this.#parts.settings()?.campaign.withoutTicket ?? false };
  }

  #edge(edge: KeyEdge): void {
    const { key, atMs, active } = edge;
    if (edge.initial) return this.feed({ type: "key-found-active", key, atMs });
    this.feed({
      type: "key-changed",
      key,
      active,
      atMs,
      freshId: this.#parts.freshId(),
      afterHours: this.#isAfterHours(),
    });
  }

  #scannerSaid(event: ScannerEvent): void {
    const { log } = this.#parts;
    switch (event.type) {
      case "scanned":
        log.info("scanned", { length: event.text.length });
        this.#scan(event.text);
        break;
      case "overlong":
        log.info("scanned", { length: event.length });
        this.#scan("");
        break;
      case "unplugged":
        this.recordFault("scanner-unplugged", "failed", null);
        break;
      case "plugged":
        this.recordFault("scanner-unplugged", "recovered", null);
        break;
    }
  }

  /** Scans are judged one after the other, in the order they came. */
  #scan(text: string): void {
    const { judge, clock, freshId } = this.#parts;
    this.#scans = this.#scans.then(async () => {
      const judgement = await judge.judge(text, { time: clock.entryTime(), mode: this.#state.mode });
      if (!judgement.good) this.#parts.log.info("refused", { reason: judgement.refusal });
      const afterHours = this.#isAfterHours();
      this.feed({ type: "ticket-judged", judgement, freshId: freshId(), afterHours, atMs: clock.nowMs() });
    });
  }

  #isAfterHours(): boolean {
    const settings = this.#parts.settings();
    const time = this.#parts.clock.entryTime();
    if (settings === null || time.clock === "untrusted") return false;
    return !isOpenAt(time.wallMs, settings.zone, settings.hours);
  }

  #carryOut(effect: Effect): void {
    const { indicators, clock, journal, selfTest } = this.#parts;
    switch (effect.type) {
      case "sound":
        return indicators.play(effect.sound);
      case "speak":
        return indicators.say(effect.phrase);
      case "commit-draft":
        return void this.#commit(effect.draft);
      case "seal-draft":
        return void this.#seal();
      case "count-refusal":
        this.#refusals = tallied(this.#refusals, effect.refusal, effect.service);
        return;
      case "count-press":
        this.#totalPresses += 1;
        return;
      case "probe-journal":
        return void this.#probe();
      case "record-fault":
        return this.recordFault(effect.code, effect.state, effect.part);
      case "record-mode":
        return void this.#stored(
          journal.append({ kind: "mode", time: clock.entryTime(), mode: effect.mode }),
        );
      case "start-self-test":
        return void selfTest().then((passed) =>
          this.feed({ type: "self-test-finished", passed, atMs: clock.nowMs() }),
        );
    }
  }

  async #commit(draft: Draft): Promise<void> {
    const { journal, clock, settings, log } = this.#parts;
    const { ticket, voteId } = draft;
    const vote: VoteEntry = {
      kind: "vote",
      time: clock.entryTime(),
      id: voteId,
      service: ticket.service,
      wording: settings()?.wording ?? 1,
      face: draft.face,
      reason: draft.reason,
      mode: this.#state.mode,
      ticket: {
        profile: ticket.profile,
        proof: ticket.proof,
        issuerKeyId: ticket.issuerKeyId,
        minute: ticket.minute,
        mark: ticket.mark,
      },
      flags: [...draft.flags],
    };
    const stored = await this.#guarded(() => journal.commitDraft(vote));
    if (!stored.ok)
      return this.feed({ type: "draft-failed", voteId, cause: stored.problem, atMs: clock.nowMs() });
    log.info("draft-committed");
    this.feed({ type: "draft-committed", voteId, atMs: clock.nowMs() });
    reached("draft:after-thanks");
  }

  async #seal(): Promise<void> {
    const { journal, clock } = this.#parts;
    const sealed = await this.#guarded(() => journal.sealDraft(clock.entryTime()));
    if (sealed.ok) this.#parts.onEntries();
    else this.feed({ type: "seal-failed", cause: sealed.problem, atMs: clock.nowMs() });
  }

  async #probe(): Promise<void> {
    const { journal, clock } = this.#parts;
    const works = await this.#guarded(() => journal.probe());
    this.feed({ type: works.ok ? "journal-works" : "journal-still-fails", atMs: clock.nowMs() });
    if (works.ok) await this.#writeFaults();
  }

  async #stored(write: Promise<JournalResult<null>>): Promise<boolean> {
    const stored = await this.#guarded(() => write);
    if (stored.ok) this.#parts.onEntries();
    else this.feed({ type: "seal-failed", cause: stored.problem, atMs: this.#parts.clock.nowMs() });
    return stored.ok;
  }

  /** A journal that breaks in a way nobody foresaw is a journal that failed: the totem must not thank, nor die mute. */
  async #guarded<T>(work: () => Promise<JournalResult<T>>): Promise<JournalResult<T>> {
    const written = work();
    this.#writes.add(written);
    try {
      return await written;
    } catch (error) {
      this.#parts.log.error("journal-broke", { message: (error as Error).message });
      const problem: JournalFailure = "journal-failed";
      return { ok: false, problem };
    } finally {
      this.#writes.delete(written);
    }
  }

  async #writeFaults(): Promise<void> {
    while (this.#state.phase.name !== "out-of-order") {
      const next = this.#faults.shift();
      if (next === undefined) return;
      const stored = await this.#guarded(() => this.#parts.journal.append(next));
      if (stored.ok) this.#parts.onEntries();
      else {
        this.#faults.unshift(next);
        return;
      }
    }
  }

  async #writeRefusals(): Promise<void> {
    const { counts } = this.#refusals;
    if (counts.length === 0) return;
    const { clock, journal } = this.#parts;
    this.#refusals = tallyWritten(clock.nowMs());
    const stored = await this.#stored(journal.append({ kind: "refusals", time: clock.entryTime(), counts }));
    if (!stored) this.#refusals = tallyReturned(this.#refusals, counts);
  }

  #show(): void {
    const view = this.view();
    const text = JSON.stringify(view);
    if (text === this.#shown) return;
    this.#shown = text;
    this.#parts.indicators.show(view);
  }

  /** Sleeps until the session or the tally wants to be woken. */
  #sleep(): void {
    const { clock } = this.#parts;
    const session = nextDeadlineMs(this.#state, this.#rules());
    const tally = tallyDueMs(this.#refusals);
    const deadlines = [session, tally].filter((at) => at !== null);
    clock.wakeAt(deadlines.length === 0 ? null : Math.min(...deadlines), () => {
      const dueMs = tallyDueMs(this.#refusals);
      if (dueMs !== null && dueMs <= clock.nowMs()) void this.#writeRefusals();
      this.feed({ type: "tick", atMs: clock.nowMs() });
    });
  }
}
