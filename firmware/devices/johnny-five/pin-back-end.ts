/**
 * What the plugin needs of whatever moves the header's lines, and nothing about how it does it. Lines are named by their
 * offset on the chip, which on every Raspberry Pi is the Broadcom number.
 */
import type { Bias, Level } from "../line-level.ts";

/** A change of level, stamped by the kernel on the monotonic clock. */
export type PinEdge = { readonly level: Level; readonly timestampNs: bigint };

/** Lines held as outputs, together. */
export type OutputLines = {
  /** Sets the named lines and leaves the others, in one write. Throws when the lines are lost. */
  readonly write: (levels: ReadonlyMap<number, Level>) => void;
  readonly close: () => void | Promise<void>;
};

/** A line held as an input. */
export type InputLine = {
  /** Read right after the line was taken: the kernel tells changes only. */
  readonly level: Level;
  readonly close: () => void | Promise<void>;
};

/** A line held to be looked at, without edges. */
export type LevelLine = {
  /** Now, undebounced. Throws when the line is lost: nothing else tells it. */
  readonly level: () => Level;
  readonly close: () => void | Promise<void>;
};

export type InputAsk = {
  readonly offset: number;
  readonly bias: Bias;
  /** An edge is told once its level has been stable for so long; 0 tells every one. */
  readonly debounceMs: number;
};

export type PinBackEnd = {
  /** Takes lines as outputs at these levels, in one request. Rejects when the chip is absent or a line is taken. */
  readonly takeOutputs: (
    levels: ReadonlyMap<number, Level>,
    onLost: (error: Error) => void,
  ) => Promise<OutputLines>;
  /** Takes one line as an input; edges are told from the moment the promise has resolved. Rejects like `takeOutputs`. */
  readonly takeInput: (
    ask: InputAsk,
    on: { readonly edge: (edge: PinEdge) => void; readonly lost: (error: Error) => void },
  ) => Promise<InputLine>;
  /** Takes one line to be looked at now and then. Rejects like `takeOutputs`. */
  readonly takeLevel: (ask: Omit<InputAsk, "debounceMs">) => Promise<LevelLine>;
};
