import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesOf, TextBytes } from "./text-bytes.ts";

const texts = fc.array(fc.string({ unit: "grapheme" }));

describe("a text put together as bytes", () => {
  it("is the same text, whatever its parts and wherever it is taken", () => {
    fc.assert(
      fc.property(fc.array(texts), (pieces) => {
        const text = new TextBytes(8);
        const taken = pieces.map((parts) => {
          for (const part of parts) text.put(bytesOf(part));
          return text.take();
        });
        expect(taken.map((bytes) => new TextDecoder().decode(bytes))).toEqual(
          pieces.map((parts) => parts.join("")),
        );
      }),
    );
  });

  it("has room for more than it was made for", () => {
    const text = new TextBytes(1);
    const long = "è".repeat(100_000);
    text.put(bytesOf("a"));
    text.put(bytesOf(long));
    expect(text.length).toBe(200_001);
    expect(new TextDecoder().decode(text.take())).toBe(`a${long}`);
    expect(text.length).toBe(0);
  });
});
