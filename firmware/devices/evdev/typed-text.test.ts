import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EV_KEY, EV_SYN, type InputEvent, SYN_DROPPED, SYN_REPORT } from "./input-event.ts";
import { keystrokes, type Stroke, TICKET_CHARACTERS, typedEvents } from "./keystrokes.fixture.ts";
import { NOTHING_TYPED, type Typing, typedBytes } from "./typed-text.ts";
import { TICKET_CODES, US_LAYOUT } from "./us-layout.ts";

const ENTER = 28;
const KEYPAD_ENTER = 96;
const LEFT_SHIFT = 42;
const RIGHT_SHIFT = 54;
const CAPS_LOCK = 58;
const NUM_LOCK = 69;
const LEFT_CTRL = 29;
const RIGHT_ALT = 100;
const KEY_A = 30;
const KEY_1 = 2;

/** The text that some events type, read in pieces that end where `cuts` say. */
function typed(events: readonly InputEvent[], cuts: readonly number[] = []): string {
  let typing: Typing = NOTHING_TYPED;
  let text = "";
  const ends = [...cuts.map((cut) => cut % (events.length + 1)), 0, events.length].sort((a, b) => a - b);
  for (const [index, end] of ends.entries()) {
    const step = typedBytes(typing, events.slice(ends[index - 1] ?? 0, end));
    typing = step.typing;
    text += Buffer.from(step.bytes).toString("latin1");
  }
  return text;
}

const tap = (code: number): readonly Stroke[] => [
  [code, 1],
  [code, 0],
];
const strokes = (...some: readonly (readonly Stroke[])[]) => typed(typedEvents(some.flat()));
const DROPPED: InputEvent = { type: EV_SYN, code: SYN_DROPPED, value: 0, atMs: 0 };
const REPORT: InputEvent = { type: EV_SYN, code: SYN_REPORT, value: 0, atMs: 0 };

describe("what a keyboard types", () => {
  it("is read as it was written, for every character a ticket may hold", () => {
    expect(typed(typedEvents(keystrokes(TICKET_CHARACTERS)))).toBe(`${TICKET_CHARACTERS}\r`);
  });

  it("is the whole US layout: 47 keys of the main block with two characters each, the space bar and the keypad", () => {
    const main = [...US_LAYOUT].filter(([code]) => code < 55);
    expect(
      main
        .flatMap(([, { plain, shifted }]) => [plain, shifted])
        .toSorted()
        .join(""),
    ).toBe(Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index)).join(""));
    expect(strokes(tap(57))).toBe(" ");
    expect(strokes(...[71, 72, 73, 75, 76, 77, 79, 80, 81, 82].map(tap))).toBe("7894561230");
    expect(strokes(...[55, 74, 78, 83, 98].map(tap))).toBe("*-+./");
  });

  it("ends with Enter or keypad Enter", () => {
    expect(strokes(tap(KEY_A), tap(ENTER), tap(KEY_A), tap(KEYPAD_ENTER))).toBe("a\ra\r");
  });

  it("asks of a scanner only keys that every ticket needs", () => {
    expect(TICKET_CODES).toHaveLength(1 + 10 + 26);
  });

  it("is the same in whatever pieces it is read", () => {
    const text = fc.string({ unit: fc.constantFrom(...TICKET_CHARACTERS, "-", "*", "?"), maxLength: 40 });
    fc.assert(
      fc.property(text, fc.array(fc.nat(), { maxLength: 10 }), (written, cuts) => {
        expect(typed(typedEvents(keystrokes(written)), cuts)).toBe(`${written}\r`);
      }),
    );
  });
});

describe("shift and caps lock", () => {
  it("count with either shift key, until both are let go", () => {
    const text = strokes(
      [[RIGHT_SHIFT, 1]],
      tap(KEY_A),
      [[LEFT_SHIFT, 1]],
      [[RIGHT_SHIFT, 0]],
      tap(KEY_1),
      [[LEFT_SHIFT, 0]],
      tap(KEY_A),
    );
    expect(text).toBe("A!a");
  });

  it("turn letters only when it is caps lock, and letters back with shift", () => {
    const shifted = [[LEFT_SHIFT, 1] as const, ...tap(KEY_A), [LEFT_SHIFT, 0] as const];
    expect(strokes(tap(CAPS_LOCK), tap(KEY_A), tap(KEY_1), shifted, tap(CAPS_LOCK), tap(KEY_A))).toBe("A1aa");
  });

  it("leave digits of the keypad alone, as does num lock", () => {
    expect(strokes(tap(NUM_LOCK), [[LEFT_SHIFT, 1]], tap(79), [[LEFT_SHIFT, 0]], tap(NUM_LOCK))).toBe("1");
  });
});

describe("what cannot be read for certain", () => {
  it("spoils the code instead of being left out: an unknown key, a key with Control or Alt", () => {
    expect(strokes(tap(KEY_1), tap(87), tap(KEY_1))).toBe("1?1");
    expect(strokes([[LEFT_CTRL, 1]], tap(KEY_A), [[LEFT_CTRL, 0]], tap(KEY_A))).toBe("?a");
    expect(strokes([[RIGHT_ALT, 1]], tap(79), tap(ENTER), [[RIGHT_ALT, 0]])).toBe("??");
  });

  it("is no second press: a key that repeats itself, scan codes and lamps", () => {
    expect(strokes([[KEY_A, 1]], [[KEY_A, 2]], [[KEY_A, 2]], [[KEY_A, 0]])).toBe("a");
    expect(typed([{ type: 0x11, code: 1, value: 1, atMs: 0 }])).toBe("");
  });

  it("spoils the code when the kernel dropped events, and what is torn is not read", () => {
    const before = typedEvents(keystrokes("AB", { enter: false }));
    const torn: InputEvent = { type: EV_KEY, code: KEY_1, value: 1, atMs: 0 };
    const after = typedEvents(keystrokes("CD"));
    expect(typed([...before, DROPPED, torn, REPORT, ...after])).toBe("AB?CD\r");
  });

  it("forgets a shift that was held when the kernel dropped its release", () => {
    const events = [...typedEvents([[LEFT_SHIFT, 1]]), DROPPED, REPORT, ...typedEvents(keystrokes("1"))];
    expect(typed(events)).toBe("?1\r");
  });

  it("never grows memory, whatever a device says", () => {
    const event = fc.record({
      type: fc.constantFrom(0, 1, 4, 0x11),
      code: fc.nat(0x2ff),
      value: fc.integer({ min: -1, max: 3 }),
      atMs: fc.constant(0),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 200 }), (events) => {
        const { typing, bytes } = typedBytes(NOTHING_TYPED, events);
        expect(typing.held.size).toBeLessThanOrEqual(8);
        expect(bytes.length).toBeLessThanOrEqual(events.length);
        for (const byte of bytes) expect(byte === 13 || byte === 9 || (byte >= 32 && byte < 127)).toBe(true);
      }),
    );
  });
});
