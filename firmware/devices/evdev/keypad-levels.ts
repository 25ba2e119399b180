/**
 * From the events of a matrix keypad to edges of keys: which level each key has, when it changed, and what is left to find
 * out when the kernel dropped events. Pure.
 */
import { MATRIX_KEYPAD } from "#hardware/matrix-keypad.ts";
import { REASON_KEYS, type ReasonKey } from "#schemas/code-list.ts";
import { EV_KEY, EV_SYN, hasKey, type InputEvent, KEY_DOWN, SYN_DROPPED, SYN_REPORT } from "./input-event.ts";

export type Keypad = {
  readonly down: ReadonlySet<ReasonKey>;
  /** Of the last edge that was told: none may lie before it. */
  readonly newestMs: number;
  /** When the levels were last asked for: what happened until then is in the answer already. */
  readonly askedAtMs: number;
  /** A key that is found down until then was down before anybody could press it. */
  readonly initialUntilMs: number;
  /** The kernel dropped events: what follows up to the end of its report is a torn rest. */
  readonly torn: boolean;
};

/** As the port has it (`ports.ts`), of a reason key. */
export type ReasonEdge = {
  readonly key: ReasonKey;
  readonly active: boolean;
  readonly atMs: number;
  readonly initial: boolean;
};

export type KeypadStep = { readonly keypad: Keypad; readonly edges: readonly ReasonEdge[] };

/**
 * The driver scans for the first time just after it was opened, from the kernel's queue of work, and reports keys that are
 * held as if they were pressed then. A fifth of a second is ample for a queue that waits for nothing, and nobody means a
 * key they press in the moment the totem starts.
 */
export const FIRST_SCAN_MS = 200;

const KEY_OF: ReadonlyMap<number, ReasonKey> = new Map(
  REASON_KEYS.map((key) => [MATRIX_KEYPAD.keys[key].code, key] as const),
);

/** A keypad that was opened at a monotonic time; its levels are not known yet. */
export function keypadOpened(atMs: number): Keypad {
  return {
    down: new Set(),
    newestMs: Number.NEGATIVE_INFINITY,
    askedAtMs: Number.NEGATIVE_INFINITY,
    initialUntilMs: atMs + FIRST_SCAN_MS,
    torn: false,
  };
}

/** The edges in some events. `dropped` is true when levels must be asked for again. */
export function keypadChanged(
  keypad: Keypad,
  events: readonly InputEvent[],
): KeypadStep & { readonly dropped: boolean } {
  let now = keypad;
  let dropped = false;
  const edges: ReasonEdge[] = [];
  for (const event of events) {
    if (event.type === EV_SYN && event.code === SYN_DROPPED) {
      dropped = true;
      now = { ...now, torn: true };
    } else if (now.torn) {
      if (event.type === EV_SYN && event.code === SYN_REPORT) now = { ...now, torn: false };
    } else {
      const step = changed(now, event);
      now = step.keypad;
      edges.push(...step.edges);
    }
  }
  return { keypad: now, edges, dropped };
}

/** What the levels, asked for at a monotonic time, say beyond what the events said. @param bits as `EVIOCGKEY` answers */
export function keypadLevels(keypad: Keypad, bits: Uint8Array, askedAtMs: number): KeypadStep {
  let now: Keypad = { ...keypad, askedAtMs, torn: false };
  const edges: ReasonEdge[] = [];
  for (const [code, key] of KEY_OF) {
    const active = hasKey(bits, code);
    if (active === now.down.has(key)) continue;
    const step = told(now, key, active, askedAtMs, askedAtMs);
    now = step.keypad;
    edges.push(...step.edges);
  }
  return { keypad: now, edges };
}

/** The keypad is gone, and with it every finger: keys that were down are let go. */
export function keypadGone(keypad: Keypad, atMs: number): readonly ReasonEdge[] {
  return [...keypad.down].map((key) => ({ key, active: false, atMs, initial: false }));
}

function changed(keypad: Keypad, event: InputEvent): KeypadStep {
  const key = event.type === EV_KEY ? KEY_OF.get(event.code) : undefined;
  // An event that was on its way while the levels were asked for is older than the answer.
  if (key === undefined || event.atMs < keypad.askedAtMs) return { keypad, edges: [] };
  const active = event.value >= KEY_DOWN;
  // Auto-repeat says again what is known.
  if (active === keypad.down.has(key)) return { keypad, edges: [] };
  // The driver waits for the bounce to end before it looks; the finger came that much earlier.
  return told(keypad, key, active, event.atMs - MATRIX_KEYPAD.debounceMs, event.atMs);
}

function told(keypad: Keypad, key: ReasonKey, active: boolean, atMs: number, seenAtMs: number): KeypadStep {
  const down = new Set(keypad.down);
  if (active) down.add(key);
  else down.delete(key);
  const newestMs = Math.max(atMs, keypad.newestMs);
  const initial = active && seenAtMs < keypad.initialUntilMs;
  return { keypad: { ...keypad, down, newestMs }, edges: [{ key, active, atMs: newestMs, initial }] };
}
