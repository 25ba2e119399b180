/**
 * The four reason keys on a keypad that the kernel scans (`hardware/matrix-keypad.ts`). It is taken for this program alone:
 * what a citizen presses is nobody else's business. Debounces nothing itself and judges no press.
 */
import { MATRIX_KEYPAD } from "#hardware/matrix-keypad.ts";
import type { KeyEdge, Keys, Log, Unsubscribe } from "../../ports.ts";
import { FaultTeller } from "../fault-teller.ts";
import { findByName, INPUT_FOLDERS, type InputFolders } from "./find-device.ts";
import { followDevice, INPUT_SYSTEM, type InputSystem } from "./follow-device.ts";
import { KEY_BITS_BYTES, keysDownRequest } from "./input-event.ts";
import { type Keypad, keypadChanged, keypadGone, keypadLevels, keypadOpened } from "./keypad-levels.ts";

export type MatrixKeypad = Keys & {
  /** False when the thread that reads it hangs: for a watchdog to ask. */
  readonly isAlive: () => boolean;
  readonly close: () => Promise<void>;
};

/** How faults name the keypad beside the keys on lines of their own. */
export const KEYPAD_PART = "keypad";

const NEEDS = { codes: Object.values(MATRIX_KEYPAD.keys).map((key) => key.code), what: "reason keypad" };

/** Looks for the keypad at once and whenever it is away; while it is, it is told as out of reach. */
export function openMatrixKeypad(parts: {
  /** Monotonic milliseconds of the clock that stamps the keys, CLOCK_MONOTONIC. */
  readonly nowMs: () => number;
  readonly log: Log;
  readonly folders?: InputFolders;
  readonly system?: InputSystem;
}): MatrixKeypad {
  const { nowMs, log } = parts;
  const system = parts.system ?? INPUT_SYSTEM;
  const edges = new Set<(edge: KeyEdge) => void>();
  const faults = new FaultTeller();
  let keypad: Keypad = keypadOpened(nowMs());
  let opened = { fd: -1, atMs: 0, bits: noBits() };
  let lost = 0;

  const follow = (step: { readonly keypad: Keypad; readonly edges: readonly KeyEdge[] }) => {
    keypad = step.keypad;
    for (const edge of step.edges) for (const listener of edges) listener(edge);
  };
  const levelsOf = (fd: number) => {
    const atMs = nowMs();
    const bits = noBits();
    system.ioctl(fd, keysDownRequest(bits.length), bits);
    return { fd, atMs, bits };
  };
  const recover = () => {
    const levels = levelsOrNull(() => levelsOf(opened.fd));
    const step = levels === null ? { keypad, edges: [] } : keypadLevels(keypad, levels.bits, levels.atMs);
    // The kernel does not say how many it dropped: as many as show, and one at least.
    lost += Math.max(1, step.edges.length);
    faults.tell("edges-lost", "failed", KEYPAD_PART);
    follow(step);
    faults.tell("edges-lost", "recovered", KEYPAD_PART);
  };

  const device = followDevice({
    find: () => findByName(MATRIX_KEYPAD.name, parts.folders ?? INPUT_FOLDERS),
    needs: NEEDS,
    nowMs,
    system,
    ask: (fd) => {
      opened = levelsOf(fd);
    },
    onOpened: () => {
      faults.tell("keys-unreachable", "recovered", KEYPAD_PART);
      follow(keypadLevels(keypadOpened(opened.atMs), opened.bits, opened.atMs));
    },
    onEvents: (events) => {
      const step = keypadChanged(keypad, events);
      follow(step);
      if (step.dropped) recover();
    },
    onGone: () => {
      follow({ keypad: keypadOpened(nowMs()), edges: keypadGone(keypad, nowMs()) });
      faults.tell("keys-unreachable", "failed", KEYPAD_PART);
    },
    onProblem: ({ kind, message }) => {
      log.warn("keypad-not-found", { kind, message });
      faults.tell("keys-unreachable", "failed", KEYPAD_PART);
    },
  });

  return {
    onEdge: (listener): Unsubscribe => {
      edges.add(listener);
      for (const key of keypad.down) listener({ key, active: true, atMs: nowMs(), initial: true });
      return () => edges.delete(listener);
    },
    onFault: (listener) => faults.onFault(listener),
    lostEdges: () => lost,
    isAlive: device.isAlive,
    close: async () => {
      edges.clear();
      faults.close();
      await device.close();
    },
  };
}

function noBits(): Buffer {
  return Buffer.alloc(KEY_BITS_BYTES);
}

/** A device that is going away answers nothing; its end is told in a moment, and with it all keys are let go. */
function levelsOrNull<T>(ask: () => T): T | null {
  try {
    return ask();
  } catch {
    return null;
  }
}

/** Tells faults and remembers those that last, each once. */
