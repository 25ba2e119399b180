/**
 * Holds something that can be lost: takes it, and when that fails or it is lost tries again, more and more slowly.
 * Never gives up, never tells the same trouble twice, and lets go what arrives after the end.
 */
import { LINES_BACK_OFF, retryMs, STEADY_MS } from "../back-off.ts";

export type Held<T> = {
  /** What is held now, or null. */
  readonly now: () => T | null;
  /** What is held turned out to be useless: it is let go and taken anew. */
  readonly lose: (error: Error) => void;
  readonly close: () => Promise<void>;
};

export function keepHeld<T extends { readonly close: () => void | Promise<void> }>(options: {
  readonly take: (lost: (error: Error) => void) => Promise<T>;
  readonly onHeld: (held: T) => void;
  /** Once per time without it, with its first reason. */
  readonly onLost: (error: Error) => void;
}): Held<T> {
  let held: T | null = null;
  let failures = 0;
  let isClosed = false;
  let isToldLost = false;
  let timer: NodeJS.Timeout | undefined;

  const failed = (error: Error) => {
    failures += 1;
    clearTimeout(timer);
    timer = setTimeout(() => void take(), retryMs(LINES_BACK_OFF, failures));
    if (isToldLost) return;
    isToldLost = true;
    options.onLost(error);
  };
  const lost = (which: T, error: Error) => {
    // What was let go already can no longer be lost.
    if (held !== which) return;
    held = null;
    void letGo(which);
    failed(error);
  };
  const take = async () => {
    let taken: T | null = null;
    let lostEarly: Error | null = null;
    try {
      taken = await options.take((error) => {
        if (taken === null) lostEarly = error;
        else lost(taken, error);
      });
    } catch (error) {
      if (!isClosed) failed(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    if (isClosed) return void (await letGo(taken));
    held = taken;
    if (lostEarly !== null) return lost(taken, lostEarly);
    timer = setTimeout(() => {
      failures = 0;
    }, STEADY_MS);
    isToldLost = false;
    options.onHeld(taken);
  };

  void take();
  return {
    now: () => held,
    lose: (error) => {
      if (held !== null) lost(held, error);
    },
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      const last = held;
      held = null;
      if (last !== null) await letGo(last);
    },
  };
}

/** What is lost may fail to close as well; there is nothing left to do about it. */
async function letGo(held: { readonly close: () => void | Promise<void> }): Promise<void> {
  try {
    await held.close();
  } catch {
    // The descriptor is gone with its line.
  }
}
