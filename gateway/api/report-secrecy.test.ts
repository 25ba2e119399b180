import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Canonical } from "#schemas/canonical.ts";
import { FACES, REASONS } from "#schemas/code-list.ts";
import { addDays, localDayOf, type Period, weekName } from "#schemas/local-day.ts";
import { HOUR_MS } from "#schemas/time.ts";
import { directoryOf } from "../directory.ts";
import { testTotem, trustedTime, verifiedBatch, voteEntry } from "../ingest/journal.fixture.ts";
import { type Equation, linearSpan } from "../reports/linear-span.fixture.ts";
import type { DaySpan } from "../reports/periods.ts";
import type { ReportRow } from "../reports/rows.ts";
import { isSeen, isValidSeen } from "../reports/scheme.ts";
import { cellIndex, VOTE_CELLS } from "../reports/tally.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import type { Store } from "../store/store.ts";
import { GOLDEN_SETTINGS } from "./golden-votes.fixture.ts";
import { reportRows } from "./report-files.ts";

const ZONE = "Europe/Rome";
const SERVICE = "imu";
const DIRECTORY = directoryOf(GOLDEN_SETTINGS);
/** Thursday 27 August to Sunday 6 September 2026: a week that lies in two months, and days around it. */
const FIRST_DAY = "2026-08-27";
const DAYS = 11;
const ALL: DaySpan = { fromDay: "2026-08-01", toDay: "2026-10-01" };

type Vote = { readonly day: number; readonly hour: number; readonly face: number; readonly reason: number };
type Row = { readonly row: ReportRow; readonly holds: (day: string, hour: number) => boolean };

const votes: fc.Arbitrary<readonly Vote[]> = fc
  .array(
    fc.record({
      // Many votes in a few places, and single ones everywhere.
      slot: fc.oneof(
        fc.record({ day: fc.nat(DAYS - 1), hour: fc.nat(2) }),
        fc.record({ day: fc.constantFrom(3, 4, 6), hour: fc.constantFrom(0, 1) }),
      ),
      face: fc.constantFrom(0, 0, 0, 1, 2, 2),
      reason: fc.nat(REASONS.length - 1),
    }),
    { minLength: 40, maxLength: 190 },
  )
  .map((list) => list.map(({ slot, face, reason }) => ({ ...slot, face, reason })));

const cuts = fc
  .array(fc.tuple(fc.nat(DAYS - 1), fc.integer({ min: 1, max: DAYS })), { maxLength: 4 })
  .map((list) =>
    list.map(([first, days]) => ({
      fromDay: addDays(FIRST_DAY, first),
      toDay: addDays(FIRST_DAY, first + days),
    })),
  );

describe("all files together that one may ask for without the scope for exact figures", () => {
  it("let no small group be worked out, whatever days are asked for and whatever these are divided by", async () => {
    await fc.assert(
      fc.asyncProperty(votes, cuts, async (cast, spans) => {
        const store = await storeOf(cast);
        const rows: Row[] = [];
        for (const by of ["hour", "day", "week", "month"] as const) {
          for (const span of [ALL, ...spans]) rows.push(...(await rowsOf(store, by, span)));
        }
        await store.close();
        const slots = [...new Set(cast.map(({ day, hour }) => `${addDays(FIRST_DAY, day)} ${hour + 8}`))];
        const span = linearSpan(
          rows.flatMap((row) => publishedBy(row, slots)),
          slots.length * ATOMS.length,
        );
        for (const { row, holds } of rows) {
          const inside = slots.flatMap((slot, index) => (isInside(slot, holds) ? [index] : []));
          for (const [name, atoms] of Object.entries(GROUPS)) {
            const count = cast.filter(
              (vote) =>
                atoms.includes(atomOf(vote)) &&
                inside.includes(slots.indexOf(`${addDays(FIRST_DAY, vote.day)} ${vote.hour + 8}`)),
            ).length;
            if (count > 0 && count < 5 && span.holds(unknownsOf(inside, atoms))) {
              expect.fail(`${count} ${name} of ${row.name.period} can be worked out`);
            }
          }
        }
      }),
      // Each run fills a store: shrinking a failure would take minutes, and the message names the group anyway.
      { numRuns: 25, endOnFailure: true },
    );
  });
});

