import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { markOf } from "./mark.ts";
import { compilePlainPattern } from "./plain-pattern.ts";
import { type Check, checkProblem, type PlainRules, plainForm, readPlainTicket } from "./plain-ticket.ts";

function rules(pattern: string, check: Check = "none"): PlainRules {
  const compiled = compilePlainPattern(pattern);
  if (!compiled.ok) throw new Error(compiled.problem.expected);
  return { pattern: compiled.value, check };
}

const MALFORMED = { ok: false, problem: "malformed" };
const read = (text: string, by: PlainRules) => {
  const ticket = readPlainTicket(text, by);
  return ticket.ok ? ticket.value : ticket.problem;
};

describe("a receipt of a queue system", () => {
  it("says what its pattern names, and nothing else", () => {
    const all = rules("(?<service>[A-Z])(?<number>\\d{3})/(?<ymd>\\d{8})/(?<hm>\\d{4})");
    expect(read("a042/20261126/0959", all)).toEqual({
      ...{ code: "A042/20261126/0959", number: "042", service: "A" },
      ...{ day: "2026-11-26", minuteOfDay: 599 },
    });
    expect(read("A042", rules("(?<number>[A-Z]\\d{3})"))).toEqual({
      ...{ code: "A042", number: "A042", service: null, day: null, minuteOfDay: null },
    });
  });

  it.each([
    ["(?<ymd>\\d{8})", "20261126"],
    ["(?<ymd>\\d{6})", "261126"],
    ["(?<dmy>\\d{8})", "26112026"],
    ["(?<dmy>\\d{6})", "261126"],
  ])("prints its day as %s: %s", (group, printed) => {
    expect(read(`1-${printed}`, rules(`(?<number>\\d)-${group}`))).toMatchObject({ day: "2026-11-26" });
  });

  it("of a day or a time that nobody has is malformed", () => {
    for (const printed of ["20260230", "20261301", "20260000", "20270229"])
      expect(readPlainTicket(`${printed}1`, rules("(?<ymd>\\d{8})(?<number>\\d)"))).toEqual(MALFORMED);
    for (const printed of ["2400", "0960", "9999"])
      expect(readPlainTicket(`${printed}1`, rules("(?<hm>\\d{4})(?<number>\\d)"))).toEqual(MALFORMED);
    expect(read("202802291", rules("(?<ymd>\\d{8})(?<number>\\d)"))).toMatchObject({
      day: "2028-02-29",
    });
  });

  it.each<[Check, string, string, string]>([
    // The examples of Wikipedia's "Luhn algorithm", of GS1's check digit calculator page (EAN-13), of ISO 7064 in IBAN's form.
    ["luhn", "1789372997", "4", "(?<number>\\d{10})(?<check>\\d)"],
    ["gs1", "629104150021", "3", "(?<number>\\d{12})(?<check>\\d)"],
    ["mod97", "794", "44", "(?<number>\\d{3})(?<check>\\d{2})"],
  ])("with a %s check is read with that digit and no other", (check, number, digits, pattern) => {
    const by = rules(pattern, check);
    expect(read(number + digits, by)).toMatchObject({ number });
    for (let other = 0; other < 10 ** digits.length; other++) {
      const printed = String(other).padStart(digits.length, "0");
      if (printed !== digits) expect(readPlainTicket(number + printed, by)).toEqual(MALFORMED);
    }
  });

  it.each<[Check, string, number]>([
    ["luhn", "(?<number>\\d{8})(?<check>\\d)", 10],
    ["gs1", "(?<number>\\d{8})(?<check>\\d)", 10],
    ["mod97", "(?<number>[0-9A-Z]{8})(?<check>\\d{2})", 100],
  ])(
    "with a %s check has exactly one good ending, and one wrong digit is found",
    (check, pattern, endings) => {
      const by = rules(pattern, check);
      const at = fc.nat(7);
      fc.assert(
        fc.property(fc.stringMatching(/^\d{8}$/), at, fc.nat(9), (number, place, digit) => {
          const width = String(endings - 1).length;
          const ends = Array.from({ length: endings }, (_, end) => String(end).padStart(width, "0"));
          const good = ends.filter((end) => readPlainTicket(number + end, by).ok);
          expect(good).toHaveLength(1);
          const changed = number.slice(0, place) + digit + number.slice(place + 1);
          expect(readPlainTicket(changed + good[0], by).ok).toBe(changed === number);
        }),
        { numRuns: 50 },
      );
    },
  );

  it("whose check nobody said how to work out, or that has none where one is named, is a wrong setting", () => {
    expect(checkProblem(rules("(?<number>\\d)(?<check>\\d)"))).toContain("how it is worked out");
    expect(checkProblem(rules("(?<number>\\d)", "luhn"))).toContain("(?<check>");
    expect(checkProblem(rules("(?<number>\\d)(?<check>\\d)", "luhn"))).toBeNull();
    expect(checkProblem(rules("(?<number>\\d)"))).toBeNull();
  });

  it("is another ticket in another office, and on another day", () => {
    const key = Buffer.alloc(32, 7);
    const code = { code: "A042" };
    const marks = [
      plainForm(1, "2026-11-26", code),
      plainForm(2, "2026-11-26", code),
      plainForm(1, "2026-11-27", code),
      plainForm(1, "2026-11-26", { code: "A043" }),
    ].map((form) => markOf(form, key));
    expect(new Set(marks).size).toBe(4);
    expect(markOf(plainForm(1, "2026-11-26", { code: "A042" }), key)).toBe(marks[0]);
  });
});
