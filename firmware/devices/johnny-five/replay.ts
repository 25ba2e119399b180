/**
 * Tells the edges of one pin to johnny-five no faster than it can hear them. Its Button has one trailing 7 ms debounce for
 * press and release together, so of edges that come closer only the last is told: after a blocked loop whole presses
 * would vanish. Refuses to grow: edges beyond the limit go in pairs, oldest first, and are counted.
 */
import type { Level } from "../line-level.ts";

/**
 * Two waits, one after the other, each begun after johnny-five's own and longer: its debounce of 7 ms, and the millisecond
 * it adds when the wall clock, cut to milliseconds, shows 6. Node's timers end in the order of their ends however late
 * they are, so a process that is stopped at any point tells no edge too early. One wait of 10 ms begun before the
 * telling was not enough: on a starved machine it ended first, and presses were lost.
 */
const DEBOUNCE_OVER_MS = 8;
const AFTERTHOUGHT_OVER_MS = 2;

/** The least distance between two edges. */
export const SPACING_MS = DEBOUNCE_OVER_MS + AFTERTHOUGHT_OVER_MS;

/** Thirty-two presses: more than anybody makes during the longest stall a watchdog lets pass; told within 0.64 s. */
export const WAITING_MAX = 64;

export class Replay {
  readonly #tell: (level: Level) => void;
  readonly #onDropped: () => void;
  readonly #isSpaced: boolean;
  #waiting: Level[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isPaused = false;

  constructor(options: {
    readonly tell: (level: Level) => void;
    /** Two edges, a whole press, were dropped. */
    readonly onDropped: () => void;
    /** False only to show why. */
    readonly isSpaced: boolean;
  }) {
    this.#tell = options.tell;
    this.#onDropped = options.onDropped;
    this.#isSpaced = options.isSpaced;
  }

  /** Takes an edge; it is told at once when the last one was long enough ago. Levels must alternate. */
  push(level: Level): void {
    if (!this.#isSpaced) {
      this.#tell(level);
      return;
    }
    if (!this.#isPaused) {
      this.#tellAndPause(level);
      return;
    }
    this.#waiting.push(level);
    if (this.#waiting.length <= WAITING_MAX) return;
    // A pair leaves the levels alternating, so that no key stays down for ever.
    this.#waiting = this.#waiting.slice(2);
    this.#onDropped();
  }

  /** Forgets what waits. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#isPaused = false;
    this.#waiting = [];
  }

  #tellAndPause(level: Level): void {
    try {
      this.#isPaused = true;
      this.#tell(level);
    } finally {
      // Though a listener throws; and after the telling, see above.
      this.#timer = setTimeout(() => {
        this.#timer = setTimeout(() => this.#goOn(), AFTERTHOUGHT_OVER_MS);
      }, DEBOUNCE_OVER_MS);
    }
  }

  #goOn(): void {
    this.#isPaused = false;
    const next = this.#waiting.shift();
    if (next !== undefined) this.#tellAndPause(next);
  }
}
