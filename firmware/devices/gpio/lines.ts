/**
 * Lines of a GPIO chip as the totem's devices see them, and how taking them can fail. Lines are named by their offset on the
 * chip, which on every Raspberry Pi is the Broadcom number.
 */
import type { Bias, Level } from "../line-level.ts";

/** A line changed. */
export type LineEdge = {
  readonly offset: number;
  /** The logical level: an active-low line is active while it is at ground. */
  readonly active: boolean;
  /** CLOCK_MONOTONIC, when the debounce period was over: the contact itself was one period earlier. */
  readonly timestampNs: bigint;
};

export type InputRequest = {
  /** All in one request, so that their edges have one order. At most 64. */
  readonly offsets: readonly number[];
  readonly activeLow: boolean;
  readonly bias: Bias;
  /** An edge is told once its level has been stable for so long; 0 tells every one. */
  readonly debounceMs: number;
  /**
   * Edges in the kernel's order, at least one, never in the turn in which the lines were taken.
   * @param missing how many edges of these lines the kernel has numbered and not told so far. It can fall again: with
   *   several processors an edge may be told after one with a higher number.
   */
  readonly onEdges: (edges: readonly LineEdge[], missing: number) => void;
  /** The lines are lost and released; nothing follows. Not called after `close`. */
  readonly onLost: (error: LineError) => void;
};

/** Lines held as inputs, together. */
export type InputLines = {
  /** The debounced levels now, logical. A level that was there from the start is no edge. Throws when the lines are lost. */
  readonly levels: () => ReadonlyMap<number, boolean>;
  /** Debounces otherwise from now on; 0 tells every edge. Throws when the lines are lost. */
  readonly setDebounce: (debounceMs: number) => void;
  /** False when the thread that reads the edges hangs: for a watchdog to ask. */
  readonly isAlive: () => boolean;
  readonly close: () => Promise<void>;
};

/** Lines held to be looked at: no edges, and no thread that waits for any. */
export type LevelLines = {
  /** The levels now, logical, undebounced. Throws when the lines are lost: nothing else tells it. */
  readonly levels: () => ReadonlyMap<number, boolean>;
  readonly close: () => void;
};

/** Lines held as outputs, together. */
export type OutputLines = {
  /** Sets the named lines and leaves the others, in one call. Throws when the lines are lost: nothing else tells it. */
  readonly write: (levels: ReadonlyMap<number, Level>) => void;
  /** Lets the lines go as they are. */
  readonly close: () => void;
};

export type GpioBackEnd = {
  /** @throws LineError */
  readonly openInputs: (request: InputRequest) => InputLines;
  /** @throws LineError */
  readonly openLevels: (request: Pick<InputRequest, "offsets" | "activeLow" | "bias">) => LevelLines;
  /** @param levels what the lines start with. @throws LineError */
  readonly openOutputs: (levels: ReadonlyMap<number, Level>) => OutputLines;
};

export type LineErrorKind =
  /** No chip has the label, or the names, of a header. */
  | "no-chip"
  /** The chip may not be opened. */
  | "not-allowed"
  /** The chip has no such line. */
  | "no-line"
  /** Somebody else holds a line. */
  | "line-taken"
  /** The lines were held and are gone with their chip. */
  | "lost"
  /** Anything else the kernel answered. */
  | "failed";

/** Why lines could not be had or were lost. The message names the line or chip, and what to do, for the technician's log. */
export class LineError extends Error {
  readonly kind: LineErrorKind;

  constructor(kind: LineErrorKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "LineError";
    this.kind = kind;
  }
}
