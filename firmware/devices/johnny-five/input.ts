/**
 * One input line, told change by change. Refuses to call a level that was there before anybody looked a press: a key
 * found active at the start, or after the line was lost, is told only when it is let go.
 */
import type { Level } from "../line-level.ts";
import { type Held, keepHeld } from "./keep-held.ts";
import type { InputAsk, InputLine, PinBackEnd, PinEdge } from "./pin-back-end.ts";
import { Replay } from "./replay.ts";

export type InputListener = {
  readonly onHeld: () => void;
  readonly onLost: (error: Error) => void;
  /** An edge as the kernel told it, at once and with its time. */
  readonly onEdge: (edge: PinEdge) => void;
  /** Edges that waited for their turn were too many: a whole press was dropped. */
  readonly onDropped: () => void;
};

export class Input {
  readonly ask: InputAsk;
  readonly #listener: InputListener;
  readonly #callbacks = new Set<(level: Level) => void>();
  readonly #replay: Replay;
  readonly #line: Held<InputLine>;
  /** The last level known: told, or swallowed. */
  #level: Level | null = null;

  constructor(backEnd: PinBackEnd, ask: InputAsk, isSpaced: boolean, listener: InputListener) {
    this.ask = ask;
    this.#listener = listener;
    this.#replay = new Replay({
      tell: (level) => {
        for (const callback of this.#callbacks) callback(level);
      },
      onDropped: listener.onDropped,
      isSpaced,
    });
    this.#line = keepHeld<InputLine>({
      take: (lost) => backEnd.takeInput(ask, { edge: (edge) => this.#edge(edge), lost }),
      onHeld: (line) => this.#found(line.level),
      onLost: listener.onLost,
    });
  }

  /** Calls back at every change from now on. */
  onChange(callback: (level: Level) => void): void {
    this.#callbacks.add(callback);
  }

  isHeld(): boolean {
    return this.#line.now() !== null;
  }

  async close(): Promise<void> {
    this.#replay.clear();
    this.#callbacks.clear();
    await this.#line.close();
  }

  /** The level at the moment the line was taken. Only a release is told: it ends a press that was told before. */
  #found(level: Level): void {
    const before = this.#level;
    this.#level = level;
    this.#listener.onHeld();
    const rest: Level = this.ask.bias === "pull-up" ? 1 : 0;
    if (before !== null && before !== level && level === rest) this.#replay.push(level);
  }

  #edge(edge: PinEdge): void {
    if (!this.isHeld()) return;
    this.#listener.onEdge(edge);
    // The same level again: the edge between was lost. Nothing changed that could be told.
    if (edge.level === this.#level) return;
    this.#level = edge.level;
    this.#replay.push(edge.level);
  }
}
