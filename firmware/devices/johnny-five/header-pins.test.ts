import { describe, expect, it } from "vitest";
import { HEADER_LINES, headerLine, headerPlace } from "./header-pins.ts";

describe("the header's lines", () => {
  it("go by number, by Broadcom name and by place", () => {
    expect([17, "17", "GPIO17", "gpio17", "P1-11", "p1-11"].map(headerLine)).toEqual(Array(6).fill(17));
  });

  it("have each one place, which leads back to them; the other twelve places are power and ground", () => {
    const places = Array.from({ length: HEADER_LINES }, (_, line) => headerPlace(line));
    expect(new Set(places).size).toBe(HEADER_LINES);
    for (const [line, place] of places.entries()) expect(headerLine(`P1-${place}`)).toBe(line);
    for (let place = 1; place <= 40; place += 1) {
      if (!places.includes(place)) expect(() => headerLine(`P1-${place}`)).toThrow("not power, not ground");
    }
  });

  it("stand where every pinout shows them", () => {
    expect([2, 3, 4, 14, 17, 27, 22, 10, 9, 11, 0, 26, 21].map(headerPlace)).toEqual([
      3, 5, 7, 8, 11, 13, 15, 19, 21, 23, 27, 37, 40,
    ]);
  });
});
