import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compilePlainPattern,
  PLAIN_CODE_MAX,
  PLAIN_PATTERN_MAX,
  type PlainPattern,
} from "./plain-pattern.ts";

function compiled(pattern: string): PlainPattern {
  const result = compilePlainPattern(pattern);
  if (!result.ok) throw new Error(`${pattern}: ${result.problem.expected} at ${result.problem.at}`);
  return result.value;
}

describe("the pattern of an office's receipts", () => {
  it("matches whole codes, in either case, and names their parts", () => {
    const pattern = compiled("TK-(?<ymd>\\d{8})-(?<service>[A-Z])(?<number>\\d{1,3})(?<check>\\d)");
    expect(pattern.groups).toEqual(["ymd", "service", "number", "check"]);
    const parts = { ymd: "20261126", service: "A", number: "12", check: "7" };
    expect(pattern.match("TK-20261126-A127")).toEqual(parts);
    expect(pattern.match("tk-20261126-a127")).toEqual(parts);
    for (const text of [
      "TK-20261126-A1277 ",
      " TK-20261126-A127",
      "TK-20261126-A",
      "XK-20261126-A127",
      "TK-20261126-A127\n",
      "",
    ])
      expect(pattern.match(text), text).toBeNull();
  });

  it("takes its literal characters for nothing else", () => {
    for (const literal of ["/", ".", "_", ":", "#", "-", " "]) {
      const pattern = compiled(`A${literal}(?<number>\\d)`);
      expect(pattern.match(`A${literal}1`)).toEqual({ number: "1" });
      expect(pattern.match("AX1")).toBeNull();
    }
  });

  it.each([
    ["", 0, "number"],
    ["A\\d{3}", 6, "number"],
    ["(?<number>\\d", 12, ") at the end"],
    ["(?<number>)", 0, "something inside"],
    ["(?<name>\\d)(?<number>\\d)", 0, "a group named number, service"],
    ["(?<number>\\d)(?<number>\\d)", 13, "once only"],
    ["(?<number>(\\d))", 10, "a letter"],
    ["(?<number>.*)", 11, "a letter"],
    ["(?<number>\\d)|B", 13, "a letter"],
    ["(?<number>\\w)", 10, "a letter"],
    ["(?<number>[a-f])", 10, "a letter"],
    ["(?<number>\\d{3,1})", 12, "n not above m"],
    ["(?<number>\\d{0})", 12, "m not 0"],
    ["(?<number>\\d{,3})", 12, "{n} or {n,m}"],
    ["(?<number>\\d{41})", 17, "codes of at most 40"],
    ["(?<number>\\d{1,2}A{1,2}\\d{1,2}B{1,2})", 37, "at most 3 parts"],
    ["(?<ymd>\\d{7})(?<number>\\d)", 0, "ymd of 6 or 8 digits"],
    ["(?<ymd>[A-Z]{8})(?<number>\\d)", 0, "ymd of 6 or 8 digits"],
    ["(?<hm>\\d{2,4})(?<number>\\d)", 0, "hm of 4 digits"],
    ["(?<ymd>\\d{8})(?<dmy>\\d{8})(?<number>\\d)", 39, "one date only"],
    ["(?<number>\\d)(?<check>\\d)A", 25, "nothing after the check"],
    ["é(?<number>\\d)", 0, "a letter"],
    ["A".repeat(PLAIN_PATTERN_MAX + 1), PLAIN_PATTERN_MAX, "at most 200"],
  ])("%j is refused at its place, with what was expected there", (pattern, at, expected) => {
    expect(compilePlainPattern(pattern)).toEqual({
      ok: false,
      problem: { at, expected: expect.stringContaining(expected) },
    });
  });

  it("is compiled or refused, whatever somebody wrote, and then matches any text without failing", () => {
    const pieces = fc.constantFrom(
      "(?<number>",
      "(?<check>",
      ")",
      "\\d",
      "[A-Z]",
      "[0-9A-Z]",
      "{1,3}",
      "{2}",
      "A",
      "-",
      "(",
      "{",
      "[",
      "\\",
      "+",
      ".",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), fc.string(), (parts, text) => {
        const result = compilePlainPattern(parts.join(""));
        if (result.ok) expect(() => result.value.match(text)).not.toThrow();
        else expect(result.problem.at).toBeLessThanOrEqual(parts.join("").length);
      }),
      { numRuns: 3_000 },
    );
  });

  it("matches every code that it describes, and none that is longer than a printed line", () => {
    const pattern = compiled("(?<number>[0-9A-Z]{1,20})-(?<service>[A-Z]{2})");
    fc.assert(
      fc.property(
        fc.stringMatching(/^[0-9A-Z]{1,20}$/),
        fc.stringMatching(/^[A-Z]{2}$/),
        (number, service) => {
          expect(pattern.match(`${number}-${service}`)).toEqual({ number, service });
        },
      ),
    );
    expect(pattern.match("A".repeat(PLAIN_CODE_MAX + 1))).toBeNull();
    expect(pattern.match("А-AB")).toBeNull();
  });
});
