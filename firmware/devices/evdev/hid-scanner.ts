/**
 * A scanner in keyboard mode, as it comes out of its box. It is taken for this program alone, so that nothing it types
 * reaches a console; what it types is read as a US keyboard and then goes the way of every scanner's bytes. Keeps no text
 * and logs none.
 */
import type { Log, Scanner, ScannerEvent, Unsubscribe } from "../../ports.ts";
import { openCodeStream } from "../scanner/code-stream.ts";
import { findKeyboard, INPUT_FOLDERS, type InputFolders } from "./find-device.ts";
import { followDevice, INPUT_SYSTEM, type InputSystem } from "./follow-device.ts";
import { NOTHING_TYPED, type Typing, typedBytes } from "./typed-text.ts";
import { TICKET_CODES } from "./us-layout.ts";

export type HidScanner = Scanner & {
  /** False when the thread that reads it hangs: for a watchdog to ask. */
  readonly isAlive: () => boolean;
  readonly close: () => Promise<void>;
};

/**
 * A pause after which what was typed is a whole code. Longer than on a serial line: keys come one by one in USB's own time, and
 * the thread that reads them can be kept waiting on a busy machine (on a loaded one, 60 ms cut a code in three). Enter ends
 * nearly every code; who waits this long has a scanner that was told not to send it.
 */
const TYPED_PAUSE_MS = 250;

/** A keyboard that could write a ticket: mice and volume knobs are input devices too. */
const NEEDS = { codes: TICKET_CODES, what: "keyboard" };

/**
 * Looks for the scanner at once and whenever it is away. It need not be there yet.
 * @param path as in the settings: a stable path, or null for the only keyboard there is.
 */
export function openHidScanner(parts: {
  readonly path: string | null;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly log: Log;
  readonly folders?: InputFolders;
  readonly system?: InputSystem;
}): HidScanner {
  const listeners = new Set<(event: ScannerEvent) => void>();
  const emit = (event: ScannerEvent) => {
    for (const listener of listeners) listener(event);
  };
  let typing: Typing = NOTHING_TYPED;
  let isTyping = false;
  const codes = openCodeStream({
    nowMs: parts.nowMs,
    onCode: (event) => {
      // What a pause ended may be half a code whose plug was pulled, and nobody has told us yet.
      if (isTyping || device.isThere()) emit(event);
    },
    pauseMs: TYPED_PAUSE_MS,
  });

  const device = followDevice({
    find: () => findKeyboard(parts.path, parts.folders ?? INPUT_FOLDERS),
    needs: NEEDS,
    nowMs: parts.nowMs,
    system: parts.system ?? INPUT_SYSTEM,
    onOpened: () => {
      typing = NOTHING_TYPED;
      emit({ type: "plugged" });
    },
    onEvents: (events) => {
      const step = typedBytes(typing, events);
      typing = step.typing;
      isTyping = true;
      if (step.bytes.length > 0) codes.take(step.bytes);
      isTyping = false;
    },
    onGone: () => {
      codes.cutOff();
      emit({ type: "unplugged" });
    },
    onProblem: ({ kind, message }) => parts.log.warn("scanner-not-found", { kind, message }),
  });

  return {
    isReady: device.isOpen,
    isAlive: device.isAlive,
    onEvent: (listener): Unsubscribe => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      listeners.clear();
      codes.close();
      await device.close();
    },
  };
}
