/**
 * Closes days, in the order in which nothing can be lost or told twice: first what is kept for the watch, then a backup that holds the days
 * closed, then the days themselves; the public log and its proof, and a backup that knows what was published.
 */
import type { Closed } from "./store/closing-store.ts";
import type { Store } from "./store/store.ts";

export type ClosingParts = {
  readonly store: Pick<Store, "keepDayFigures" | "closeThrough">;
  readonly nowMs: () => number;
  /** Whether what the statistics that look for gaming need is kept. */
  readonly isWatching: boolean;
  /** Makes a backup with days closed up to one. A day of which there is none stays open. */
  readonly backUp: (closeThrough: string) => Promise<void>;
  /** Says in public what became known. */
  readonly publish: () => Promise<void>;
};

/** @throws when there is no backup, or when the days cannot be closed: tried again later. */
export async function closeDays(parts: ClosingParts, through: string): Promise<Closed> {
  const { store, nowMs, isWatching, backUp, publish } = parts;
  if (isWatching) await store.keepDayFigures(through);
  await backUp(through);
  const closed = await store.closeThrough(through, nowMs());
  await publish();
  await backUp(through);
  return closed;
}
