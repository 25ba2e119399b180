import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MATRIX_KEYPAD } from "#hardware/matrix-keypad.ts";
import { REASON_KEYS, type ReasonKey } from "#schemas/code-list.ts";
import { EV_KEY, EV_SYN, type InputEvent, KEY_BITS_BYTES, SYN_DROPPED, SYN_REPORT } from "./input-event.ts";
import {
  FIRST_SCAN_MS,
  type Keypad,
  keypadChanged,
  keypadGone,
  keypadLevels,
  keypadOpened,
} from "./keypad-levels.ts";

const OPENED_MS = 1_000;
const LATER_MS = OPENED_MS + FIRST_SCAN_MS;
const { debounceMs, keys } = MATRIX_KEYPAD;

const event = (key: ReasonKey, value: number, atMs: number): InputEvent => ({
  type: EV_KEY,
  code: keys[key].code,
  value,
  atMs,
});
const DROPPED: InputEvent = { type: EV_SYN, code: SYN_DROPPED, value: 0, atMs: LATER_MS };
const REPORT: InputEvent = { type: EV_SYN, code: SYN_REPORT, value: 0, atMs: LATER_MS };

function bits(...down: readonly ReasonKey[]): Buffer {
  const all = Buffer.alloc(KEY_BITS_BYTES);
  for (const key of down)
    all[keys[key].code >> 3] = (all[keys[key].code >> 3] ?? 0) | (1 << (keys[key].code & 7));
  return all;
}

/** A keypad that is open and quiet. */
const QUIET = keypadLevels(keypadOpened(OPENED_MS), bits(), OPENED_MS).keypad;

describe("a keypad's keys", () => {
  it("are pressed when the finger came, which is before the driver had waited for the bounce to end", () => {
    const { edges } = keypadChanged(QUIET, [
      event("staff", 1, LATER_MS + 50),
      REPORT,
      event("staff", 0, LATER_MS + 150),
      REPORT,
    ]);
    expect(edges).toEqual([
      { key: "staff", active: true, atMs: LATER_MS + 50 - debounceMs, initial: false },
      { key: "staff", active: false, atMs: LATER_MS + 150 - debounceMs, initial: false },
    ]);
  });

  it("are the four reasons, each by its own code, and no other key is any of them", () => {
    const pressed = REASON_KEYS.map((key, index) => event(key, 1, LATER_MS + index));
    const others = [30, 0x2bf, 0x2c4, 0xffff].map((code) => ({ ...event("wait", 1, LATER_MS), code }));
    expect(keypadChanged(QUIET, [...others, ...pressed]).edges.map((edge) => edge.key)).toEqual([
      ...REASON_KEYS,
    ]);
  });

  it("that repeat themselves are pressed once", () => {
    const held = [1, 2, 2, 2].map((value, index) => event("wait", value, LATER_MS + index * 33));
    expect(keypadChanged(QUIET, held).edges).toHaveLength(1);
  });

  it("held down while the totem starts are told as such, whether asked for or found by the driver's first scan", () => {
    const asked = keypadLevels(keypadOpened(OPENED_MS), bits("return"), OPENED_MS);
    expect(asked.edges).toEqual([{ key: "return", active: true, atMs: OPENED_MS, initial: true }]);
    const scanned = keypadChanged(QUIET, [event("wait", 1, LATER_MS - 1)]);
    expect(scanned.edges).toMatchObject([{ key: "wait", active: true, initial: true }]);
    expect(keypadChanged(QUIET, [event("wait", 1, LATER_MS)]).edges).toMatchObject([{ initial: false }]);
  });

  it("are let go when the keypad is gone", () => {
    const { keypad } = keypadChanged(QUIET, [event("wait", 1, LATER_MS), event("outcome", 1, LATER_MS)]);
    expect(keypadGone(keypad, LATER_MS + 5)).toEqual(
      ["wait", "outcome"].map((key) => ({ key, active: false, atMs: LATER_MS + 5, initial: false })),
    );
    expect(keypadGone(QUIET, LATER_MS)).toEqual([]);
  });
});

describe("dropped events", () => {
  it("are noticed, and what is torn is not believed", () => {
    const step = keypadChanged(QUIET, [
      DROPPED,
      event("wait", 1, LATER_MS),
      REPORT,
      event("staff", 1, LATER_MS),
    ]);
    expect(step.dropped).toBe(true);
    expect(step.edges.map((edge) => edge.key)).toEqual(["staff"]);
  });

  it("are made up for by asking for the levels: a press that still lasts counts, one that is over does not", () => {
    const { keypad } = keypadChanged(QUIET, [event("wait", 1, LATER_MS), DROPPED]);
    const { edges } = keypadLevels(keypad, bits("outcome"), LATER_MS + 20);
    expect(edges).toEqual([
      { key: "wait", active: false, atMs: LATER_MS + 20, initial: false },
      { key: "outcome", active: true, atMs: LATER_MS + 20, initial: false },
    ]);
  });

  it("on their way while the levels were asked for change nothing any more", () => {
    const { keypad } = keypadLevels(QUIET, bits(), LATER_MS + 20);
    expect(keypadChanged(keypad, [event("wait", 1, LATER_MS + 19.999)]).edges).toEqual([]);
    expect(keypadChanged(keypad, [event("wait", 1, LATER_MS + 20)]).edges).toHaveLength(1);
  });
});

describe("whatever the device says", () => {
  const some = fc.record({
    kind: fc.constantFrom("key", "key", "key", "report", "dropped", "levels"),
    key: fc.constantFrom(...REASON_KEYS),
    value: fc.nat(2),
    waitMs: fc.nat(40),
  });

  it("each key's edges alternate, begin with a press, and never go back in time", () => {
    fc.assert(
      fc.property(fc.array(some, { maxLength: 60 }), (script) => {
        let keypad: Keypad = keypadOpened(OPENED_MS);
        let atMs = OPENED_MS;
        const down = new Set<ReasonKey>();
        let newestMs = Number.NEGATIVE_INFINITY;
        for (const { kind, key, value, waitMs } of script) {
          atMs += waitMs;
          const told =
            kind === "levels"
              ? keypadLevels(keypad, value === 0 ? bits() : bits(key), atMs)
              : keypadChanged(keypad, [
                  kind === "key" ? event(key, value, atMs) : kind === "report" ? REPORT : DROPPED,
                ]);
          keypad = told.keypad;
          for (const edge of told.edges) {
            expect(down.has(edge.key)).toBe(!edge.active);
            if (edge.active) down.add(edge.key);
            else down.delete(edge.key);
            expect(edge.atMs).toBeGreaterThanOrEqual(newestMs);
            newestMs = edge.atMs;
          }
        }
        expect(keypad.down).toEqual(down);
      }),
    );
  });
});
