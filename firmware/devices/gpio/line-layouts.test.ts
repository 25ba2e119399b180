import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  answerLineRequest,
  readLineInfoOffset,
  readLineRequest,
  writeChipInfo,
  writeEvent,
  writeLineInfo,
} from "./kernel-side.fixture.ts";
import {
  allLines,
  chipInfoBuffer,
  decodeChipInfo,
  decodeEvents,
  decodeLineInfo,
  decodeValues,
  EVENT_BYTES,
  encodeLineRequest,
  encodeValues,
  GPIO_REQUESTS,
  LINE_FLAGS,
  LINES_MAX,
  lineInfoBuffer,
  requestedFd,
} from "./line-layouts.ts";

const KEYS_REQUEST = {
  offsets: [4, 5, 27],
  consumer: "faccine",
  flags:
    LINE_FLAGS.input |
    LINE_FLAGS.activeLow |
    LINE_FLAGS.pullUp |
    LINE_FLAGS.edgeRising |
    LINE_FLAGS.edgeFalling,
  debounceUs: 10_000,
  outputBits: null,
  eventBufferSize: 1_024,
};

/** The bytes that are not zero, as [offset, hexadecimal] of each 8-byte group. */
function groups(bytes: Buffer): readonly (readonly [number, string])[] {
  return Array.from({ length: bytes.length / 8 }, (_, index) => index * 8)
    .map((at) => [at, bytes.subarray(at, at + 8).toString("hex")] as const)
    .filter(([, hex]) => /[^0]/.test(hex));
}

describe("the numbers of what is asked", () => {
  // Printed by a C program over /usr/include/linux/gpio.h (linux-libc-dev 6.1, x64).
  it("are those that the C header gives", () => {
    expect(GPIO_REQUESTS).toEqual({
      chipInfo: 2_151_986_177,
      lineInfo: 3_238_048_773,
      lines: 3_260_068_871,
      setConfig: 3_239_097_357,
      getValues: 3_222_320_142,
      setValues: 3_222_320_143,
    });
  });
});

describe("the structures", () => {
  // Offsets and sizes printed by offsetof and sizeof of the same C program.
  it("have the sizes that the C header gives", () => {
    expect([
      chipInfoBuffer().length,
      lineInfoBuffer(0).length,
      encodeLineRequest(KEYS_REQUEST).length,
      encodeValues(0n, 0n).length,
      EVENT_BYTES,
    ]).toEqual([68, 256, 592, 16, 48]);
  });

  it("lay out a request for keys byte by byte as the kernel reads it", () => {
    expect(groups(encodeLineRequest(KEYS_REQUEST))).toEqual([
      [0, "0400000005000000"],
      [8, "1b00000000000000"],
      [256, "66616363696e6500"],
      // Active low, input, both edges, pull-up: 0x136.
      [288, "3601000000000000"],
      [296, "0100000000000000"],
      [320, "0300000000000000"],
      [328, "1027000000000000"],
      [336, "0700000000000000"],
      [560, "0300000000040000"],
    ]);
  });

  it("lay out a request for outputs with the levels they start with", () => {
    const bytes = encodeLineRequest({
      offsets: [12, 13],
      consumer: "faccine",
      flags: LINE_FLAGS.output,
      debounceUs: 0,
      outputBits: 0b10n,
      eventBufferSize: 0,
    });
    expect(groups(bytes)).toEqual([
      [0, "0c0000000d000000"],
      [256, "66616363696e6500"],
      [288, "0800000000000000"],
      [296, "0100000000000000"],
      [320, "0200000000000000"],
      [328, "0200000000000000"],
      [336, "0300000000000000"],
      [560, "0200000000000000"],
    ]);
  });

  it("read an event as the kernel wrote it", () => {
    // 1 s, rising, GPIO27, the 258th of all and the 3rd of its line.
    const bytes = Buffer.from(
      `00ca9a3b00000000${"01000000"}${"1b000000"}${"02010000"}${"03000000"}${"00".repeat(24)}`,
      "hex",
    );
    expect(decodeEvents(bytes)).toEqual([
      { timestampNs: 1_000_000_000n, rising: true, offset: 27, seqno: 258, lineSeqno: 3 },
    ]);
  });

  it("refuse no line at all, and one line more than a request can hold", () => {
    const lines = (count: number) => ({
      ...KEYS_REQUEST,
      offsets: Array.from({ length: count }, (_, at) => at),
    });
    expect(() => encodeLineRequest(lines(0))).toThrow(RangeError);
    expect(() => encodeLineRequest(lines(LINES_MAX + 1))).toThrow("1 to 64 lines, not 65");
    expect(encodeLineRequest(lines(LINES_MAX)).readUInt32LE(560)).toBe(64);
    expect(allLines(LINES_MAX)).toBe(0xffff_ffff_ffff_ffffn);
  });

  it("cut a consumer's name where the kernel would", () => {
    const { consumer } = readLineRequest(encodeLineRequest({ ...KEYS_REQUEST, consumer: "x".repeat(40) }));
    expect(consumer).toBe("x".repeat(31));
  });
});

const u32 = fc.nat({ max: 0xffff_ffff });
const u64 = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn });
const name = fc.stringMatching(/^[ -~]{0,31}$/);

describe("whatever the values", () => {
  it("the kernel reads of a request what was written", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(u32, { minLength: 1, maxLength: LINES_MAX }),
        name,
        u64,
        u32,
        fc.option(u64),
        u32,
        (offsets, consumer, flags, debounceUs, outputBits, eventBufferSize) => {
          const bytes = encodeLineRequest({
            offsets,
            consumer,
            flags,
            debounceUs,
            outputBits,
            eventBufferSize,
          });
          const read = readLineRequest(bytes);
          expect(read).toMatchObject({ offsets, consumer, flags, eventBufferSize });
          expect(read.attributes).toEqual([
            ...(outputBits === null ? [] : [{ id: 2, value: outputBits, mask: allLines(offsets.length) }]),
            ...(debounceUs === 0
              ? []
              : [{ id: 3, value: BigInt(debounceUs), mask: allLines(offsets.length) }]),
          ]);
          answerLineRequest(bytes, 17);
          expect(requestedFd(bytes)).toBe(17);
        },
      ),
    );
  });

  it("events, values, chips and lines are read as the kernel writes them", () => {
    const event = fc.record({
      timestampNs: u64,
      rising: fc.boolean(),
      offset: u32,
      seqno: u32,
      lineSeqno: u32,
    });
    fc.assert(
      fc.property(fc.array(event), u64, u64, name, name, u32, (events, bits, mask, first, second, number) => {
        expect(decodeEvents(Buffer.concat(events.map(writeEvent)))).toEqual(events);
        expect(decodeValues(encodeValues(bits, mask))).toEqual({ bits, mask });
        const chip = chipInfoBuffer();
        writeChipInfo(chip, { name: first, label: second, lines: number });
        expect(decodeChipInfo(chip)).toEqual({ name: first, label: second, lines: number });
        const line = lineInfoBuffer(number);
        expect(readLineInfoOffset(line)).toBe(number);
        writeLineInfo(line, { name: first, consumer: second, flags: bits });
        expect(decodeLineInfo(line)).toEqual({ offset: number, name: first, consumer: second, flags: bits });
      }),
    );
  });
});
