import { describe, expect, it } from "vitest";
import { HOUR_MS } from "#schemas/time.ts";
import { MARKS_HELD_MAX, MARKS_PER_HOUR_MAX, SpentElsewhere } from "./spent-elsewhere.ts";

const KEEP_MS = 70 * 60_000;
const mark = (number: number) => number.toString(16).padStart(32, "0");
const at = (nowMs: number) => ({ nowMs, keepMs: KEEP_MS });

describe("marks that other totems told", () => {
  it("are known for as long as a ticket is good, and not a moment longer", () => {
    const spent = new SpentElsewhere();
    expect(spent.take("totem-2", [mark(1), mark(2)], at(0))).toBe(2);
    expect(spent.has(mark(1), KEEP_MS - 1)).toBe(true);
    expect(spent.has(mark(3), 0)).toBe(false);
    expect(spent.has(mark(1), KEEP_MS)).toBe(false);
  });

  it("are taken up to a limit of each sender, which begins anew after an hour", () => {
    const spent = new SpentElsewhere();
    const many = Array.from({ length: MARKS_PER_HOUR_MAX + 1 }, (_, n) => mark(n));
    expect(spent.take("totem-2", many, at(0))).toBe(MARKS_PER_HOUR_MAX);
    expect(spent.take("totem-2", [mark(9_000)], at(HOUR_MS - 1))).toBe(0);
    expect(spent.take("totem-3", [mark(9_001)], at(0))).toBe(1);
    expect(spent.take("totem-2", [mark(9_002)], at(HOUR_MS))).toBe(1);
    expect(spent.has(mark(MARKS_PER_HOUR_MAX), 1)).toBe(false);
  });

  it("do not fill the memory, whoever sends them: the oldest go", () => {
    const spent = new SpentElsewhere();
    for (let sender = 0; sender * 500 <= MARKS_HELD_MAX; sender++) {
      const marks = Array.from({ length: 500 }, (_, n) => mark(sender * 500 + n));
      spent.take(`totem-${sender}`, marks, at(0));
    }
    expect(spent.has(mark(0), 0)).toBe(false);
    expect(spent.has(mark(MARKS_HELD_MAX), 0)).toBe(true);
  });
});
