/**
 * Notes what the broker refused: each kind at most once a minute, with how often it happened, so that whoever knocks all
 * day long cannot fill the log.
 */
import { MINUTE_MS } from "#schemas/time.ts";
import type { Log } from "../log.ts";

/** Longest name of a client that is written down; a client id is anybody's text. */
const WHO_MAX = 64;

/** Makes the note-taker. `times` counts this refusal and those of its kind that were not noted before it. */
export function openRefusalLog(
  log: Pick<Log, "warn">,
  nowMs: () => number,
): (what: string, who: string) => void {
  const noted = new Map<string, { readonly atMs: number; readonly silent: number }>();
  return (what, who) => {
    const before = noted.get(what);
    if (before !== undefined && nowMs() - before.atMs < MINUTE_MS) {
      noted.set(what, { ...before, silent: before.silent + 1 });
      return;
    }
    noted.set(what, { atMs: nowMs(), silent: 0 });
    log.warn("broker-refused", { what, who: who.slice(0, WHO_MAX), times: 1 + (before?.silent ?? 0) });
  };
}
