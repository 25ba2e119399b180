import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Canonical, canonicalTextIfAny } from "#schemas/canonical.ts";
import { voteEntry } from "./journal.fixture.ts";
import { receivedText } from "./received-text.ts";

const parsed = (text: string): unknown => JSON.parse(text);

describe("the canonical text of received JSON", () => {
  it("is the contract's canonical text for any JSON whatever", () => {
    const json = fc.oneof(
      fc.json({ maxDepth: 10, stringUnit: "binary" }),
      fc.json({ noUnicodeString: false } as never),
      fc
        .dictionary(
          fc.constantFrom("1", "10", "9", "a", "B", "é", "\ud800", "__proto__", "toJSON"),
          fc.integer(),
        )
        .map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(json, (text) => {
        expect(receivedText(parsed(text))).toBe(canonicalTextIfAny(parsed(text) as Canonical));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ["keys in order", '{"a":1,"b":[true,null,"x"]}', '{"a":1,"b":[true,null,"x"]}'],
    ["keys out of order", '{"b":2,"a":1}', '{"a":1,"b":2}'],
    ["numbers as keys, which JavaScript sorts its own way", '{"10":1,"9":2}', '{"10":1,"9":2}'],
    ["minus zero", "[-0]", "[0]"],
    ["escapes that need not be", '["\\u0061\\/"]', '["a/"]'],
    ["a key named like a method", '{"toJSON":1}', '{"toJSON":1}'],
    ["a fraction", "[1.5]", null],
    ["a number JSON cannot hold exactly", "[9007199254740993]", null],
    ["an infinite number", "[1e999]", null],
    ["a lone surrogate", '["\\ud800"]', null],
    ["a lone surrogate as a key", '{"\\ud800":1}', null],
    ["too deep a nesting", `${"[".repeat(20)}${"]".repeat(20)}`, null],
  ])("%s", (_, text, expected) => {
    expect(receivedText(parsed(text))).toBe(expected);
  });

  it("leaves a totem's entry as it came", () => {
    const text = canonicalTextIfAny(voteEntry({ face: "red", reason: "wait" })) as string;
    expect(receivedText(parsed(text))).toBe(text);
  });
});
