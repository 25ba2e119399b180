import { describe, expect, it } from "vitest";
import { SETTINGS } from "./messages.ts";
import { keptDays, RETENTION, type RetentionId, type RetentionRow } from "./retention.ts";
import { TOTEM_DEFAULTS } from "./totem-settings.ts";

const ROWS: readonly RetentionRow[] = RETENTION;

describe("the retention table", () => {
  it("has one row for each thing, held by the program its name begins with", () => {
    expect(new Set(ROWS.map((row) => row.id)).size).toBe(ROWS.length);
    for (const { id, holder } of ROWS) expect(id.startsWith(`${holder}-`)).toBe(true);
  });

  it("says of every row what it holds, from when it counts and why", () => {
    for (const row of ROWS) {
      for (const words of [row.what, row.from, row.why]) expect(words.length).toBeGreaterThan(3);
    }
  });

  it("ends every row after a whole number of days, at most fourteen months, or by something that is named", () => {
    for (const { keptDays: days } of ROWS) {
      if (days === null) continue;
      expect(Number.isInteger(days)).toBe(true);
      expect(days).toBeGreaterThanOrEqual(1);
      expect(days).toBeLessThanOrEqual(427);
    }
  });

  it("keeps on the totem, for a week, what a restored gateway would ask for again; its setting says the same", () => {
    expect(keptDays("totem-entries")).toBe(7);
    expect(TOTEM_DEFAULTS.keepReceiptedDays).toBe(keptDays("totem-entries"));
    expect(keptDays("gateway-batches")).toBeLessThanOrEqual(keptDays("totem-entries"));
  });

  it("keeps a totem's marks for longer than any settings let a ticket be good", () => {
    const { properties } = JSON.parse(JSON.stringify(SETTINGS.schema));
    const { validMinutes, skewMinutes } = properties.ticketRules.properties;
    const longestMinutes = validMinutes.maximum + 2 * skewMinutes.maximum + 1;
    expect(keptDays("totem-marks") * 24 * 60).toBeGreaterThan(longestMinutes);
  });

  it("recognises a late second vote for as long as its settlement rule says", () => {
    expect(keptDays("gateway-marks")).toBe(400);
  });

  it("gives no term for what does not end by time, nor for what it does not know", () => {
    expect(() => keptDays("totem-draft")).toThrow(/does not end by time/);
    expect(() => keptDays("gateway-nothing" as RetentionId)).toThrow();
  });
});
