/**
 * The keys on lines of their own. Debounced and stamped by the kernel, so that a busy program loses and shifts nothing.
 * The totem starts without them too and says so; they are asked for again until they come. Judges no press.
 */
import type { PinName } from "#hardware/pins.ts";
import type { Key } from "#schemas/code-list.ts";
import type { KeyEdge, Log, Unsubscribe, WatchableKeys } from "../../ports.ts";
import { LINES_BACK_OFF, retryMs, STEADY_MS } from "../back-off.ts";
import { FaultTeller } from "../fault-teller.ts";
import { ALL_UP, allReleased, differing, edgesSeen, type KeyLevelStep, levelsFound } from "./key-levels.ts";
import { type KeyLines, openKeyLines, type SeenEdge } from "./key-lines.ts";
import { type GpioBackEnd, LineError } from "./lines.ts";
import { Settling } from "./settling.ts";

export type GpioKeys = Required<WatchableKeys> & {
  /** False when the thread that reads the lines hangs: for a watchdog to ask. */
  readonly isAlive: () => boolean;
  readonly close: () => Promise<void>;
};

export type GpioKeysOptions = {
  readonly backEnd: Pick<GpioBackEnd, "openInputs">;
  /** Where each key hangs. With a keypad for the reasons, only the others. */
  readonly pins: Readonly<Partial<Record<Key, PinName>>>;
  readonly debounceMs: number;
  /** Milliseconds of CLOCK_MONOTONIC, the clock that stamps the edges. */
  readonly nowMs: () => number;
  readonly log: Log;
};

/** Takes the lines at once if they can be had, and never throws when they cannot. */
export function openGpioKeys(options: GpioKeysOptions): GpioKeys {
  const keys = new KeysOnLines(options);
  keys.take();
  return {
    onEdge: (listener) => keys.onEdge(listener),
    onFault: (listener) => keys.faults.onFault(listener),
    lostEdges: () => keys.lostEdges(),
    watchContacts: () => keys.watchContacts(),
    isAlive: () => keys.isAlive(),
    close: () => keys.close(),
  };
}

class KeysOnLines {
  readonly #options: GpioKeysOptions;
  readonly #edgeListeners = new Set<(edge: KeyEdge) => void>();
  readonly faults = new FaultTeller();
  #levels = ALL_UP;
  #lines: KeyLines | null = null;
  #isClosed = false;
  #failures = 0;
  #takeTimer: NodeJS.Timeout | undefined;
  #steadyTimer: NodeJS.Timeout | undefined;
  readonly #settling = new Settling(() => !this.#isClosed && this.#lines !== null);
  /** Edges of the lines held now that are missing at the moment, and how many of them are counted as lost. */
  #missing = 0;
  #counted = 0;
  #lost = 0;
  /** Keys whose edges arrived since the levels were last read. */
  #touched = new Set<Key>();
  #watchers = 0;
  #canWatch = true;

  constructor(options: GpioKeysOptions) {
    this.#options = options;
  }

