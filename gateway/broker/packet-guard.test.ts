import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FIRST_PACKET, type PacketWatch, watchPackets } from "./packet-guard.ts";

const BYTES_MAX = 300;

/** What watching a whole stream at once says, written the slow way: packet by packet, from a complete buffer. */
function isRefused(stream: Uint8Array, bytesMax: number): boolean {
  let at = 0;
  while (at < stream.length) {
    let length = 0;
    let read = 0;
    for (; ; read++) {
      const byte = stream[at + 1 + read];
      if (byte === undefined) return length > bytesMax;
      length += (byte % 128) * 128 ** read;
      if (length > bytesMax) return true;
      if (byte < 128) break;
      if (read === 3) return true;
    }
    at += 1 + read + 1 + length;
  }
  return false;
}

function watchAll(chunks: readonly Uint8Array[], bytesMax: number): PacketWatch | null {
  let watch: PacketWatch | null = FIRST_PACKET;
  for (const chunk of chunks) {
    if (watch === null) return null;
    watch = watchPackets(watch, chunk, bytesMax);
  }
  return watch;
}

/** A stream cut at some points. */
function cut(stream: Uint8Array, points: readonly number[]): readonly Uint8Array[] {
  const ends = [...points.map((point) => point % (stream.length + 1)), stream.length].sort((a, b) => a - b);
  return ends.map((end, index) => stream.subarray(index === 0 ? 0 : ends[index - 1], end));
}

const header = (length: number): readonly number[] =>
  length < 128 ? [length] : [(length % 128) | 128, ...header(Math.floor(length / 128))];
const packet = fc
  .record({ type: fc.nat(255), length: fc.oneof(fc.nat(BYTES_MAX), fc.nat(BYTES_MAX * 3)) })
  .map(({ type, length }) => [type, ...header(length), ...new Array<number>(length).fill(200)]);
const stream = fc.oneof(
  fc.array(packet, { maxLength: 8 }).map((packets) => Uint8Array.from(packets.flat())),
  fc.uint8Array({ maxLength: 200 }),
);
const points = fc.array(fc.nat(5_000), { maxLength: 12 });

describe("the packet guard", () => {
  it("says the same however a stream is chopped, and what a plain parser says", () => {
    fc.assert(
      fc.property(stream, points, (bytes, at) => {
        const whole = watchPackets(FIRST_PACKET, bytes, BYTES_MAX);
        expect(watchAll(cut(bytes, at), BYTES_MAX)).toEqual(whole);
        expect(whole === null).toBe(isRefused(bytes, BYTES_MAX));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ["a packet of the largest size", [0x30, ...header(BYTES_MAX)], true],
    ["a packet one byte larger", [0x30, ...header(BYTES_MAX + 1)], false],
    ["four bytes of length, the first three empty", [0x30, 0x80, 0x80, 0x80, 0x00], true],
    ["a fifth byte of length", [0x30, 0x80, 0x80, 0x80, 0x80], false],
    ["packets without a body", [0xc0, 0, 0xc0, 0, 0xe0, 0], true],
    ["nothing", [], true],
  ])("%s", (_, bytes, passes) => {
    expect(watchPackets(FIRST_PACKET, Uint8Array.from(bytes), BYTES_MAX) !== null).toBe(passes);
  });
});
