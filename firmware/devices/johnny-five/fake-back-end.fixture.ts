/**
 * A back-end without a kernel, which misbehaves as one does: lines are taken by others, the chip vanishes, writes fail
 * from then on, a lost edge makes the same level come twice, what was let go still talks.
 */
import type { Level } from "../line-level.ts";
import type { InputAsk, PinBackEnd, PinEdge } from "./pin-back-end.ts";

type HeldInput = {
  readonly ask: InputAsk;
  readonly edge: (edge: PinEdge) => void;
  readonly lost: (error: Error) => void;
};

export class FakeBackEnd implements PinBackEnd {
  /** Each write as it came: offset -> level. */
  readonly writes: Record<number, Level>[] = [];
  /** Each request of outputs, with the levels it started with. */
  readonly requests: Record<number, Level>[] = [];
  readonly inputsAsked: InputAsk[] = [];
  readonly levelsAsked: Omit<InputAsk, "debounceMs">[] = [];
  /** While set, taking lines fails with it. */
  refuses: Error | null = null;
  readonly #outside = new Map<number, Level>();
  readonly #outputs = new Map<number, Level>();
  readonly #inputs = new Map<number, HeldInput>();
  #onLost: ((error: Error) => void)[] = [];
  #chipIs = 1;
  #silentlyGone = false;
  #timeNs = 1_000_000_000n;

  async takeOutputs(levels: ReadonlyMap<number, Level>, onLost: (error: Error) => void) {
    await this.#answer();
    this.requests.push(Object.fromEntries(levels));
    for (const [offset, level] of levels) this.#outputs.set(offset, level);
    this.#onLost.push(onLost);
    const chip = this.#chipIs;
    return {
      write: (changed: ReadonlyMap<number, Level>) => {
        if (chip !== this.#chipIs || this.#silentlyGone) throw new Error("ENODEV: the chip is gone");
        this.writes.push(Object.fromEntries(changed));
        for (const [offset, level] of changed) this.#outputs.set(offset, level);
      },
      close: () => {
        for (const offset of levels.keys()) this.#outputs.delete(offset);
      },
    };
  }

  async takeInput(
    ask: InputAsk,
    on: { readonly edge: (edge: PinEdge) => void; readonly lost: (error: Error) => void },
  ) {
    await this.#answer();
    this.inputsAsked.push(ask);
    this.#inputs.set(ask.offset, { ask, ...on });
    return { level: this.#levelOf(ask), close: () => void this.#inputs.delete(ask.offset) };
  }

  async takeLevel(ask: Omit<InputAsk, "debounceMs">) {
    await this.#answer();
    this.levelsAsked.push(ask);
    const chip = this.#chipIs;
    return {
      level: () => {
        if (chip !== this.#chipIs || this.#silentlyGone) throw new Error("ENODEV: the chip is gone");
        return this.#levelOf(ask);
      },
      close: () => undefined,
    };
  }

  /** Drives an input from outside; an edge is told only if that changes the level. */
  drive(offset: number, level: Level): void {
    const input = this.#inputs.get(offset);
    const before = input === undefined ? null : this.#levelOf(input.ask);
    this.#outside.set(offset, level);
    if (input === undefined || before === level) return;
    this.#tell(input, level);
  }

  /** The edge between was lost: the kernel tells the level that is there already. */
  tellAgain(offset: number): void {
    const input = this.#inputs.get(offset);
    if (input !== undefined) this.#tell(input, this.#levelOf(input.ask));
  }

  /** The level of an output, or null for a line nobody holds. */
  shown(offset: number): Level | null {
    return this.#outputs.get(offset) ?? null;
  }

  /** All lines that are high, in order. */
  high(): readonly number[] {
    return [...this.#outputs]
      .filter(([, level]) => level === 1)
      .map(([offset]) => offset)
      .sort((a, b) => a - b);
  }

  /** The chip vanishes, and says so to everybody who holds a line; what is taken later is another chip's. */
  vanish(): void {
    this.#chipIs += 1;
    const error = new Error("ENODEV: the chip is gone");
    const told = [...this.#onLost, ...[...this.#inputs.values()].map((input) => input.lost)];
    this.#onLost = [];
    this.#outputs.clear();
    this.#inputs.clear();
    // Twice: a reader and a writer both find out.
    for (const lost of [...told, ...told]) lost(error);
  }

  /** The chip is gone and nobody says so: it is noticed by the next write. */
  vanishSilently(gone = true): void {
    this.#silentlyGone = gone;
  }

  async #answer(): Promise<void> {
    await Promise.resolve();
    if (this.refuses !== null) throw this.refuses;
  }

  #levelOf(ask: Omit<InputAsk, "debounceMs">): Level {
    return this.#outside.get(ask.offset) ?? (ask.bias === "pull-up" ? 1 : 0);
  }

  #tell(input: HeldInput, level: Level): void {
    this.#timeNs += 1_000_000n;
    input.edge({ level, timestampNs: this.#timeNs });
  }
}
