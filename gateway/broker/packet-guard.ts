/**
 * Watches the fixed headers of an MQTT byte stream and says when a packet is larger than any of ours. Pure. The broker
 * library reads packets of up to 256 MiB into memory before anybody may object.
 */

/** Where in the stream of packets we are. */
export type PacketWatch =
  /** Reading a packet's type and length: `shift` bits of the length are known. */
  | { readonly at: "header"; readonly sawType: boolean; readonly length: number; readonly shift: number }
  /** So many bytes of the packet are still to come. */
  | { readonly at: "body"; readonly left: number };

export const FIRST_PACKET: PacketWatch = { at: "header", sawType: false, length: 0, shift: 0 };

/** MQTT 3.1.1 section 2.2.3: the length takes at most four bytes of seven bits. */
const LENGTH_SHIFT_MAX = 21;

/** The watch after some more bytes, or null when a packet is too large or its length is no MQTT length. */
export function watchPackets(watch: PacketWatch, bytes: Uint8Array, bytesMax: number): PacketWatch | null {
  let now = watch;
  let index = 0;
  while (index < bytes.length) {
    if (now.at === "body") {
      const skipped = Math.min(now.left, bytes.length - index);
      index += skipped;
      now = now.left === skipped ? FIRST_PACKET : { at: "body", left: now.left - skipped };
      continue;
    }
    const byte = bytes[index++] as number;
    if (!now.sawType) {
      now = { ...now, sawType: true };
      continue;
    }
    const length: number = now.length + ((byte & 127) << now.shift);
    if (length > bytesMax) return null;
    if ((byte & 128) !== 0) {
      if (now.shift >= LENGTH_SHIFT_MAX) return null;
      now = { at: "header", sawType: true, length, shift: now.shift + 7 };
    } else {
      now = length === 0 ? FIRST_PACKET : { at: "body", left: length };
    }
  }
  return now;
}
