/**
 * Cuts a scanner's bytes into codes. Codes end with CR or LF, or with a pause for scanners that send neither. A code
 * longer than any ticket is counted, not kept, so that bytes without end cannot grow memory. Other control bytes are
 * nobody's text: STX and ETX around a code, NUL from a line that breaks off, the GS between the parts of a GS1 code;
 * they are left out here, before they count. Pure.
 */
import { TICKET_CODE_MAX } from "#schemas/limits.ts";

/** A code, or the length of one that was too long to be a ticket. */
export type Framed = { readonly text: string } | { readonly overlong: number };

/** What arrived since the last end of a code. */
export type Framing = { readonly held: string; readonly length: number };

export const NOTHING_HELD: Framing = { held: "", length: 0 };

/** A pause after which what arrived is a whole code: ten characters' time at 9600 baud, and USB's own jitter. */
export const PAUSE_MS = 60;

/** What some scanners put before a code to say how it was printed: `]`, a letter and one more character (`aim.ts`). */
export const AIM_LENGTH = 3;

/** The longest code with what may stand before it; `codesFrom` then holds the ticket itself to its own limit. */
export const HELD_MAX = TICKET_CODE_MAX + AIM_LENGTH;

const CR = 13;
const LF = 10;
const SPACE = 32;
const DELETE = 127;

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
    } else if (byte >= SPACE && byte !== DELETE) {
      length += 1;
      // Latin-1 keeps one character a byte; a ticket has only digits and capital letters anyway.
      if (length <= HELD_MAX) held += String.fromCharCode(byte);
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
  return length > HELD_MAX ? { overlong: length } : { text: held };
}
