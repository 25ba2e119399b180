/**
 * The Linux input interface as bytes and numbers: events as /dev/input/eventN hands them out, and the requests to ask a
 * device what it is. Refuses to know what a key means. Pure.
 *
 * Source: include/uapi/linux/input.h, input-event-codes.h and asm-generic/ioctl.h of Linux 6.1, the layout of 64-bit
 * Linux (x64 and arm64, the two the firmware runs on); these files promise never to change it.
 */

/** struct input_event: 16 bytes of time, type and code of 2 each, a signed value of 4. (32-bit Linux has 16 bytes.) */
export const INPUT_EVENT_BYTES = 24;

/** Kinds of events that are acted on; others (EV_MSC scan codes, EV_LED) only accompany them. */
export const EV_SYN = 0x00;
export const EV_KEY = 0x01;
export const EV_MSC = 0x04;

/** Ends the events of one moment. */
export const SYN_REPORT = 0;
/** Nobody read in time and the kernel threw its queue away. What follows up to the next SYN_REPORT is a torn rest. */
export const SYN_DROPPED = 3;

/** Values of a key event. */
export const KEY_UP = 0;
export const KEY_DOWN = 1;
/** The kernel repeats a key that is held; nobody pressed anything. */
export const KEY_REPEATED = 2;

/** Bytes of a bit for each key code: KEY_CNT is 0x300. */
export const KEY_BITS_BYTES = 0x300 / 8;

/** The clock of process.hrtime; a device stamps with wall time until it is told otherwise (time.h). */
export const CLOCK_MONOTONIC = 1;

export type InputEvent = {
  readonly type: number;
  readonly code: number;
  readonly value: number;
  /** By the clock the device was told to stamp with, to the microsecond. */
  readonly atMs: number;
};

/** Whole events, in order. @throws RangeError when the bytes end inside one. */
export function inputEvents(bytes: Buffer): readonly InputEvent[] {
  const events: InputEvent[] = [];
  for (let at = 0; at < bytes.length; at += INPUT_EVENT_BYTES) {
    const seconds = Number(bytes.readBigInt64LE(at));
    const micros = Number(bytes.readBigInt64LE(at + 8));
    events.push({
      type: bytes.readUInt16LE(at + 16),
      code: bytes.readUInt16LE(at + 18),
      value: bytes.readInt32LE(at + 20),
      atMs: seconds * 1_000 + micros / 1_000,
    });
  }
  return events;
}

/** The bytes of one event, as a device writes them. */
export function inputEventBytes({ type, code, value, atMs }: InputEvent): Buffer {
  const bytes = Buffer.alloc(INPUT_EVENT_BYTES);
  const micros = Math.round(atMs * 1_000);
  bytes.writeBigInt64LE(BigInt(Math.floor(micros / 1_000_000)), 0);
  bytes.writeBigInt64LE(BigInt(micros % 1_000_000), 8);
  bytes.writeUInt16LE(type, 16);
  bytes.writeUInt16LE(code, 18);
  bytes.writeInt32LE(value, 20);
  return bytes;
}

/** True when the bit of this key is set in what `keysDownRequest` or `keysKnownRequest` answered. */
export function hasKey(bits: Uint8Array, code: number): boolean {
  return (((bits[code >> 3] ?? 0) >> (code & 7)) & 1) === 1;
}

// A request's number says which way its argument goes, how long it is, whose it is ('E') and which it is.
const READ = 2;
const WRITE = 1;
const OWNER = "E".charCodeAt(0);

function request(direction: number, number: number, bytes: number): number {
  return ((direction << 30) | (bytes << 16) | (OWNER << 8) | number) >>> 0;
}

/** EVIOCGRAB: 1 takes the device for this reader alone, 0 gives it back. The argument is the number itself. */
export const GRAB_REQUEST = request(WRITE, 0x90, 4);

/** EVIOCSCLOCKID: the clock to stamp with; the argument is a buffer with its number, 4 bytes. */
export const CLOCK_REQUEST = request(WRITE, 0xa0, 4);

/** EVIOCSMASK: which events of a kind this reader gets; the argument is a buffer from `noneOfKind`. */
export const MASK_REQUEST = request(WRITE, 0x93, 16);

/** struct input_mask with an empty list of codes: those it does not name are kept from this reader's queue. */
export function noneOfKind(type: number): Buffer {
  const mask = Buffer.alloc(16);
  mask.writeUInt32LE(type, 0);
  return mask;
}

/** EVIOCGKEY: which keys are down now, one bit each. It also empties the device's queue of key events. */
export function keysDownRequest(bytes: number): number {
  return request(READ, 0x18, bytes);
}

/** EVIOCGBIT of EV_KEY: which keys the device has, one bit each. */
export function keysKnownRequest(bytes: number): number {
  return request(READ, 0x20 + EV_KEY, bytes);
}

/** EVIOCGNAME: what the device calls itself, ended by a zero byte. */
export function nameRequest(bytes: number): number {
  return request(READ, 0x06, bytes);
}
