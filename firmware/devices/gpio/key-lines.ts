/**
 * The keys' lines as keys: the kernel's offsets and stamps turned into names and into when a contact moved. Judges nothing.
 */
import { lineOffset, type PinName } from "#hardware/pins.ts";
import type { Key } from "#schemas/code-list.ts";
import type { GpioBackEnd, LineError } from "./lines.ts";

export type KeyLinesRequest = {
  readonly backEnd: Pick<GpioBackEnd, "openInputs">;
  readonly pins: Readonly<Partial<Record<Key, PinName>>>;
  readonly debounceMs: number;
  /** Never in the turn in which the lines were taken. */
  readonly onSeen: (edges: readonly SeenEdge[], missing: number) => void;
  readonly onLost: (error: LineError) => void;
};

/** @param atMs when the contact moved, in milliseconds of CLOCK_MONOTONIC. */
export type SeenEdge = { readonly key: Key; readonly active: boolean; readonly atMs: number };

export type KeyLines = {
  /** Throws when the lines are lost. */
  readonly levels: () => ReadonlyMap<Key, boolean>;
  /** Told every edge of the contacts, or again only those that outlast the debounce. Throws when the lines are lost. */
  readonly watchContacts: (watched: boolean) => void;
  readonly isAlive: () => boolean;
  readonly close: () => Promise<void>;
};

const NS_PER_MS = 1_000_000;

/** @throws LineError when the lines cannot be had. */
export function openKeyLines({ backEnd, pins, debounceMs, onSeen, onLost }: KeyLinesRequest): KeyLines {
  const keyAt = new Map(Object.entries(pins).map(([key, pin]) => [lineOffset(pin), key as Key]));
  let debouncedMs = debounceMs;
  const lines = backEnd.openInputs({
    offsets: [...keyAt.keys()],
    activeLow: true,
    bias: "pull-up",
    debounceMs,
    onEdges: (edges, missing) =>
      onSeen(
        edges.flatMap(({ offset, active, timestampNs }) => {
          const key = keyAt.get(offset);
          // The kernel stamps the end of the debounce period (gpiolib-cdev.c, debounce_work_func): the finger was there before.
          const atMs = Number(timestampNs) / NS_PER_MS - debouncedMs;
          return key === undefined ? [] : [{ key, active, atMs }];
        }),
        missing,
      ),
    onLost,
  });
  return {
    levels: () =>
      new Map(
        [...lines.levels()].flatMap(([offset, active]) => {
          const key = keyAt.get(offset);
          return key === undefined ? [] : [[key, active] as const];
        }),
      ),
    watchContacts: (watched) => {
      lines.setDebounce(watched ? 0 : debounceMs);
      debouncedMs = watched ? 0 : debounceMs;
    },
    isAlive: lines.isAlive,
    close: lines.close,
  };
}
