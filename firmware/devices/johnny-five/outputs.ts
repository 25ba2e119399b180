/**
 * The output lines of a board: which level each is wanted at, and the back-end told of it. Lines asked for in one turn are
 * taken in one request, so that what changes together is written together. While lines are lost the wanted levels are
 * kept; when they are back they start with them.
 */
import type { Level } from "../line-level.ts";
import { type Held, keepHeld } from "./keep-held.ts";
import type { OutputLines, PinBackEnd } from "./pin-back-end.ts";

/** A chip that vanished is noticed by writing only: without a change to show, what is shown is written again so often. */
export const CHECK_MS = 10_000;

export type OutputsListener = {
  readonly onHeld: (offsets: readonly number[]) => void;
  readonly onLost: (offsets: readonly number[], error: Error) => void;
};

export class Outputs {
  readonly #backEnd: PinBackEnd;
  readonly #listener: OutputsListener;
  readonly #groups = new Map<number, OutputGroup>();
  #asked = new Map<number, Level>();
  #isClosed = false;

  constructor(backEnd: PinBackEnd, listener: OutputsListener) {
    this.#backEnd = backEnd;
    this.#listener = listener;
  }

  has(offset: number): boolean {
    return this.#groups.has(offset) || this.#asked.has(offset);
  }

  /** Asks for a line, low; does nothing for one that was asked for already. */
  ask(offset: number): void {
    if (this.#isClosed || this.has(offset)) return;
    if (this.#asked.size === 0) queueMicrotask(() => this.#take());
    this.#asked.set(offset, 0);
  }

  /** Sets lines; those of one request in one write, and only where they change. */
  set(levels: ReadonlyMap<number, Level>): void {
    if (this.#isClosed) return;
    const changes = new Map<OutputGroup, Map<number, Level>>();
    for (const [offset, level] of levels) {
      const group = this.#groups.get(offset);
      if (group === undefined) {
        this.ask(offset);
        this.#asked.set(offset, level);
      } else {
        changes.set(group, (changes.get(group) ?? new Map<number, Level>()).set(offset, level));
      }
    }
    for (const [group, ofGroup] of changes) group.set(ofGroup);
  }

  /** True while every line asked for is held. */
  areHeld(): boolean {
    return this.#asked.size === 0 && [...this.#groups.values()].every((group) => group.isHeld());
  }

  /** Leaves all lines low and lets them go. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#asked.clear();
    await Promise.all([...new Set(this.#groups.values())].map((group) => group.close()));
  }

  #take(): void {
    if (this.#isClosed || this.#asked.size === 0) return;
    const group = new OutputGroup(this.#backEnd, this.#listener, this.#asked);
    for (const offset of this.#asked.keys()) this.#groups.set(offset, group);
    this.#asked = new Map();
  }
}

/** The lines of one request. */
class OutputGroup {
  readonly #wanted: Map<number, Level>;
  readonly #lines: Held<OutputLines>;
  readonly #check: NodeJS.Timeout;
  #written: Map<number, Level> = new Map();

  constructor(backEnd: PinBackEnd, listener: OutputsListener, levels: ReadonlyMap<number, Level>) {
    const wanted = new Map(levels);
    this.#wanted = wanted;
    this.#lines = keepHeld<OutputLines>({
      take: (lost) => {
        this.#written = new Map(wanted);
        return backEnd.takeOutputs(new Map(wanted), lost);
      },
      onHeld: () => {
        // What was wanted while the lines were being taken.
        this.#write();
        if (this.isHeld()) listener.onHeld([...wanted.keys()]);
      },
      onLost: (error) => listener.onLost([...wanted.keys()], error),
    });
    this.#check = setInterval(() => this.#tell([...wanted]), CHECK_MS);
  }

  isHeld(): boolean {
    return this.#lines.now() !== null;
  }

  set(levels: ReadonlyMap<number, Level>): void {
    for (const [offset, level] of levels) this.#wanted.set(offset, level);
    this.#write();
  }

  async close(): Promise<void> {
    clearInterval(this.#check);
    for (const offset of this.#wanted.keys()) this.#wanted.set(offset, 0);
    this.#write();
    await this.#lines.close();
  }

  #write(): void {
    const changed = [...this.#wanted].filter(([offset, level]) => this.#written.get(offset) !== level);
    if (changed.length > 0) this.#tell(changed);
  }

  #tell(levels: readonly (readonly [number, Level])[]): void {
    const lines = this.#lines.now();
    if (lines === null) return;
    try {
      lines.write(new Map(levels));
      for (const [offset, level] of levels) this.#written.set(offset, level);
    } catch (error) {
      this.#lines.lose(error instanceof Error ? error : new Error(String(error)));
    }
  }
}
