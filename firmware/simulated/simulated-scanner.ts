/**
 * A simulated scanner: sends bytes in pieces as a serial port would, can be unplugged in the middle of a code, and can
 * glue two codes together. What it sends goes through the same framing as a real scanner's bytes.
 */
import { type Framing, framed, NOTHING_HELD, PAUSE_MS, paused } from "../devices/framing.ts";
import type { Scanner, ScannerEvent, Unsubscribe } from "../ports.ts";

export type SimulatedScanner = Scanner & {
  /** Reads a code. False when nothing is plugged in, so nothing was read. */
  readonly scan: (text: string, options?: { readonly terminated?: boolean }) => boolean;
  /** Reads two codes without the terminator between them. */
  readonly scanGlued: (first: string, second: string) => boolean;
  /** Pulls the plug, after half of a code if one is given, or puts it back. */
  readonly plug: (plugged: boolean, halfRead?: string) => void;
  readonly close: () => void;
};

/** USB hands a code over in pieces of at most this many bytes. */
const CHUNK_BYTES = 64;

export function simulatedScanner(): SimulatedScanner {
  const listeners = new Set<(event: ScannerEvent) => void>();
  let plugged = true;
  let framing: Framing = NOTHING_HELD;
  let pause: NodeJS.Timeout | null = null;

  const emit = (event: ScannerEvent) => {
    for (const listener of listeners) listener(event);
  };
  const take = (step: ReturnType<typeof framed>) => {
    framing = step.framing;
    for (const code of step.codes) {
      emit(
        "text" in code ? { type: "scanned", text: code.text } : { type: "overlong", length: code.overlong },
      );
    }
  };
  const send = (text: string) => {
    const bytes = Buffer.from(text, "utf8");
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES)
      take(framed(framing, bytes.subarray(at, at + CHUNK_BYTES)));
    if (pause !== null) clearTimeout(pause);
    pause = framing.length === 0 ? null : setTimeout(() => take(paused(framing)), PAUSE_MS);
  };

  return {
    isReady: () => plugged,
    onEvent: (listener): Unsubscribe => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    scan: (text, { terminated = true } = {}) => {
      if (plugged) send(terminated ? `${text}\r` : text);
      return plugged;
    },
    scanGlued: (first, second) => {
      if (plugged) send(`${first}${second}\r`);
      return plugged;
    },
    plug: (isPlugged, halfRead = "") => {
      if (isPlugged === plugged) return;
      if (!isPlugged && halfRead !== "") send(halfRead.slice(0, Math.ceil(halfRead.length / 2)));
      if (pause !== null) clearTimeout(pause);
      // What was half read when the plug was pulled is nobody's code.
      framing = NOTHING_HELD;
      plugged = isPlugged;
      emit({ type: plugged ? "plugged" : "unplugged" });
    },
    close: () => {
      if (pause !== null) clearTimeout(pause);
      listeners.clear();
    },
  };
}
