/**
 * From the events of a scanner that types to the bytes a serial scanner would have sent, so that both go the same way
 * from there on. What cannot be read for certain becomes a byte that no ticket has: the code is then refused as a whole
 * and the citizen told to try again, where a left-out character could have made another ticket of it. Pure.
 */
import { EV_KEY, EV_SYN, type InputEvent, KEY_DOWN, KEY_UP, SYN_DROPPED, SYN_REPORT } from "./input-event.ts";
import {
  CAPS_LOCK_CODE,
  COMMAND_CODES,
  ENTER_CODES,
  NUM_LOCK_CODE,
  SHIFT_CODES,
  TAB_CODE,
  US_LAYOUT,
} from "./us-layout.ts";

/** What is held or switched on. */
export type Typing = {
  /** Shift, Control, Alt and Meta keys that are down; never more than there are. */
  readonly held: ReadonlySet<number>;
  readonly capsLock: boolean;
  /** The kernel dropped events: what follows up to the end of its report is a torn rest. */
  readonly torn: boolean;
};

export const NOTHING_TYPED: Typing = { held: new Set(), capsLock: false, torn: false };

/** Stands for what could not be read: a character of no ticket (`?`; all are digits and letters). */
export const UNREADABLE = 0x3f;

const TAB = 9;
const CR = 13;

/** The bytes that some events typed. */
export function typedBytes(
  typing: Typing,
  events: readonly InputEvent[],
): { typing: Typing; bytes: Uint8Array } {
  const bytes: number[] = [];
  let now = typing;
  for (const event of events) {
    const step = typedByte(now, event);
    now = step.typing;
    if (step.byte !== null) bytes.push(step.byte);
  }
  return { typing: now, bytes: Uint8Array.from(bytes) };
}

type Typed = { readonly typing: Typing; readonly byte: number | null };

function typedByte(typing: Typing, event: InputEvent): Typed {
  if (event.type === EV_SYN && event.code === SYN_DROPPED) {
    // Which keys were let go meanwhile is not known. A shift that is still held only spoils a code that is spoilt already.
    return { typing: { ...NOTHING_TYPED, capsLock: typing.capsLock, torn: true }, byte: UNREADABLE };
  }
  if (typing.torn) {
    const ended = event.type === EV_SYN && event.code === SYN_REPORT;
    return { typing: ended ? { ...typing, torn: false } : typing, byte: null };
  }
  if (event.type !== EV_KEY) return { typing, byte: null };
  if (SHIFT_CODES.has(event.code) || COMMAND_CODES.has(event.code)) {
    return { typing: { ...typing, held: heldAfter(typing.held, event) }, byte: null };
  }
  // Auto-repeat is no second character, and letting go writes nothing.
  if (event.value !== KEY_DOWN) return { typing, byte: null };
  if (event.code === CAPS_LOCK_CODE) return { typing: { ...typing, capsLock: !typing.capsLock }, byte: null };
  return { typing, byte: byteOf(typing, event.code) };
}

function heldAfter(held: ReadonlySet<number>, { code, value }: InputEvent): ReadonlySet<number> {
  const after = new Set(held);
  if (value === KEY_UP) after.delete(code);
  else after.add(code);
  return after;
}

function byteOf(typing: Typing, code: number): number | null {
  if (code === NUM_LOCK_CODE) return null;
  if ([...typing.held].some((key) => COMMAND_CODES.has(key))) return UNREADABLE;
  if (ENTER_CODES.has(code)) return CR;
  if (code === TAB_CODE) return TAB;
  const writes = US_LAYOUT.get(code);
  if (writes === undefined) return UNREADABLE;
  const isShifted = typing.held.size > 0;
  // Caps lock turns letters only.
  const isUpper = /[a-z]/.test(writes.plain) && typing.capsLock ? !isShifted : isShifted;
  return (isUpper ? writes.shifted : writes.plain).charCodeAt(0);
}
