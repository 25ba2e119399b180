/**
 * Weeks of voting in minutes of virtual time: around both changes of daylight saving and the year's end, and forty days of
 * which nine pass without a network. Every sum holds, every vote lands on its local day, and memory stays flat.
 */
import type { Measurement, Size } from "../../bench/measurement.ts";
import { judged, type Row, told } from "../../bench/row.ts";
import { ratio } from "../../bench/statistics.ts";
import type { DaysJob, DaysResult } from "../guest/days.ts";
import { runGuest, setUp, virtualTimeFrom } from "../place.ts";

type Weeks = DaysJob & { readonly name: string; readonly from: string };

const PERIODS: readonly Weeks[] = [
  { name: "ten days around the start of summer time", from: "2027-03-23", days: 10, seed: 1, ...usual() },
  { name: "ten days around its end", from: "2027-10-26", days: 10, seed: 2, ...usual() },
  { name: "ten days around the year's end", from: "2027-12-27", days: 10, seed: 3, ...usual() },
  {
    ...{ name: "forty days, nine of them without a network", from: "2027-05-03", days: 40, seed: 4 },
    ...{ votesPerDay: 12, outageFromDay: 14, outageDays: 9 },
  },
];
/** What continuous integration has time for: the day with 25 hours and the one after, the first without a network. */
const SHORT: readonly Weeks[] = [
  {
    ...{ name: "two days around the end of summer time, one without a network", from: "2027-10-31", days: 2 },
    ...{ seed: 5, votesPerDay: 24, outageFromDay: 0, outageDays: 1 },
  },
];
const OF: Readonly<Record<Size, readonly Weeks[]>> = { full: PERIODS, short: SHORT, tiny: SHORT.slice(0, 1) };
const LIMIT_MS = 1_800_000;

const SUMS_GOAL = { kind: "at most", value: 0, reason: "the sums hold (promise 6)" } as const;
/** What V8 and SQLite keep for good is there after some days; a tenth more is what pages and caches vary by. */
const MEMORY_GOAL = { kind: "at most", value: 1.1, reason: "a totem runs for ten years" } as const;

export const WEEKS_SCENARIO: Measurement = {
  name: "weeks",
  about: "weeks of voting in virtual time: daylight saving, the year's end, nine days without a network",
  run: async (size, place) => {
    const bench = await setUp(place);
    const rows: Row[] = [];
    for (const { name, from, ...job } of OF[size]) {
      place.say(name);
      const result = await runGuest<DaysResult>({
        ...bench,
        name: "days",
        program: "days.ts",
        job,
        kernelArgs: virtualTimeFrom(Date.parse(`${from}T00:00:00+01:00`)),
        limitMs: LIMIT_MS,
      });
      rows.push(...rowsOf(name, result));
    }
    return rows;
  },
};

function rowsOf(name: string, { voted, counted, problems, earlyMb, lateMb }: DaysResult): readonly Row[] {
  const wrong = problems.length + Math.abs(voted - counted);
  return [
    told(`weeks: ${name}`, voted, "votes"),
    judged(`weeks: sums, days and counts that differ in ${name}`, wrong, "votes", {
      goal: SUMS_GOAL,
      note:
        problems.length === 0 ? `${counted} counted, each on its local day` : problems.slice(0, 3).join("; "),
    }),
    judged(`weeks: the firmware's memory at their end over their beginning`, ratio(lateMb, earlyMb), "x", {
      goal: MEMORY_GOAL,
      note: `${earlyMb.toFixed(0)} MB, then ${lateMb.toFixed(0)} MB`,
    }),
  ];
}

function usual() {
  return { votesPerDay: 30, outageFromDay: 0, outageDays: 0 };
}