/** What an hour holds, each independent of the others. */
const ATOMS = ["green", "yellow", ...REASONS.map((reason) => `reason_${reason}` as const)] as const;
type Atom = (typeof ATOMS)[number];
const RED: readonly Atom[] = ATOMS.slice(2);
const GROUPS: Readonly<Record<string, readonly Atom[]>> = {
  ...Object.fromEntries(ATOMS.map((atom) => [atom, [atom]])),
  red: RED,
  valid: ATOMS,
  "yellow or red": ["yellow", ...RED],
};

function atomOf({ face, reason }: Vote): Atom {
  return FACES[face] === "red" ? (ATOMS[2 + reason] as Atom) : (ATOMS[face] as Atom);
}

async function storeOf(cast: readonly Vote[]): Promise<Store> {
  const store = openSqliteStore(":memory:", 0);
  const totem = testTotem("totem-1");
  totem.start();
  for (const { day, hour, face, reason } of cast) {
    const wallMs = Date.parse(`${addDays(FIRST_DAY, day)}T00:00:00+02:00`) + (hour + 8) * HOUR_MS;
    const kind = FACES[face] ?? "green";
    const vote = {
      face: kind,
      reason: kind === "red" ? (REASONS[reason] ?? "none") : null,
      service: SERVICE,
    };
    totem.append(voteEntry({ ...vote, time: trustedTime(wallMs) }) as Canonical);
  }
  await store.registerTotem({ ...totem.record, siteId: "municipio" });
  for (const wire of totem.batches()) await store.ingest([verifiedBatch(totem, wire)], DIRECTORY.rules);
  return store;
}

async function rowsOf(store: Store, by: Period, span: DaySpan): Promise<readonly Row[]> {
  const parts = { store, directory: DIRECTORY, settings: GOLDEN_SETTINGS };
  const query = { kind: "aggregate", by, span, format: "csv", profile: "open", isExact: false } as const;
  const out: Row[] = [];
  for await (const rows of reportRows(parts, query)) {
    for (const row of rows) {
      const startMs = Date.parse(row.name.periodStart);
      const start = localDayOf(startMs, ZONE);
      const isSame = {
        hour: (day: string, hour: number) => day === start && hour === Number(row.name.period.slice(11, 13)),
        day: (day: string) => day === start,
        week: (day: string) => weekName(day) === row.name.period,
        month: (day: string) => day.slice(0, 7) === row.name.period,
      }[by];
      const holds = (day: string, hour: number) =>
        span.fromDay <= day && day < span.toDay && isSame(day, hour);
      out.push({ row, holds });
    }
  }
  return out;
}

/** What a reader learns from one row about the hours in it. */
function publishedBy({ row: { line }, holds }: Row, slots: readonly string[]): readonly Equation[] {
  const inside = slots.flatMap((slot, index) => (isInside(slot, holds) ? [index] : []));
  const { cells } = line.tally;
  const valid = (cells[0] as number) + (cells[1] as number) + (cells[2] as number);
  return [
    ...(isValidSeen(line.seen) ? [{ unknowns: unknownsOf(inside, ATOMS), sum: valid }] : []),
    ...VOTE_CELLS.filter((cell) => isSeen(line.seen, cellIndex(cell))).map((cell) => ({
      unknowns: unknownsOf(inside, cell === "red" ? RED : [cell]),
      sum: cells[cellIndex(cell)] as number,
    })),
  ];
}

function isInside(slot: string, holds: Row["holds"]): boolean {
  const [day = "", hour] = slot.split(" ");
  return holds(day, Number(hour));
}

function unknownsOf(hours: readonly number[], atoms: readonly Atom[]): readonly number[] {
  return hours.flatMap((hour) => atoms.map((atom) => hour * ATOMS.length + ATOMS.indexOf(atom)));
}
