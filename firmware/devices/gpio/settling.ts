/**
 * Work that waits until what is under way between kernel, thread and program has arrived. One piece after another, and of those
 * that wait behind the first only the latest: it sees everything the others would have.
 */

/**
 * How long numbered edges may be missing before they count as lost, and how long a level must differ from the told one
 * before it is believed: what is under way arrives within a few milliseconds.
 */
const SETTLE_MS = 100;

export class Settling {
  readonly #isWanted: () => boolean;
  #timer: NodeJS.Timeout | undefined;
  #next: (() => void) | null = null;

  /** @param isWanted false when there is nothing left to be settled. */
  constructor(isWanted: () => boolean) {
    this.#isWanted = isWanted;
  }

  after(then: () => void): void {
    if (this.#timer !== undefined) {
      this.#next = then;
      return;
    }
    // After a busy time timers come before what was read meanwhile: hence one turn more.
    this.#timer = setTimeout(() => setImmediate(() => this.#over(then)), SETTLE_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#next = null;
  }

  #over(then: () => void): void {
    const next = this.#next;
    this.stop();
    if (!this.#isWanted()) return;
    if (next !== null) this.after(next);
    then();
  }
}
