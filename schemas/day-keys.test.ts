import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  DAYS_AHEAD_MAX,
  type DayKey,
  dayKeyText,
  keysOn,
  movedOn,
  oldestKeyDay,
  parseDayKeys,
  withKey,
} from "./day-keys.ts";
import { addDays, dayStartMs } from "./local-day.ts";
import { MINUTE_MS } from "./time.ts";
import { ticketSpan } from "./validity.ts";

const DAY = "2026-11-26";
const SITE = "site/municipio";
const chain = (changed: Partial<DayKey> = {}): DayKey => ({
  scope: SITE,
  fromDay: DAY,
  key: Buffer.alloc(32, 7),
  ...changed,
});
const hexOn = (keys: readonly DayKey[], day: string, scope: DayKey["scope"] = SITE) =>
  keysOn(keys, scope, day).map((key) => key.toString("hex"));
const days = fc.integer({ min: 0, max: 60 });

describe("day keys", () => {
  it("are those of the golden vectors", () => {
    const golden = JSON.parse(readFileSync(new URL("golden/day-keys.json", import.meta.url), "utf8")) as {
      scope: DayKey["scope"];
      fromDay: string;
      key: string;
      days: { day: string; key: string }[];
    }[];
    for (const { scope, fromDay, key, days: later } of golden) {
      const keys = [{ scope, fromDay, key: Buffer.from(key, "hex") }];
      for (const { day, key: expected } of later) expect(hexOn(keys, day, scope)).toEqual([expected]);
    }
  });

  it("of a day are the same whether days passed one at a time or all at once", () => {
    fc.assert(
      fc.property(days, days, (first, then) => {
        const moved = movedOn([chain()], addDays(DAY, first)).keys;
        const late = addDays(DAY, first + then);
        expect(hexOn(moved, late)).toEqual(hexOn([chain()], late));
      }),
    );
  });

  it("are gone once moved on, and cannot be made from what is left", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), (passed) => {
        const before = [chain()];
        const { keys, destroyed } = movedOn(before, addDays(DAY, passed));
        expect(destroyed).toEqual([{ scope: SITE, throughDay: addDays(DAY, passed - 1) }]);
        for (let day = 0; day < passed; day++) {
          const gone = hexOn(before, addDays(DAY, day))[0] as string;
          expect(hexOn(keys, addDays(DAY, day))).toEqual([]);
          expect(dayKeyText(keys)).not.toContain(gone);
        }
        expect(hexOn(keys, addDays(DAY, passed))).toEqual(hexOn(before, addDays(DAY, passed)));
      }),
    );
  });

  it("never move back, and are left alone on the same day", () => {
    expect(movedOn([chain()], DAY)).toEqual({ keys: [chain()], destroyed: [] });
    expect(movedOn([chain()], addDays(DAY, -400))).toEqual({ keys: [chain()], destroyed: [] });
  });

  it("of two scopes have nothing in common", () => {
    const keys = [chain(), chain({ scope: "office/municipio" })];
    const later = addDays(DAY, 1);
    expect(hexOn(keys, later, SITE)).not.toEqual(hexOn(keys, later, "office/municipio"));
  });

  it("of a day too far ahead are not made", () => {
    expect(hexOn([chain()], addDays(DAY, DAYS_AHEAD_MAX))).toHaveLength(1);
    expect(hexOn([chain()], addDays(DAY, DAYS_AHEAD_MAX + 1))).toEqual([]);
  });

  it("that came again change nothing; other ones are in force from their day on, beside the old until it is over", () => {
    const held = [chain()];
    const tomorrow = addDays(DAY, 1);
    const same = chain({ fromDay: tomorrow, key: keysOn(held, SITE, tomorrow)[0] as Buffer });
    expect(withKey(held, same)).toBe(held);
    const other = chain({ fromDay: tomorrow, key: Buffer.alloc(32, 9) });
    const both = withKey(held, other);
    expect(hexOn(both, DAY)).toEqual(["07".repeat(32)]);
    expect(hexOn(both, tomorrow)).toEqual(["09".repeat(32), hexOn(held, tomorrow)[0]]);
    const { keys } = movedOn(both, addDays(DAY, 2));
    expect(keys).toHaveLength(1);
    expect(hexOn(keys, addDays(DAY, 2))[0]).toBe(hexOn([other], addDays(DAY, 2))[0]);
  });

  it("replaced again and again do not pile up", () => {
    const keys = Array.from({ length: 20 }, (_, n) => chain({ key: Buffer.alloc(32, n) })).reduce<
      readonly DayKey[]
    >(withKey, []);
    expect(keys).toHaveLength(3);
    expect(hexOn(keys, DAY)[0]).toBe("13".repeat(32));
  });

  it("outlive every ticket of their day, and no longer than the day after, also when clocks change", () => {
    const rules = { validMinutes: 60, skewMinutes: 5 };
    const zone = "Europe/Rome";
    for (const day of ["2026-11-26", "2026-10-25", "2026-03-29", "2026-12-31"]) {
      const endMs = dayStartMs(addDays(day, 1), zone);
      const lastMs = ticketSpan(endMs / MINUTE_MS - 1, rules).untilMs - 1;
      expect(oldestKeyDay(lastMs, zone, rules) <= day).toBe(true);
      expect(oldestKeyDay(lastMs + 1, zone, rules)).toBe(addDays(day, 1));
    }
  });

  it("are written to a file and read back; a file of anything else is refused without telling what it holds", () => {
    const keys = [chain(), chain({ scope: "office/anagrafe", key: Buffer.alloc(32, 1) })];
    const read = parseDayKeys(dayKeyText(keys));
    expect(read.ok && read.value).toEqual(keys);
    expect(parseDayKeys(dayKeyText([chain({ fromDay: "2026-02-30" })]))).toMatchObject({
      problem: { where: "/keys/0/fromDay", expected: "must be in the calendar" },
    });
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const parsed = parseDayKeys(text);
        expect(parsed.ok).toBe(false);
        if (!parsed.ok && text.length > 8) expect(JSON.stringify(parsed.problem)).not.toContain(text);
      }),
    );
  });
});
