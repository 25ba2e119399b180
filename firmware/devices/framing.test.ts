import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Framed, type Framing, framed, HELD_MAX, NOTHING_HELD, paused } from "./framing.ts";

/** What comes of these bytes, given in these pieces. */
function cut(pieces: readonly Uint8Array[], frame = framed) {
  let framing: Framing = NOTHING_HELD;
  const codes: Framed[] = [];
  let heldMax = 0;
  for (const piece of pieces) {
    const step = frame(framing, piece);
    framing = step.framing;
    codes.push(...step.codes);
    heldMax = Math.max(heldMax, framing.held.length);
  }
  return { codes, framing, heldMax };
}

const bytes = (text: string) => Buffer.from(text, "latin1");

describe("codes", () => {
  it("end with CR, LF or both, and empty ones are none", () => {
    const { codes } = cut([bytes("ABC\rDEF\nGHI\r\n\r\n\nJKL\n\r")]);
    expect(codes).toEqual([{ text: "ABC" }, { text: "DEF" }, { text: "GHI" }, { text: "JKL" }]);
  });

  it("without an end are codes after a pause, once", () => {
    const { framing } = cut([bytes("AB"), bytes("C")]);
    const after = paused(framing);
    expect(after.codes).toEqual([{ text: "ABC" }]);
    expect(paused(after.framing).codes).toEqual([]);
  });

  it("of the longest length are whole; one byte more is counted and not kept", () => {
    const longest = "A".repeat(HELD_MAX);
    expect(cut([bytes(`${longest}\r`)]).codes).toEqual([{ text: longest }]);
    expect(cut([bytes(`${longest}A\r`)]).codes).toEqual([{ overlong: HELD_MAX + 1 }]);
    expect(paused(cut([bytes(`${longest}A`)]).framing).codes).toEqual([{ overlong: HELD_MAX + 1 }]);
  });

  it("leave out STX, ETX, NUL and other control bytes, which alone are no code and hold nothing", () => {
    const { codes, framing } = cut([
      bytes("\x02ABC\x03\r\x00\x00\r\x02D\x1dE\x7fF\x03\r"),
      new Uint8Array(100_000),
    ]);
    expect(codes).toEqual([{ text: "ABC" }, { text: "DEF" }]);
    expect(framing).toEqual(NOTHING_HELD);
  });

  it("after an overlong one are read again", () => {
    expect(cut([bytes(`${"x".repeat(10_000)}\rABC\r`)]).codes).toEqual([
      { overlong: 10_000 },
      { text: "ABC" },
    ]);
  });

  it("glued together are one code, and too long when they are tickets", () => {
    const ticket = "A".repeat(133);
    expect(cut([bytes(`${ticket}${ticket}\r`)]).codes).toEqual([{ overlong: 266 }]);
  });

  it("of bytes without end hold no more than one ticket's length", () => {
    const pieces = Array.from({ length: 1_000 }, () => bytes("x".repeat(1_024)));
    const { heldMax, framing } = cut(pieces);
    expect(heldMax).toBe(HELD_MAX);
    expect(framing.length).toBe(1_024_000);
  });
});

/** Bytes with many ends, and the places where they are chopped. */
const stream = fc.tuple(
  fc.uint8Array({ maxLength: 600, size: "max" }).chain((raw) =>
    fc.array(fc.nat({ max: 600 }), { maxLength: 20 }).map((ends) => {
      for (const end of ends) if (end < raw.length) raw[end] = end % 2 === 0 ? 13 : 10;
      return raw;
    }),
  ),
  fc.array(fc.nat({ max: 600 }), { maxLength: 30 }),
);

function sameHoweverChopped(frame: typeof framed) {
  return fc.property(stream, ([whole, places]) => {
    const cuts = [0, ...places.filter((place) => place < whole.length), whole.length].sort((a, b) => a - b);
    const pieces = cuts.slice(1).map((end, index) => whole.subarray(cuts[index], end));
    const chopped = cut(pieces, frame);
    const atOnce = cut([whole], frame);
    expect(chopped.codes).toEqual(atOnce.codes);
    expect(paused(chopped.framing)).toEqual(paused(atOnce.framing));
  });
}

describe("any chopping of a stream", () => {
  it("gives the same codes", () => {
    fc.assert(sameHoweverChopped(framed), { numRuns: 1_000 });
  });

  it("would not, if a piece were taken for a code", () => {
    const hasty: typeof framed = (framing, piece) => {
      const step = framed(framing, piece);
      const rest = paused(step.framing);
      return { framing: rest.framing, codes: [...step.codes, ...rest.codes] };
    };
    expect(fc.check(sameHoweverChopped(hasty), { numRuns: 1_000, seed: 1 }).failed).toBe(true);
  });
});
