import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TICKET_CODE_MAX } from "#schemas/limits.ts";
import { PAUSE_MS } from "../framing.ts";
import {
  type CodeEvent,
  type Codes,
  codesCutOff,
  codesFrom,
  codesWaited,
  LATE_MS,
  NO_CODES,
  nextCodeDeadlineMs,
  PUT_OFF_MAX,
} from "./code-pipeline.ts";
import { SAME_CODE_MS } from "./duplicates.ts";

const SECRET = new Uint8Array(32).fill(7);
const bytes = (text: string) => Buffer.from(text, "latin1");

/** What comes of these pieces, all at one moment, with the pause after them. */
function told(pieces: readonly Uint8Array[]): CodeEvent[] {
  let codes = NO_CODES;
  const events: CodeEvent[] = [];
  for (const piece of pieces) {
    const step = codesFrom(codes, piece, 0, SECRET);
    codes = step.codes;
    events.push(...step.events);
  }
  return [...events, ...codesWaited(codes, PAUSE_MS, SECRET).events];
}

const texts = (text: string) => told([bytes(text)]).map((e) => (e.type === "scanned" ? e.text : e.length));

describe("a code", () => {
  it("loses its AIM identifier, one only", () => {
    expect(texts("]C0AAA\r]C1BBB\r]Q1CCC\r]Q3DDD\r]d2EEE\r]E0]Q1F\r")).toEqual([
      "AAA",
      "BBB",
      "CCC",
      "DDD",
      "EEE",
      "]Q1F",
    ]);
  });

  it("keeps a bracket that begins no identifier", () => {
    expect(texts("]\r]]A\rA]C0\r]1Q\r")).toEqual(["]", "]]A", "A]C0", "]1Q"]);
  });

  it("that is empty once stripped is none", () => {
    expect(texts("\r\n]Q1\r   \r\x02\x03\r]Q1  \r")).toEqual([]);
  });

  it("of the longest length passes with and without what stands around it; one more is counted only", () => {
    const longest = "A".repeat(TICKET_CODE_MAX);
    expect(texts(`${longest}\r`)).toEqual([longest]);
    expect(texts(`\x02]Q1${longest}\x03\r`)).toEqual([longest]);
    expect(texts(`${longest}B\r`)).toEqual([TICKET_CODE_MAX + 1]);
    expect(texts(`]Q1${longest}B\r`)).toEqual([TICKET_CODE_MAX + 4]);
  });

  it("read again and again is told once, an overlong one as well", () => {
    expect(texts("A\rA\rB\rA\r")).toEqual(["A", "B"]);
    expect(texts(`${"A".repeat(500)}\r`.repeat(5))).toEqual([500]);
    expect(texts("]C0A\r]Q1A\r")).toEqual(["A"]);
  });
});

describe("a pause", () => {
  const half = codesFrom(NO_CODES, bytes("ABC"), 0, SECRET).codes;

  it("ends a code on time and not before", () => {
    expect(nextCodeDeadlineMs(half)).toBe(PAUSE_MS);
    expect(codesWaited(half, PAUSE_MS - 1, SECRET)).toEqual({ codes: half, events: [] });
    expect(codesWaited(half, PAUSE_MS, SECRET).events).toEqual([{ type: "scanned", text: "ABC" }]);
  });

  it("that was looked at late is waited for again, because nobody was reading either", () => {
    const late = codesWaited(half, 500, SECRET);
    expect(late.events).toEqual([]);
    expect(codesFrom(late.codes, bytes("DEF\r"), 501, SECRET).events).toEqual([
      { type: "scanned", text: "ABCDEF" },
    ]);
  });

  it("that is always looked at late ends all the same", () => {
    let codes: Codes = half;
    let looks = 0;
    for (let atMs = 0; codes.pauseEndsMs !== null; looks += 1) {
      atMs = codes.pauseEndsMs + LATE_MS;
      codes = codesWaited(codes, atMs, SECRET).codes;
    }
    expect(looks).toBe(PUT_OFF_MAX + 1);
  });

  it("is not waited for when control bytes are all there is", () => {
    expect(nextCodeDeadlineMs(codesFrom(NO_CODES, new Uint8Array(100), 0, SECRET).codes)).toBe(null);
  });
});

describe("what stays", () => {
  it("of a code that was told is its digest, for the window", () => {
    const { codes } = codesFrom(NO_CODES, bytes("RSSMRA85T10A562S\r"), 0, SECRET);
    expect(JSON.stringify(codes)).not.toContain("RSSMRA85T10A562S");
    expect(nextCodeDeadlineMs(codes)).toBe(SAME_CODE_MS);
    expect(codesWaited(codes, SAME_CODE_MS, SECRET).codes).toEqual(NO_CODES);
  });

  it("of a code cut off by the plug is nothing", () => {
    const cut = codesCutOff(codesFrom(NO_CODES, bytes("RSSMRA8"), 0, SECRET).codes);
    expect(cut).toEqual(NO_CODES);
    expect(codesFrom(cut, bytes("5T10A562S\r"), 0, SECRET).events).toEqual([
      { type: "scanned", text: "5T10A562S" },
    ]);
  });

  it("of bytes without end is no more than one code's length", () => {
    let codes = NO_CODES;
    for (let index = 0; index < 1_000; index += 1) {
      codes = codesFrom(codes, bytes("x".repeat(1_000)), index, SECRET).codes;
      expect(JSON.stringify(codes).length).toBeLessThan(500);
    }
  });
});

/** Codes as scanners send them, with all that may stand around and between them, and places to chop. */
const stream = fc.tuple(
  fc
    .array(
      fc.oneof(
        fc.constantFrom("\r", "\n", "\r\n", "\x02", "\x03", "]", "]C0", "]Q1", "\x00", "\x1d"),
        fc.string({ maxLength: 200, size: "max" }),
        fc.uint8Array({ maxLength: 40 }).map((raw) => Buffer.from(raw).toString("latin1")),
      ),
      { maxLength: 30 },
    )
    .map((parts) => bytes(parts.join(""))),
  fc.array(fc.nat({ max: 2_000 }), { maxLength: 40 }),
);

function sameHoweverChopped(tell: typeof told) {
  return fc.property(stream, ([whole, places]) => {
    const cuts = [0, ...places.filter((place) => place < whole.length), whole.length].sort((a, b) => a - b);
    expect(tell(cuts.slice(1).map((end, index) => whole.subarray(cuts[index], end)))).toEqual(tell([whole]));
  });
}

describe("any chopping of any bytes", () => {
  it("tells the same codes", () => {
    fc.assert(sameHoweverChopped(told), { numRuns: 500 });
  });

  it("would not, if each piece were taken for itself", () => {
    const hasty = (pieces: readonly Uint8Array[]) => pieces.flatMap((piece) => told([piece]));
    expect(fc.check(sameHoweverChopped(hasty), { numRuns: 500, seed: 1 }).failed).toBe(true);
  });

  it("tells no text that is empty, too long, or holds a control byte", () => {
    fc.assert(
      fc.property(stream, ([whole]) => {
        for (const event of told([whole])) {
          if (event.type === "overlong") continue;
          expect(event.text.trim()).not.toBe("");
          expect(event.text.length).toBeLessThanOrEqual(TICKET_CODE_MAX);
          expect([...event.text].every((character) => character >= " " && character !== "\x7f")).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});
