import { describe, expect, it } from "vitest";
import { forgetAtMs, NO_READINGS, REMEMBERED_MAX, type Readings, read, SAME_CODE_MS } from "./duplicates.ts";

const SECRET = new Uint8Array(32).fill(7);

/** Which of these readings are new, in the order they come. */
function news(readingsAt: readonly (readonly [text: string, atMs: number])[]): boolean[] {
  let readings: Readings = NO_READINGS;
  return readingsAt.map(([text, atMs]) => {
    const step = read(readings, text, atMs, SECRET);
    readings = step.readings;
    return !step.again;
  });
}

describe("the same code", () => {
  it("left under the scanner for an hour is one scan", () => {
    const anHour = Array.from({ length: 7_200 }, (_, index) => ["A", index * 500] as const);
    expect(news(anHour).filter((isNew) => isNew)).toHaveLength(1);
  });

  it("is new again a window after its last reading, and not a window after its first", () => {
    expect(
      news([
        ["A", 0],
        ["A", SAME_CODE_MS - 1],
        ["A", SAME_CODE_MS + 1],
        ["A", 2 * SAME_CODE_MS + 1],
      ]),
    ).toEqual([true, false, false, true]);
  });

  it("lying beside another one is told once, as that one is", () => {
    const both = Array.from(
      { length: 20 },
      (_, index) => [index % 2 === 0 ? "A" : "B", index * 100] as const,
    );
    expect(news(both).filter((isNew) => isNew)).toHaveLength(2);
  });
});

describe("what is remembered", () => {
  it("is never more than a few codes, however many are read", () => {
    let readings: Readings = NO_READINGS;
    for (let index = 0; index < 1_000; index += 1) readings = read(readings, `${index}`, 0, SECRET).readings;
    expect(readings).toHaveLength(REMEMBERED_MAX);
  });

  it("is no text, and another thing at each start", () => {
    const { readings } = read(NO_READINGS, "RSSMRA85T10A562S", 0, SECRET);
    expect(JSON.stringify(readings)).not.toContain("RSSMRA85T10A562S");
    const nextStart = read(NO_READINGS, "RSSMRA85T10A562S", 0, new Uint8Array(32).fill(8)).readings;
    expect(nextStart[0]?.digest).not.toBe(readings[0]?.digest);
    expect(readings[0]?.digest).toMatch(/^[0-9a-f]{32}$/);
  });

  it("says when it is to be forgotten", () => {
    expect(forgetAtMs(NO_READINGS)).toBe(null);
    expect(forgetAtMs(read(NO_READINGS, "A", 5, SECRET).readings)).toBe(5 + SAME_CODE_MS);
  });
});
