import { describe, expect, it } from "vitest";
import { receiptProblems } from "./receipts.ts";

type Office = Parameters<typeof receiptProblems>[0];

const PLAIN: Office = {
  profiles: ["signed", "plain"],
  plain: { pattern: "(?<service>[A-Z])(?<number>\\d{3})", check: "none" },
  receiptCodes: ["A", "B", null],
  ...{ number: 1, serviceNumbers: [1, 2, 3] },
};

describe("what is wrong with an office's tickets", () => {
  it("is nothing for signed tickets alone, nor for receipts whose services all have a name of their own", () => {
    expect(
      receiptProblems({ ...PLAIN, profiles: ["signed"], plain: null, receiptCodes: [null, null] }),
    ).toEqual([]);
    expect(receiptProblems(PLAIN)).toEqual([]);
    const unnamed = { pattern: "(?<number>\\d{3})", check: "none" as const };
    expect(receiptProblems({ ...PLAIN, plain: unnamed, receiptCodes: ["", null] })).toEqual([]);
  });

  it.each<[string, Partial<Office>, string, string]>([
    ["receipts described and not taken", { profiles: ["signed"] }, "tickets.profiles", "must name plain"],
    ["receipts taken and not described", { plain: null }, "tickets.plain", "how plain receipts look"],
    [
      "an office number too large for short tickets",
      { profiles: ["short"], plain: null, number: 4_096 },
      "office number",
      "at most 4095",
    ],
    [
      "a service number too large for them",
      { profiles: ["short"], plain: null, serviceNumbers: [1, 256] },
      "service number",
      "at most 255",
    ],
    [
      "a pattern that is none",
      { plain: { pattern: "(?<number>.*)", check: "none" } },
      "tickets.plain.pattern",
      "at character 12",
    ],
    [
      "a check that the pattern has no place for",
      { plain: { pattern: "(?<service>[A-Z])(?<number>\\d)", check: "luhn" } },
      "tickets.plain.check",
      "(?<check>",
    ],
    [
      "no service named",
      { receiptCodes: [null, null] },
      "receiptCode",
      "for the services that receipts name",
    ],
    ["a service named twice", { receiptCodes: ["A", "a"] }, "receiptCode", "each once"],
    ["a service with an empty name among others", { receiptCodes: ["A", ""] }, "receiptCode", "each once"],
    [
      "two services behind receipts that name none",
      { plain: { pattern: "(?<number>\\d)", check: "none" }, receiptCodes: ["", ""] },
      "receiptCode",
      "exactly one service",
    ],
  ])("is told for %s", (_, changed, name, expected) => {
    expect(receiptProblems({ ...PLAIN, ...changed })).toEqual([
      { name, value: expect.any(String), expected: expect.stringContaining(expected) },
    ]);
  });
});
