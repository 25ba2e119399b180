/**
 * Lets totems' sockets be read in turns while the broker has enough to do: a thousand totems that all have a backlog to
 * send fill the system's buffers then, not the gateway's memory.
 */

export type Turnstile = {
  /** Calls back at once, or when it is this one's turn. */
  readonly pass: (go: () => void) => void;
  /** Something was dealt with: there may be room for the next. */
  readonly look: () => void;
  readonly close: () => void;
};

/** A look without an occasion, for when those who had a turn brought no whole message. */
const LOOK_EVERY_MS = 20;

/** Turns given then. */
const TURNS = 16;

/** @param isBusy true while nobody else should be read. */
export function openTurnstile(isBusy: () => boolean): Turnstile {
  const waiting: (() => void)[] = [];
  let timer: NodeJS.Timeout | null = null;
  const rest = () => {
    if (timer !== null) clearInterval(timer);
    timer = null;
  };
  const look = (turns: number) => {
    for (let left = turns; left > 0 && waiting.length > 0 && !isBusy(); left--) waiting.shift()?.();
    if (waiting.length === 0) rest();
  };
  return {
    pass: (go) => {
      if (waiting.length === 0 && !isBusy()) return go();
      waiting.push(go);
      // Only while somebody waits: an idle gateway sleeps.
      timer ??= setInterval(() => look(TURNS), LOOK_EVERY_MS).unref();
    },
    // One comes for one that went: what a turn brings is seen only later.
    look: () => look(1),
    close: rest,
  };
}
