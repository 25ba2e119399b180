import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { OfficeSetting, SiteSetting } from "#schemas/gateway-settings.ts";
import { markOf } from "#schemas/mark.ts";
import { plainForm } from "#schemas/plain-ticket.ts";
import { type ListContext, readListed } from "./listed-receipts.ts";

const NOON_MS = Date.parse("2026-11-26T11:00:00Z");
const KEY = Buffer.alloc(32, 7);
const office = (pattern: string, receiptCode: string) =>
  ({
    ...{ officeId: "tributi", number: 4, services: [{ serviceId: "imu", receiptCode }] },
    tickets: { profiles: ["plain"], plain: { pattern, check: "none" } },
  }) as unknown as OfficeSetting;
const DATED = office("TK-(?<ymd>\\d{8})-(?<service>[A-Z])(?<number>\\d{3})", "A");
const BARE = office("(?<service>[A-Z])(?<number>\\d{3})", "A");
const TIMED = office("(?<number>\\d{3})-(?<hm>\\d{4})", "");
const context = (of: OfficeSetting, more: Partial<ListContext> = {}): ListContext => ({
  ...{ site: { siteId: "municipio", zone: "Europe/Rome" } as SiteSetting, office: of, nowMs: NOON_MS },
  ...{ skewMinutes: 5, siteKeyOn: (day) => (day < "2026-11-26" ? null : KEY), ...more },
});
const marked = (code: string, day: string) => ({
  mark: markOf(plainForm(4, day, { code }), KEY),
  day,
});

describe("a list of receipts that were given out", () => {
  it("gives the marks totems make of them, by the day they print", () => {
    const codes = ["tk-20261126-a001", "TK-20261126-A002"];
    expect(readListed({ codes }, context(DATED))).toEqual({
      ok: true,
      value: [marked("TK-20261126-A001", "2026-11-26"), marked("TK-20261126-A002", "2026-11-26")],
    });
  });

  it("is of today where they print no day, of the day that it names, or of the day their time tells", () => {
    const siteKeyOn = () => KEY;
    const days = (codes: string[], of: OfficeSetting, day?: string) => {
      const read = readListed({ codes, day }, context(of, { siteKeyOn }));
      return read.ok ? read.value.map((one) => one.day) : read.problem;
    };
    expect(days(["A001"], BARE)).toEqual(["2026-11-26"]);
    expect(days(["A001"], BARE, "2026-11-25")).toEqual(["2026-11-25"]);
    expect(days(["001-1159", "002-1206", "003-2355"], TIMED)).toEqual([
      "2026-11-26",
      "2026-11-25",
      "2026-11-25",
    ]);
  });

  it("is refused whole, with every wrong one named by its place and none repeated", () => {
    const codes = ["A001", "RSSMRA80A01H501U", "B002"];
    const read = readListed({ codes }, context(BARE));
    expect(read).toEqual({
      ok: false,
      problem: [
        "codes, number 2: does not look as the office's receipts do, or its check digit is wrong",
        "codes, number 3: names a service that the settings do not",
      ],
    });
    expect(JSON.stringify(read)).not.toContain("RSSMRA");
  });

  it.each([
    ["of a day whose key is destroyed", DATED, { codes: ["TK-20261125-A001"] }, "whose key is destroyed"],
    ["of tomorrow", DATED, { codes: ["TK-20261127-A001"] }, "after today"],
    [
      "of another day than its receipts",
      DATED,
      { codes: ["TK-20261126-A001"], day: "2026-11-25" },
      "the list of",
    ],
    ["of a day that is in no calendar", BARE, { codes: ["A001"], day: "2026-02-30" }, "no calendar"],
    [
      "for an office without such receipts",
      { ...DATED, tickets: undefined },
      { codes: ["A001"] },
      "no plain",
    ],
  ])("%s is refused", (_, of, list, problem) => {
    const read = readListed(list, context(of as OfficeSetting));
    expect(read.ok ? "taken" : read.problem[0]).toContain(problem);
  });

  it("of anything at all never breaks the reader", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary", maxLength: 60 }), { maxLength: 40 }), (codes) => {
        const read = readListed({ codes }, context(DATED));
        if (!read.ok) expect(read.problem.length).toBeLessThanOrEqual(20);
      }),
    );
  });
});
