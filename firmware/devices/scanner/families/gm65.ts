/**
 * The GM65 family (GM65, GM65-S, GM861, GM812; Hangzhou Grow, also sold by Waveshare), over UART or USB virtual COM.
 * From "GM65 Bar Code Reader Module User Manual" V1.3, Hangzhou Grow, 2016, as quoted by drivers that use it:
 * github.com/Amperstrand/gm65-scanner (docs/GM65-PROTOCOL-FINDINGS.md, tried by them on a module) and
 * github.com/cryptoadvance/specter-diy (src/hosts/qr.py). Not tried on a module by us. Pure.
 *
 * Command: 7E 00, then type, length, two bytes of address, data; then a CRC of all after the 7E 00. AB CD in its place
 * means "do not check"; we never send that, as a byte lost on the wire would change another setting.
 * Reply: 02 00, 00 for success, length, data, CRC; without an end, so that it is glued to the next code. A command that
 * failed is not answered at all.
 */
import type { Family, Step } from "./family.ts";

const READ = 0x07;
const WRITE = 0x08;
const SAVE = 0x09;

/** Settings are bytes at addresses, "zone bits" in the manual. */
export const ZONE = { mode: 0x0000, sameCodeDelay: 0x0013, tail: 0x0060 } as const;

/** Bits 1-0 of `mode`: 00 by a key (how modules are delivered), 01 by command, 10 continuous, 11 by induction. */
const MODE_BITS = 0b11;
const CONTINUOUS = 0b10;

/** Bits 6-5 of `tail`: 00 CR, 01 CRLF, 10 TAB, 11 nothing. */
const TAIL_BITS = 0b0110_0000;
const CR = 0b0000_0000;

/** Bit 7 switches the module's own pause between readings of one code on; the rest is tenths of a second. */
const SAME_CODE_HALF_SECOND = 0b1000_0101;

const REPLY_START = [0x02, 0x00, 0x00, 0x01];
/** Start, one byte of data (all we ask for is one byte long), CRC. */
const REPLY_BYTES = 7;

/** CRC-16 with polynomial 0x1021 from 0, most significant bit first, as in the manual. */
export function crc16(bytes: readonly number[]): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021;
    crc &= 0xffff;
  }
  return crc;
}

function command(type: number, address: number, data: number): Uint8Array {
  const body = [type, 1, address >> 8, address & 0xff, data];
  const crc = crc16(body);
  return Uint8Array.from([0x7e, 0x00, ...body, crc >> 8, crc & 0xff]);
}

/** Asks for one setting. */
export const readZone = (address: number) => command(READ, address, 1);
/** Changes one setting in the module's memory; it is lost with the power unless saved. */
export const writeZone = (address: number, value: number) => command(WRITE, address, value);
/** Writes all settings into the module's flash. */
export const saveZones = () => command(SAVE, 0, 0);

/**
 * The byte in a reply, or null when the CRC does not fit. Modules are known to send that of the value zero with every
 * value (33 31, the findings above), so this one counts as well.
 */
function valueIn(reply: Uint8Array): number | null {
  const value = reply[4];
  const crc = ((reply[5] ?? 0) << 8) | (reply[6] ?? 0);
  if (value === undefined || (crc !== crc16([0, 1, value]) && crc !== crc16([0, 1, 0]))) return null;
  return value;
}

/** Reads a setting and writes it only where it is not good, with all its other bits as they were. */
function ensure(
  name: string,
  address: number,
  bits: number,
  isGood: (set: number) => boolean,
  wanted: number,
): Step {
  return {
    name,
    command: readZone(address),
    onReply: (reply) => {
      const value = valueIn(reply);
      if (value === null) return "refused";
      return isGood(value & bits) ? null : writeZone(address, (value & ~bits) | wanted);
    },
  };
}

/** In a totem nobody presses the scanner's key. Whoever chose one of the two modes that need none is left in peace. */
const readsByItself = ensure("reading-mode", ZONE.mode, MODE_BITS, (mode) => mode >= CONTINUOUS, CONTINUOUS);

/** Without an end, a code ends only with a pause, which a busy machine may see late. CRLF and TAB do no harm. */
const endsCodes = ensure("code-end", ZONE.tail, TAIL_BITS, (tail) => tail !== TAIL_BITS, CR);

const tell = (name: string, bytes: Uint8Array): Step => ({ name, command: bytes, onReply: () => null });

export const GM65: Family = {
  atStart: [readsByItself, endsCodes],
  toInstall: [
    readsByItself,
    endsCodes,
    tell("same-code-delay", writeZone(ZONE.sameCodeDelay, SAME_CODE_HALF_SECOND)),
    tell("save", saveZones()),
  ],
  replyLength: (bytes) => {
    const fits = REPLY_START.every((byte, index) => index >= bytes.length || bytes[index] === byte);
    if (!fits) return "other";
    return bytes.length < REPLY_BYTES ? "partial" : REPLY_BYTES;
  },
};
