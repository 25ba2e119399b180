/**
 * Where a totem's self-test runs, one at a time: what happens at the totem is handed on to it, and its end is told once.
 * Nobody waits for a technician who walked away: what else is under way settles without it.
 */
import type { Key } from "#schemas/code-list.ts";
import type { SelfTestProgress } from "#schemas/self-test.ts";
import type { KeyEdge, Log, RunningSelfTest, SelfTest } from "../ports.ts";
import type { View } from "../session/view.ts";

export class SelfTestSlot {
  readonly #selfTest: SelfTest;
  readonly #log: Pick<Log, "error">;
  readonly #onChange: () => void;
  readonly #onFinished: (passed: boolean) => void;
  #running: RunningSelfTest | null = null;
  #ended: Promise<void> = Promise.resolve();

  constructor(parts: {
    readonly selfTest: SelfTest;
    readonly log: Pick<Log, "error">;
    readonly onChange: () => void;
    readonly onFinished: (passed: boolean) => void;
  }) {
    this.#selfTest = parts.selfTest;
    this.#log = parts.log;
    this.#onChange = parts.onChange;
    this.#onFinished = parts.onFinished;
  }

  isRunning(): boolean {
    return this.#running !== null;
  }

  begin(): void {
    this.#ended = this.#run();
  }

  pressed(key: Key): void {
    this.#running?.pressed(key);
  }

  scanned(length: number): void {
    this.#running?.scanned(length);
  }

  edge(edge: KeyEdge): void {
    this.#running?.edge(edge);
  }

  tick(): void {
    this.#running?.tick();
  }

  nextDeadlineMs(): number | null {
    return this.#running?.nextDeadlineMs() ?? null;
  }

  view(): View | null {
    return this.#running?.view() ?? null;
  }

  progress(): SelfTestProgress | null {
    return this.#running?.progress() ?? null;
  }

  /** Gives up a running one; resolves when it is over. */
  async end(): Promise<void> {
    this.#running?.giveUp();
    await this.#ended;
  }

  async #run(): Promise<void> {
    let passed = false;
    try {
      this.#running = this.#selfTest.begin(this.#onChange);
      passed = await this.#running.done;
    } catch (error) {
      this.#log.error("self-test-broke", { message: (error as Error).message });
    }
    this.#running = null;
    this.#onFinished(passed);
  }
}
