import canonicalize from "canonicalize";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Canonical, canonicalBytes, canonicalText, canonicalTextIfAny } from "./canonical.ts";
import { goldenVectors } from "./golden.fixture.ts";

/** Values with a canonical form: whole numbers, well-formed texts, at most a few levels deep. */
const canonicalValue = fc.letrec<{ value: Canonical }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.string({ unit: "binary" }),
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(fc.string({ unit: "binary", maxLength: 6 }), tie("value"), { maxKeys: 5 }),
  ),
})).value;

describe("the canonical form", () => {
  it.each(goldenVectors<{ name: string; value: Canonical; text: string }[]>("canonical"))(
    "is the one another language writes: $name",
    ({ value, text }) => {
      expect(canonicalBytes(value).equals(Buffer.from(text, "utf8"))).toBe(true);
    },
  );

  it("is the one an independent implementation of RFC 8785 writes, for any value", () => {
    fc.assert(
      fc.property(canonicalValue, (value) => {
        expect(canonicalText(value)).toBe(canonicalize(value));
      }),
      { numRuns: 500 },
    );
  });

  it("says the same value again when it is read, and the same text for it", () => {
    fc.assert(
      fc.property(canonicalValue, (value) => {
        const text = canonicalText(value);
        const read = JSON.parse(text) as Canonical;
        expect(canonicalText(read)).toBe(text);
        expect(read).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 300 },
    );
  });

  it("does not depend on the order in which fields were set", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ maxLength: 5 }), fc.integer(), { maxKeys: 8 }), (record) => {
        const turned = Object.fromEntries(Object.entries(record).reverse());
        expect(canonicalText(turned)).toBe(canonicalText(record));
      }),
    );
  });

  it("writes minus zero as zero and leaves out fields that are not set, as JSON does", () => {
    expect(canonicalText({ a: -0, b: undefined, c: 1 })).toBe('{"a":0,"c":1}');
  });

  it("keeps a field called __proto__ that came in JSON", () => {
    expect(canonicalText(JSON.parse('{"a":1,"__proto__":{"b":2}}') as Canonical)).toBe(
      '{"__proto__":{"b":2},"a":1}',
    );
  });

  it.each([
    ["a fraction", 1.5],
    ["a number too large to be exact", 2 ** 53],
    ["not a number", Number.NaN],
    ["infinity", Number.POSITIVE_INFINITY],
    ["a lone surrogate", "\ud800"],
    ["a lone surrogate as a field's name", { "\udfff": 1 }],
    ["a date", { at: Symbol("no") as unknown as Canonical }],
    ["a big integer", 1n as unknown as Canonical],
    ["a hole in a list", [undefined as unknown as Canonical]],
  ])("does not exist for %s", (_, value) => {
    expect(() => canonicalText(value as Canonical)).toThrow(RangeError);
    expect(canonicalTextIfAny(value as Canonical)).toBeNull();
  });

  it("does not exist for what is nested seventeen deep, and does for sixteen", () => {
    const nested = (depth: number): Canonical => (depth === 0 ? 1 : [nested(depth - 1)]);
    expect(canonicalText(nested(16))).toBe(`${"[".repeat(16)}1${"]".repeat(16)}`);
    expect(() => canonicalText(nested(17))).toThrow(RangeError);
  });

  it("never lets JSON from outside stop the program, however deep or odd", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 20 }), (json) => {
        const text = canonicalTextIfAny(JSON.parse(json) as Canonical);
        if (text !== null) expect(canonicalText(JSON.parse(text) as Canonical)).toBe(text);
      }),
      { numRuns: 500 },
    );
    expect(
      canonicalTextIfAny(JSON.parse(`${"[".repeat(50_000)}${"]".repeat(50_000)}`) as Canonical),
    ).toBeNull();
  });
});
