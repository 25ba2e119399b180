/**
 * Notices: entries about the machine itself (faults, changes of mode) on their way to the journal. They wait while it
 * is out of order, and when there are too many of them: a loose plug or a hostile broker must not fill the disk. Pure.
 */
import type { FaultEntry, ModeEntry } from "#schemas/entry.ts";
import { MINUTE_MS } from "#schemas/time.ts";

export type Notice = FaultEntry | ModeEntry;

export type Notices = {
  /** Oldest first; of equal ones only the newest. */
  readonly waiting: readonly Notice[];
  /** The last ones written, in monotonic milliseconds; never more than a minute's worth. */
  readonly written: readonly { readonly what: string; readonly atMs: number }[];
};

export const NO_NOTICES: Notices = { waiting: [], written: [] };

/** Every fault code, two of them for each of nine keys, failed and recovered, and two modes: 56; and some room. */
export const NOTICES_WAITING_MAX = 64;

/** A technician at work makes a handful a minute, a loose plug hundreds. */
export const NOTICES_PER_MINUTE_MAX = 20;
/** Of one fault code: every key may be stuck at once, and a loose plug leaves room for what else breaks. */
export const NOTICES_OF_ONE_CODE_MAX = 12;

/** One more notice. It takes the place of an equal one that still waits: what counts is how things stand now. */
export function noticed(notices: Notices, notice: Notice): Notices {
  const others = notices.waiting.filter((waiting) => nameOf(waiting) !== nameOf(notice));
  return { ...notices, waiting: [...others, notice].slice(-NOTICES_WAITING_MAX) };
}

/** The notice to write now: the oldest whose minute is not full. Null when none waits, or all must. */
export function noticeTaken(
  notices: Notices,
  atMs: number,
): { readonly notice: Notice; readonly notices: Notices } | null {
  const notice = notices.waiting.find((waiting) => dueMs(notices, waiting) <= atMs);
  if (notice === undefined) return null;
  const waiting = notices.waiting.filter((other) => other !== notice);
  const written = [...notices.written, { what: codeOf(notice), atMs }].slice(-NOTICES_PER_MINUTE_MAX);
  return { notice, notices: { waiting, written } };
}

/** The notices when writing one failed: it waits on, unless a newer equal one does. */
export function noticeReturned(notices: Notices, notice: Notice): Notices {
  if (notices.waiting.some((waiting) => nameOf(waiting) === nameOf(notice))) return notices;
  return { ...notices, waiting: [notice, ...notices.waiting].slice(-NOTICES_WAITING_MAX) };
}

/** When the next notice may be written, or null when none waits. */
export function noticeDueMs(notices: Notices): number | null {
  if (notices.waiting.length === 0) return null;
  return Math.min(...notices.waiting.map((waiting) => dueMs(notices, waiting)));
}

function dueMs({ written }: Notices, notice: Notice): number {
  const sameCode = written.filter(({ what }) => what === codeOf(notice));
  return Math.max(
    roomFromMs(written.at(-NOTICES_PER_MINUTE_MAX)),
    roomFromMs(sameCode.at(-NOTICES_OF_ONE_CODE_MAX)),
  );
}

function roomFromMs(oldest: { readonly atMs: number } | undefined): number {
  return oldest === undefined ? Number.NEGATIVE_INFINITY : oldest.atMs + MINUTE_MS;
}

function codeOf(notice: Notice): string {
  return notice.kind === "mode" ? notice.kind : notice.code;
}

function nameOf(notice: Notice): string {
  return notice.kind === "mode" ? notice.mode : `${notice.code} ${notice.part ?? ""} ${notice.state}`;
}
