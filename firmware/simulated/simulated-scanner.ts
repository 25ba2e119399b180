/**
 * A simulated scanner: sends bytes in pieces as a serial port would, can be unplugged in the middle of a code, and can
 * glue two codes together. What it sends goes through the same pipeline as a real scanner's bytes. Each `scan` is a
 * code presented anew and taken away, as if long enough had passed between two; a code that stays is left by `leave`.
 */
import { randomBytes } from "node:crypto";
import {
  type CodeStep,
  type Codes,
  codesCutOff,
  codesFrom,
  codesWaited,
  NO_CODES,
  nextCodeDeadlineMs,
} from "../devices/scanner/code-pipeline.ts";
import type { Scanner, ScannerEvent, Unsubscribe } from "../ports.ts";

export type SimulatedScanner = Scanner & {
  /** Reads a code. False when nothing is plugged in, so nothing was read. */
  readonly scan: (text: string, options?: { readonly terminated?: boolean }) => boolean;
  /** Reads two codes without the terminator between them. */
  readonly scanGlued: (first: string, second: string) => boolean;
  /** Reads a code that lies there, each time it is called: within the window of `duplicates.ts` that is one scan. */
  readonly leave: (text: string) => boolean;
  /** Pulls the plug, after half of a code if one is given, or puts it back. */
  readonly plug: (plugged: boolean, halfRead?: string) => void;
  readonly close: () => void;
};

/** USB hands a code over in pieces of at most this many bytes. */
const CHUNK_BYTES = 64;

export function simulatedScanner(): SimulatedScanner {
  const listeners = new Set<(event: ScannerEvent) => void>();
  const secret = randomBytes(32);
  let plugged = true;
  let lying = false;
  let codes: Codes = NO_CODES;
  let timer: NodeJS.Timeout | undefined;

  const emit = (event: ScannerEvent) => {
    for (const listener of listeners) listener(event);
  };
  const take = (step: CodeStep) => {
    codes = lying ? step.codes : { ...step.codes, readings: NO_CODES.readings };
    for (const event of step.events) emit(event);
  };
  const wait = () => {
    clearTimeout(timer);
    const atMs = nextCodeDeadlineMs(codes);
    if (atMs === null) return;
    // Looks as if it were never late: what a simulated scanner sends does not wait in any kernel.
    const look = () => {
      take(codesWaited(codes, atMs, secret));
      wait();
    };
    timer = setTimeout(look, Math.max(0, Math.ceil(atMs - performance.now()))).unref();
  };
  const send = (text: string) => {
    const bytes = Buffer.from(text, "utf8");
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES)
      take(codesFrom(codes, bytes.subarray(at, at + CHUNK_BYTES), performance.now(), secret));
    wait();
  };
  const present = (text: string) => {
    lying = false;
    codes = { ...codes, readings: NO_CODES.readings };
    send(text);
  };

  return {
    isReady: () => plugged,
    onEvent: (listener): Unsubscribe => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    scan: (text, { terminated = true } = {}) => {
      if (plugged) present(terminated ? `${text}\r` : text);
      return plugged;
    },
    scanGlued: (first, second) => {
      if (plugged) present(`${first}${second}\r`);
      return plugged;
    },
    leave: (text) => {
      lying = true;
      if (plugged) send(`${text}\r`);
      return plugged;
    },
    plug: (isPlugged, halfRead = "") => {
      if (isPlugged === plugged) return;
      if (!isPlugged && halfRead !== "") send(halfRead.slice(0, Math.ceil(halfRead.length / 2)));
      // What was half read when the plug was pulled is nobody's code.
      codes = codesCutOff(codes);
      wait();
      plugged = isPlugged;
      emit({ type: plugged ? "plugged" : "unplugged" });
    },
    close: () => {
      clearTimeout(timer);
      listeners.clear();
    },
  };
}