  onEdge(listener: (edge: KeyEdge) => void): Unsubscribe {
    this.#edgeListeners.add(listener);
    for (const key of this.#levels.down) {
      listener({ key, active: true, atMs: this.#options.nowMs(), initial: true });
    }
    return () => this.#edgeListeners.delete(listener);
  }

  watchContacts(): Unsubscribe {
    this.#watchers += 1;
    this.#watch();
    let isWatching = true;
    return () => {
      if (isWatching) this.#watchers -= 1;
      isWatching = false;
      this.#watch();
    };
  }

  lostEdges(): number {
    return this.#lost;
  }

  isAlive(): boolean {
    return this.#lines?.isAlive() ?? true;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopTimers();
    clearTimeout(this.#takeTimer);
    this.#edgeListeners.clear();
    this.faults.close();
    await this.#lines?.close();
    this.#lines = null;
  }

  take(): void {
    let lines: KeyLines | null = null;
    try {
      lines = this.#open();
      const found = lines.levels();
      this.#missing = 0;
      this.#counted = 0;
      this.#lines = lines;
      this.#steadyTimer = setTimeout(() => {
        this.#failures = 0;
      }, STEADY_MS);
      this.faults.tell("keys-unreachable", "recovered");
      this.#options.log.info("keys-taken", { lines: Object.values(this.#options.pins) });
      this.#follow(levelsFound(this.#levels, found, this.#options.nowMs()));
      if (this.#watchers > 0) this.#watch();
    } catch (error) {
      // Lines that were had and cannot be read are of no use; the chip went in between.
      void lines?.close();
      this.#failed(error);
    }
  }

  #open(): KeyLines {
    const lines: KeyLines = openKeyLines({
      ...this.#options,
      onSeen: (edges, missing) => {
        if (this.#lines === lines) this.#seen(edges, missing);
      },
      onLost: (error) => {
        if (this.#lines === lines) this.#gone(error);
      },
    });
    return lines;
  }

  /** The kernel takes its hands off a line for a moment to debounce it otherwise: an edge just then is told by nothing. */
  #watch(): void {
    const lines = this.#lines;
    if (lines === null || !this.#canWatch) return;
    try {
      lines.watchContacts(this.#watchers > 0);
      this.#lookAgain();
    } catch (error) {
      // Half set, they might tell no edge any more: they are taken anew, once and for all with their debounce.
      this.#canWatch = false;
      this.#options.log.warn("contacts-not-watched", { message: (error as Error).message });
      void lines.close();
      this.#gone(error);
    }
  }

  #seen(seen: readonly SeenEdge[], missing: number): void {
    for (const { key } of seen) this.#touched.add(key);
    this.#follow(edgesSeen(this.#levels, seen));
    this.#missing = missing;
    if (missing > this.#counted) this.#settling.after(() => this.#countLost());
  }

  /** Still missing after a while: lost. Any key may now have another level than the told one. */
  #countLost(): void {
    if (this.#missing <= this.#counted) return;
    this.#lost += this.#missing - this.#counted;
    this.#counted = this.#missing;
    this.#options.log.warn("edges-lost", { sinceStart: this.#lost });
    this.faults.tell("edges-lost", "failed");
    this.#lookAgain();
  }

  #lookAgain(): void {
    const suspects = this.#differing();
    this.#touched = new Set();
    this.#settling.after(() => this.#correct(suspects));
  }

  /** A key that differed before and after a while, with no edge of its own between, is as it is found: let go, or stuck. */
  #correct(suspects: ReadonlySet<Key>): void {
    if (this.#missing > this.#counted) {
      this.#countLost();
      return;
    }
    const still = [...this.#differing()].filter((key) => suspects.has(key) && !this.#touched.has(key));
    const found = new Map(still.map((key) => [key, !this.#levels.down.has(key)]));
    this.#follow(levelsFound(this.#levels, found, this.#options.nowMs()));
    this.faults.tell("edges-lost", "recovered");
  }

  #differing(): ReadonlySet<Key> {
    try {
      return this.#lines === null ? new Set() : differing(this.#levels, this.#lines.levels());
    } catch {
      // The chip is going; its end is told in a moment, and lets go all keys.
      return new Set();
    }
  }

  /** With the lines gone every key is let go: what was missing is counted, and nothing is left to correct. */
  #settledByLoss(): void {
    if (this.#missing > this.#counted) {
      this.#lost += this.#missing - this.#counted;
      this.#counted = this.#missing;
      this.faults.tell("edges-lost", "failed");
    }
    this.faults.tell("edges-lost", "recovered");
  }

  #gone(error: unknown): void {
    this.#lines = null;
    this.#stopTimers();
    this.#settledByLoss();
    this.#follow(allReleased(this.#levels, this.#options.nowMs()));
    this.#failed(error);
  }

  #failed(error: unknown): void {
    if (this.#isClosed) return;
    const { kind, message } = error instanceof LineError ? error : { kind: "failed", message: String(error) };
    // The same trouble twice a minute for days would bury every other line of the log.
    if (!this.faults.isLasting("keys-unreachable"))
      this.#options.log.warn("keys-unreachable", { kind, message });
    this.faults.tell("keys-unreachable", "failed");
    this.#failures += 1;
    this.#takeTimer = setTimeout(() => this.take(), retryMs(LINES_BACK_OFF, this.#failures));
  }

  #stopTimers(): void {
    clearTimeout(this.#steadyTimer);
    this.#settling.stop();
  }

  #follow({ levels, edges }: KeyLevelStep): void {
    this.#levels = levels;
    for (const edge of edges) for (const listener of this.#edgeListeners) listener(edge);
  }
}
