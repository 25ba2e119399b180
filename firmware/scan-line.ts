/**
 * Scans stand in line: each is judged after the one before it, in the order they came. A text is forgotten as soon as
 * it is judged, whatever the outcome; the line has an end, because a scanner left on a code reads it without pause.
 */
import type { Judgement } from "./session/events.ts";

/** More than anybody scans while the slowest card stalls (5 s); memory holds no more texts than this. */
export const SCANS_WAITING_MAX = 16;

/** What was scanned: the text, or nothing of one that was too long to be kept, and how long it was. */
export type Scan = { readonly text: string; readonly length: number };

export type ScanLine = {
  /** Puts a scan in line. Null when the line is full; otherwise resolves once the scan is judged. */
  readonly enter: (scan: Scan) => Promise<void> | null;
};

/** A line before a judge. `onFailed` is told when judging itself did not work. */
export function openScanLine(parts: {
  readonly judge: (text: string) => Promise<Judgement>;
  readonly onJudged: (judgement: Judgement, length: number) => void;
  readonly onFailed: (error: Error) => void;
}): ScanLine {
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();
  const judgeAfter = async (before: Promise<void>, { text, length }: Scan) => {
    await before;
    const judged = await parts.judge(text).then(
      (judgement) => ({ judgement }),
      (error: Error) => ({ error }),
    );
    waiting -= 1;
    if ("error" in judged) parts.onFailed(judged.error);
    else parts.onJudged(judged.judgement, length);
  };
  return {
    enter: (scan) => {
      if (waiting >= SCANS_WAITING_MAX) return null;
      waiting += 1;
      last = judgeAfter(last, scan);
      return last;
    },
  };
}
