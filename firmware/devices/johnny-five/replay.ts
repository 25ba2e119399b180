/**
 * Tells the edges of one pin to johnny-five no faster than it can hear them. Its Button has one trailing 7 ms debounce for
 * press and release together, so of edges that come closer only the last is told: after a blocked loop whole presses
 * would vanish. Refuses to grow: edges beyond the limit go in pairs, oldest first, and are counted.
 */
import type { Level } from "./pin-back-end.ts";

/** Above johnny-five's 7 ms by more than a timer's grain of one either way. */
export const SPACING_MS = 10;

/** Thirty-two presses: more than anybody makes during the longest stall a watchdog lets pass; told within 0.64 s. */
export const WAITING_MAX = 64;

export class Replay {
  readonly #tell: (level: Level) => void;
  readonly #onDropped: () => void;
  readonly #spacingMs: number;
  #waiting: Level[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(options: {
    readonly tell: (level: Level) => void;
    /** Two edges, a whole press, were dropped. */
    readonly onDropped: () => void;
    readonly spacingMs: number;
  }) {
    this.#tell = options.tell;
    this.#onDropped = options.onDropped;
    this.#spacingMs = options.spacingMs;
  }

  /** Takes an edge; it is told at once when the last one was long enough ago. Levels must alternate. */
  push(level: Level): void {
    if (this.#spacingMs === 0) {
      this.#tell(level);
      return;
    }
    if (this.#timer === undefined) {
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
    this.#timer = undefined;
    this.#waiting = [];
  }

  // The pause begins before the telling, so that it runs though a listener throws.
  #tellAndPause(level: Level): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const next = this.#waiting.shift();
      if (next !== undefined) this.#tellAndPause(next);
    }, this.#spacingMs);
    this.#tell(level);
  }
}
