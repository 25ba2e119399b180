import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CLOCK_REQUEST,
  EV_KEY,
  GRAB_REQUEST,
  hasKey,
  INPUT_EVENT_BYTES,
  inputEventBytes,
  inputEvents,
  KEY_BITS_BYTES,
  keysDownRequest,
  keysKnownRequest,
  MASK_REQUEST,
  nameRequest,
} from "./input-event.ts";

const EVENT = fc.record({
  type: fc.nat(0xffff),
  code: fc.nat(0xffff),
  value: fc.integer({ min: -0x80000000, max: 0x7fffffff }),
  // To the microsecond, up to ten years of uptime.
  atMs: fc.nat(315_360_000_000_000).map((micros) => micros / 1_000),
});

describe("input events", () => {
  it("are read as the kernel writes them", () => {
    // Read from a kernel: seconds, microseconds, EV_KEY, KEY_A, pressed.
    const bytes = Buffer.from("39300000000000000100000000000000" + "01001e0001000000", "hex");
    expect(inputEvents(bytes)).toEqual([{ type: EV_KEY, code: 30, value: 1, atMs: 12_345_000.001 }]);
  });

  it("come back from their bytes as they were", () => {
    fc.assert(
      fc.property(fc.array(EVENT, { maxLength: 20 }), (events) => {
        const bytes = Buffer.concat(events.map(inputEventBytes));
        expect(bytes.length).toBe(events.length * INPUT_EVENT_BYTES);
        const read = inputEvents(bytes);
        expect(read.map(({ atMs: _, ...rest }) => rest)).toEqual(events.map(({ atMs: _, ...rest }) => rest));
        for (const [index, event] of read.entries()) {
          expect(event.atMs).toBeCloseTo(events[index]?.atMs ?? Number.NaN, 3);
        }
      }),
    );
  });

  it("cut short are refused, not read as something else", () => {
    expect(() => inputEvents(Buffer.alloc(INPUT_EVENT_BYTES + 7))).toThrow(RangeError);
  });
});

describe("requests", () => {
  it("have the numbers that a C compiler makes of input.h", () => {
    expect(GRAB_REQUEST).toBe(0x40044590);
    expect(CLOCK_REQUEST).toBe(0x400445a0);
    expect(MASK_REQUEST).toBe(0x40104593);
    expect(keysDownRequest(KEY_BITS_BYTES)).toBe(0x80604518);
    expect(keysKnownRequest(KEY_BITS_BYTES)).toBe(0x80604521);
    expect(nameRequest(256)).toBe(0x81004506);
  });

  it("are answered with one bit a key, the lowest first", () => {
    const bits = Buffer.alloc(KEY_BITS_BYTES);
    bits[0x2c0 >> 3] = 0b0000_0101;
    expect([0x2bf, 0x2c0, 0x2c1, 0x2c2, 0x2c3].filter((code) => hasKey(bits, code))).toEqual([0x2c0, 0x2c2]);
    expect(hasKey(bits, 0xffff)).toBe(false);
  });
});
