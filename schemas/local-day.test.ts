import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addDays,
  dayFromNumber,
  dayNumber,
  dayStartMs,
  isLocalDay,
  isoWithOffset,
  isWholeHourZone,
  localClock,
  localDayOf,
  monthSpan,
  monthsOf,
  periodStartDay,
  weekName,
} from "./local-day.ts";
import { DAY_MS, HOUR_MS, hourOf, minuteOf } from "./time.ts";

const ROME = "Europe/Rome";

/** Local time as the platform's own calendar tells it: the independent opinion. */
const PARTS = new Intl.DateTimeFormat("en-GB", {
  timeZone: ROME,
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  weekday: "short",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  timeZoneName: "longOffset",
});
const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

function platformTime(ms: number) {
  const part = Object.fromEntries(PARTS.formatToParts(ms).map(({ type, value }) => [type, value]));
  return {
    day: `${part["year"]}-${part["month"]}-${part["day"]}`,
    iso: `${part["year"]}-${part["month"]}-${part["day"]}T${part["hour"]}:${part["minute"]}:${part["second"]}${part["timeZoneName"]?.replace("GMT", "")}`,
    weekday: WEEKDAYS.indexOf(part["weekday"] as string) + 1,
    minuteOfDay: Number(part["hour"]) * 60 + Number(part["minute"]),
  };
}

function expectLikePlatform(ms: number): void {
  const expected = platformTime(ms);
  expect(localDayOf(ms, ROME)).toBe(expected.day);
  expect(isoWithOffset(ms, ROME)).toBe(expected.iso);
  expect(localClock(ms, ROME)).toEqual({ weekday: expected.weekday, minuteOfDay: expected.minuteOfDay });
}

/** The last Sundays of March and October, when the European Union changes its clocks. */
function clockChanges(year: number): readonly { day: string; hours: number }[] {
  const lastSunday = (month: number) => {
    const last = new Date(Date.UTC(year, month + 1, 0));
    return new Date(last.getTime() - last.getUTCDay() * DAY_MS).toISOString().slice(0, 10);
  };
  return [
    { day: lastSunday(2), hours: 23 },
    { day: lastSunday(9), hours: 25 },
  ];
}

describe("local time against the platform's own", () => {
  const years = Array.from({ length: 21 }, (_, i) => 2020 + i);

  it.each(years)(
    "is the same in every hour around both clock changes of %i, whose days have 23 and 25",
    (year) => {
      for (const { day, hours } of clockChanges(year)) {
        const start = dayStartMs(day, ROME);
        expect((dayStartMs(addDays(day, 1), ROME) - start) / HOUR_MS).toBe(hours);
        for (let ms = start - 3 * HOUR_MS; ms < start + 28 * HOUR_MS; ms += HOUR_MS) {
          expectLikePlatform(ms);
          expectLikePlatform(ms + 59 * 60_000 + 59_999);
        }
      }
    },
  );

  it("is the same at any moment from 1970 to 2100", () => {
    fc.assert(fc.property(fc.nat(Date.UTC(2100, 0, 1)), expectLikePlatform), { numRuns: 300 });
  });
});

describe("a local day", () => {
  it("begins at its first moment and ends where the next one begins", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 50_000 }), (number) => {
        const day = dayFromNumber(number);
        const start = dayStartMs(day, ROME);
        expect(localDayOf(start, ROME)).toBe(day);
        expect(localDayOf(start - 1, ROME)).toBe(addDays(day, -1));
        expect(dayNumber(day)).toBe(number);
      }),
      { numRuns: 300 },
    );
  });

  it("begins at one in the morning where midnight does not exist", () => {
    // Santiago de Chile skipped midnight on 2024-09-08.
    const start = dayStartMs("2024-09-08", "America/Santiago");
    expect(isoWithOffset(start, "America/Santiago")).toBe("2024-09-08T01:00:00-03:00");
  });

  it.each(["2026-02-28", "2024-02-29", "0001-01-01", "9999-12-31"])("may be %s", (day) => {
    expect(isLocalDay(day)).toBe(true);
  });

  it.each([
    "2026-02-29",
    "2026-13-01",
    "2026-00-10",
    "2026-1-1",
    "2026-01-01 ",
    "26-01-01",
    "",
    "2026-01-32",
  ])("may not be %j", (day) => {
    expect(isLocalDay(day)).toBe(false);
  });
});

describe("weeks and months", () => {
  it("start on Monday and on the first", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40_000 }), (number) => {
        const day = dayFromNumber(number);
        const week = periodStartDay(day, "week");
        // 1970-01-01 was a Thursday.
        expect((dayNumber(week) + 3) % 7).toBe(0);
        expect(number - dayNumber(week)).toBeGreaterThanOrEqual(0);
        expect(number - dayNumber(week)).toBeLessThan(7);
        expect(periodStartDay(day, "month")).toBe(`${day.slice(0, 7)}-01`);
        expect(periodStartDay(day, "day")).toBe(day);
      }),
      { numRuns: 300 },
    );
  });

  it("cover every day of a month once, the first included, the next first not", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1970, max: 2100 }), fc.integer({ min: 1, max: 12 }), (year, month) => {
        const { from, to } = monthSpan(`${year}-${String(month).padStart(2, "0")}`);
        expect(dayNumber(to) - dayNumber(from)).toBe(new Date(Date.UTC(year, month, 0)).getUTCDate());
        expect(monthSpan(addDays(to, -1).slice(0, 7)).from).toBe(from);
      }),
    );
  });

  it.each([
    ["2026-01-01", "2026-W01"],
    ["2025-12-29", "2026-W01"],
    ["2021-01-03", "2020-W53"],
    ["2026-11-23", "2026-W48"],
  ])("name %s as ISO 8601 does: %s", (day, week) => {
    expect(weekName(day)).toBe(week);
  });

  it("are listed from one to another over the year's end, and not at all the wrong way round", () => {
    expect(monthsOf({ from: "2026-11", to: "2027-02" })).toEqual([
      "2026-11",
      "2026-12",
      "2027-01",
      "2027-02",
    ]);
    expect(monthsOf({ from: "2026-11", to: "2026-11" })).toEqual(["2026-11"]);
    expect(monthsOf({ from: "2026-12", to: "2026-11" })).toEqual([]);
  });
});

describe("a zone", () => {
  it.each(["Europe/Rome", "UTC", "America/Santiago", "Etc/GMT+12"])("may be %s", (zone) => {
    expect(isWholeHourZone(zone)).toBe(true);
  });

  it.each([
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Europe/Roma",
    "",
    "+01:00",
    "-02",
    "2026-01-01T00:00[Europe/Rome]",
  ])("may not be %j: it is no zone of whole hours that keeps its name", (zone) => {
    expect(isWholeHourZone(zone)).toBe(false);
  });

  it("is never more than true or false, for any text", () => {
    fc.assert(
      fc.property(fc.string(), (zone) => {
        expect(typeof isWholeHourZone(zone)).toBe("boolean");
      }),
    );
  });
});

describe("hours and minutes since 1970", () => {
  it("begin with their first millisecond", () => {
    expect([hourOf(HOUR_MS - 1), hourOf(HOUR_MS), minuteOf(59_999), minuteOf(60_000)]).toEqual([0, 1, 0, 1]);
  });
});
