/**
 * Carries out what the session wants stored, in the order it was wanted, and tells the journal's answers as events.
 * A journal that breaks in a way nobody foresaw is a journal that failed: the totem must neither thank nor die mute.
 */
import type { Mode, Refusal } from "#schemas/code-list.ts";
import { NO_NOTICES, type Notice, noticeDueMs, noticed, noticeReturned, noticeTaken } from "./notices.ts";
import type { Clock, Journal, JournalResult, Log } from "./ports.ts";
import { NO_REFUSALS, tallied, tallyDueMs, tallyReturned, tallyWritten } from "./refusal-tally.ts";
import type { Draft, Event } from "./session/events.ts";
import { reached } from "./steps.ts";
import type { UnderWay } from "./under-way.ts";
import { voteEntryOf } from "./vote-entry.ts";

export type RecordKeeperParts = {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  readonly underWay: UnderWay;
  /** The version of the wording shown. */
  readonly wording: () => number;
  /** False when the data file system has less room than the settings ask for. */
  readonly hasRoom: () => boolean;
  /** True while the session waits for a journal that works: nothing but probes and seals is tried then. */
  readonly isOutOfOrder: () => boolean;
  /** Called when the journal holds more than before. */
  readonly onEntries: () => void;
  /** Called when a ticket is taken, its vote on the disk. */
  readonly onSpent: (mark: string) => void;
  readonly onEvent: (event: Event) => void;
};

export class RecordKeeper {
  readonly #parts: RecordKeeperParts;
  #refusals = NO_REFUSALS;
  #notices = NO_NOTICES;
  #told = "";
  #isProbing = false;
  #isWritingNotices = false;

  constructor(parts: RecordKeeperParts) {
    this.#parts = parts;
  }

  /** Stores the vote as it stands; answered by draft-committed or draft-failed. */
  async commit(draft: Draft, mode: Mode): Promise<void> {
    const { journal, clock, wording, onEvent } = this.#parts;
    const { voteId } = draft;
    const vote = voteEntryOf(draft, { time: clock.entryTime(), wording: wording(), mode });
    const stored = await this.#guarded(() => journal.commitDraft(vote));
    const atMs = clock.nowMs();
    if (!stored.ok) {
      onEvent({ type: "draft-failed", voteId, cause: stored.problem, atMs });
      return;
    }
    // Once for a vote, however often its face is changed.
    if (vote.ticket.mark !== null && voteId !== this.#told) this.#parts.onSpent(vote.ticket.mark);
    this.#told = voteId;
    onEvent({ type: "draft-committed", voteId, atMs });
    reached("draft:after-thanks");
  }

  /** Moves the stored draft into the chain; answered by storage-failed or not at all. */
  async seal(): Promise<void> {
    const { journal, clock } = this.#parts;
    await this.#stored(() => journal.sealDraft(clock.entryTime()));
  }

  /** Tries whether the journal can commit again. One that does not answer is not asked twice. */
  async probe(): Promise<void> {
    if (this.#isProbing) return;
    const { journal, clock, hasRoom, onEvent } = this.#parts;
    this.#isProbing = true;
    const probed = await this.#guarded(() => journal.probe());
    this.#isProbing = false;
    const works = probed.ok && hasRoom();
    onEvent({ type: works ? "journal-works" : "journal-still-fails", atMs: clock.nowMs() });
  }

  /** Counts a refusal; it is written within a minute. */
  countRefusal(refusal: Refusal, service: string | null): void {
    this.#refusals = tallied(this.#refusals, refusal, service);
  }

  /** Writes an entry about the machine, now or as soon as the journal works. */
  notice(notice: Notice): void {
    this.#notices = noticed(this.#notices, notice);
    this.#parts.underWay.begin(this.#writeNotices());
  }

  /** When `writeDue` next has something to write, or null. */
  nextDeadlineMs(): number | null {
    const waits = this.#isWritingNotices || this.#parts.isOutOfOrder();
    const deadlines = [tallyDueMs(this.#refusals), waits ? null : noticeDueMs(this.#notices)];
    const set = deadlines.filter((at) => at !== null);
    return set.length === 0 ? null : Math.min(...set);
  }

  /** Writes what has waited long enough. */
  writeDue(): void {
    const { clock, underWay } = this.#parts;
    const tallyDue = tallyDueMs(this.#refusals);
    if (tallyDue !== null && tallyDue <= clock.nowMs()) underWay.begin(this.#writeRefusals());
    underWay.begin(this.#writeNotices());
  }

  /** Writes what is still counted and waiting. */
  async close(): Promise<void> {
    await this.#writeRefusals();
    await this.#writeNotices(Number.POSITIVE_INFINITY);
  }

  async #writeRefusals(): Promise<void> {
    const { clock, journal } = this.#parts;
    const { counts } = this.#refusals;
    if (counts.length === 0) return;
    this.#refusals = tallyWritten(clock.nowMs());
    await this.#stored(
      () => journal.append({ kind: "refusals", time: clock.entryTime(), counts }),
      () => {
        this.#refusals = tallyReturned(this.#refusals, counts);
      },
    );
  }

  /** One notice after another, so that those of one code stand in the journal in the order they were noticed. */
  async #writeNotices(atMs = this.#parts.clock.nowMs()): Promise<void> {
    if (this.#isWritingNotices) return;
    const { journal, clock, isOutOfOrder, onEvent } = this.#parts;
    this.#isWritingNotices = true;
    for (let goesOn = true; goesOn && !isOutOfOrder(); ) {
      const taken = noticeTaken(this.#notices, atMs);
      if (taken === null) break;
      this.#notices = taken.notices;
      const stored = await this.#stored(
        () => journal.append(taken.notice),
        () => {
          this.#notices = noticeReturned(this.#notices, taken.notice);
        },
      );
      goesOn = stored.ok;
    }
    this.#isWritingNotices = false;
    // The minute is full: the tick makes the totem ask when the next one begins.
    if (this.nextDeadlineMs() !== null) onEvent({ type: "tick", atMs: clock.nowMs() });
  }

  async #stored(
    write: () => Promise<JournalResult<null>>,
    onFailed: () => void = () => undefined,
  ): Promise<JournalResult<null>> {
    const stored = await this.#guarded(write);
    if (stored.ok) this.#parts.onEntries();
    else {
      // What was not written waits on before the failure is told: whoever hears of it asks when to try again.
      onFailed();
      const { clock, onEvent } = this.#parts;
      onEvent({ type: "storage-failed", cause: stored.problem, atMs: clock.nowMs() });
    }
    return stored;
  }

  async #guarded<T>(work: () => Promise<JournalResult<T>>): Promise<JournalResult<T>> {
    try {
      return await work();
    } catch (error) {
      this.#parts.log.error("journal-broke", { message: (error as Error).message });
      return { ok: false, problem: "journal-failed" };
    }
  }
}
