/**
 * From a scanner's bytes to what it has to say, the same for every scanner: codes are cut, stripped of what the scanner
 * put around them, and told once however often they are read. Judges nothing: whether a code is a ticket is not known
 * here. Pure: time and the secret of the digests are passed in, and nothing of a code stays once it is told.
 */
import { TICKET_CODE_MAX } from "#schemas/limits.ts";
import { type Framed, type Framing, framed, NOTHING_HELD, PAUSE_MS, paused } from "../framing.ts";
import { withoutAim } from "./aim.ts";
import { forgetAtMs, NO_READINGS, type Readings, read, stillRemembered } from "./duplicates.ts";

/** The two scanner events (`ports.ts`) that are about a code. */
export type CodeEvent =
  | { readonly type: "scanned"; readonly text: string }
  | { readonly type: "overlong"; readonly length: number };

export type Codes = {
  readonly framing: Framing;
  readonly readings: Readings;
  /** How long a pause ends a code; a device whose bytes come less evenly than a serial line's has a longer one. */
  readonly pauseMs: number;
  /** When the pause that ends a code has passed; null when nothing is held. */
  readonly pauseEndsMs: number | null;
  /** How often in a row that end was put off. */
  readonly putOff: number;
};

export type CodeStep = { readonly codes: Codes; readonly events: readonly CodeEvent[] };

export const NO_CODES: Codes = {
  framing: NOTHING_HELD,
  readings: NO_READINGS,
  pauseMs: PAUSE_MS,
  pauseEndsMs: null,
  putOff: 0,
};

/** Whoever looks this late at the end of a pause was not listening either: bytes may be waiting in the kernel. */
export const LATE_MS = 20;

/** So often a late look is put off; a program that is late each time must tell the code some day. */
export const PUT_OFF_MAX = 3;

/** Takes some bytes that arrived at a monotonic time. @param secret random bytes of this start, for `duplicates.ts` */
export function codesFrom(codes: Codes, bytes: Uint8Array, atMs: number, secret: Uint8Array): CodeStep {
  const step = framed(codes.framing, bytes);
  return told({ ...codes, ...held(step.framing, atMs, codes.pauseMs) }, step.codes, atMs, secret);
}

/**
 * Time has passed: a code without an end is a code after a pause, and old digests are forgotten. Looking too early
 * changes nothing.
 */
export function codesWaited(codes: Codes, atMs: number, secret: Uint8Array): CodeStep {
  const kept = { ...codes, readings: stillRemembered(codes.readings, atMs) };
  if (codes.pauseEndsMs === null || atMs < codes.pauseEndsMs) return { codes: kept, events: [] };
  // After a stall the timers run before anything is read: half a code would be taken for a whole one.
  if (atMs >= codes.pauseEndsMs + LATE_MS && codes.putOff < PUT_OFF_MAX) {
    const later = { ...kept, pauseEndsMs: atMs + codes.pauseMs, putOff: codes.putOff + 1 };
    return { codes: later, events: [] };
  }
  const step = paused(codes.framing);
  return told({ ...kept, ...held(step.framing, atMs, codes.pauseMs) }, step.codes, atMs, secret);
}

/** When `codesWaited` will next have something to do, or null. */
export function nextCodeDeadlineMs(codes: Codes): number | null {
  const forgetMs = forgetAtMs(codes.readings);
  if (codes.pauseEndsMs === null || forgetMs === null) return codes.pauseEndsMs ?? forgetMs;
  return Math.min(codes.pauseEndsMs, forgetMs);
}

/** The scanner went away: what was half read is nobody's code. What lay under it may still lie there. */
export function codesCutOff(codes: Codes): Codes {
  return { ...NO_CODES, readings: codes.readings, pauseMs: codes.pauseMs };
}

/** Bytes of control characters alone hold nothing, so that noise on a line keeps no timer busy. */
function held(
  framing: Framing,
  atMs: number,
  pauseMs: number,
): Pick<Codes, "framing" | "pauseEndsMs" | "putOff"> {
  return { framing, pauseEndsMs: framing.length === 0 ? null : atMs + pauseMs, putOff: 0 };
}

function told(codes: Codes, cut: readonly Framed[], atMs: number, secret: Uint8Array): CodeStep {
  const events: CodeEvent[] = [];
  let { readings } = codes;
  for (const code of cut) {
    const event = eventOf(code);
    if (event === null) continue;
    // Of an overlong code only its length is known. A phone left there with a long code is one scan as well.
    const identity = event.type === "scanned" ? `text ${event.text}` : `overlong ${event.length}`;
    const step = read(readings, identity, atMs, secret);
    readings = step.readings;
    if (!step.again) events.push(event);
  }
  return { codes: { ...codes, readings }, events };
}

function eventOf(code: Framed): CodeEvent | null {
  if ("overlong" in code) return { type: "overlong", length: code.overlong };
  const text = withoutAim(code.text);
  if (text.trim() === "") return null;
  return text.length > TICKET_CODE_MAX
    ? { type: "overlong", length: text.length }
    : { type: "scanned", text };
}
