/**
 * Cuts a scanner's bytes into codes. Codes end with CR or LF, or with a pause for scanners that send neither. A code
 * longer than any ticket is counted, not kept, so that bytes without end cannot grow memory. Pure.
 */
import { TICKET_CODE_MAX } from "#schemas/limits.ts";

/** A code, or the length of one that was too long to be a ticket. */
export type Framed = { readonly text: string } | { readonly overlong: number };

/** What arrived since the last end of a code. */
export type Framing = { readonly held: string; readonly length: number };

export const NOTHING_HELD: Framing = { held: "", length: 0 };

/** A pause after which what arrived is a whole code: ten characters' time at 9600 baud, and USB's own jitter. */
export const PAUSE_MS = 60;

const CR = 13;
const LF = 10;

/** Takes some bytes; returns the codes they complete. */
export function framed(framing: Framing, bytes: Uint8Array): { framing: Framing; codes: readonly Framed[] } {
  const codes: Framed[] = [];
  let { held, length } = framing;
  for (const byte of bytes) {
    if (byte === CR || byte === LF) {
      const code = finish({ held, length });
      if (code !== null) codes.push(code);
      held = "";
      length = 0;
    } else {
      length += 1;
      // Latin-1 keeps one character a byte; a ticket has only digits and capital letters anyway.
      if (length <= TICKET_CODE_MAX) held += String.fromCharCode(byte);
    }
  }
  return { framing: { held, length }, codes };
}

/** The pause has passed: what is held is a code, if there is anything. */
export function paused(framing: Framing): { framing: Framing; codes: readonly Framed[] } {
  const code = finish(framing);
  return { framing: NOTHING_HELD, codes: code === null ? [] : [code] };
}

function finish({ held, length }: Framing): Framed | null {
  if (length === 0) return null;
  return length > TICKET_CODE_MAX ? { overlong: length } : { text: held };
}
