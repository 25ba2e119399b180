/**
 * Scans stand in line: each is judged after the one before it, in the order they came. A text is forgotten as soon as
 * it is judged, whatever the outcome; the line has an end, because a scanner left on a code reads it without pause, and
 * so has its patience: whoever scanned must not stand before a totem that says nothing.
 */
import type { Judgement } from "./session/events.ts";

/** More than anybody scans while the slowest card stalls (5 s); memory holds no more texts than this. */
export const SCANS_WAITING_MAX = 16;

/** What was scanned: the text, or nothing of one that was too long to be kept, and how long it was. */
export type Scan = { readonly text: string; readonly length: number };

export type ScanLine = {
  /** Puts a scan in line. Null when the line is full; otherwise resolves once the scan is judged. */
  readonly enter: (scan: Scan) => Promise<void> | null;
  /** When the judge's answer is overdue, or null when none is awaited or it was told already. */
  readonly deadlineMs: () => number | null;
  /** Time has passed: an overdue answer is told as a failure, once; it still counts when it comes. */
  readonly waited: () => void;
};

/** A line before a judge. `onFailed` is told when judging itself did not work. */
export function openScanLine(parts: {
  readonly judge: (text: string) => Promise<Judgement>;
  readonly onJudged: (judgement: Judgement, length: number) => void;
  readonly onFailed: (error: Error) => void;
  readonly nowMs: () => number;
  /** How long an answer may take. */
  readonly patienceMs: number;
}): ScanLine {
  let waiting = 0;
  let deadlineMs: number | null = null;
  let last: Promise<void> = Promise.resolve();
  const judgeAfter = async (before: Promise<void>, { text, length }: Scan) => {
    await before;
    const judged = await parts.judge(text).then(
      (judgement) => ({ judgement }),
      (error: Error) => ({ error }),
    );
    waiting -= 1;
    deadlineMs = waiting === 0 ? null : parts.nowMs() + parts.patienceMs;
    if ("error" in judged) parts.onFailed(judged.error);
    else parts.onJudged(judged.judgement, length);
  };
  return {
    enter: (scan) => {
      if (waiting >= SCANS_WAITING_MAX) return null;
      waiting += 1;
      if (waiting === 1) deadlineMs = parts.nowMs() + parts.patienceMs;
      last = judgeAfter(last, scan);
      return last;
    },
    deadlineMs: () => deadlineMs,
    waited: () => {
      if (deadlineMs === null || parts.nowMs() < deadlineMs) return;
      deadlineMs = null;
      parts.onFailed(new Error("no answer"));
    },
  };
}
