/**
 * An attacker who may read reports but not exact figures, asks for every span divided by everything, again after every few votes, before
 * and after the month is proved and revised, and keeps all answers. What they tell is put into equations, and whatever of few votes can
 * be had from these by adding and subtracting is found.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Canonical } from "#schemas/canonical.ts";
import { FACES, REASONS } from "#schemas/code-list.ts";
import { addDays, localDayOf, type Period, weekName } from "#schemas/local-day.ts";
import type { MonthProof, OpenedSum } from "#schemas/public-log.ts";
import { HOUR_MS } from "#schemas/time.ts";
import { directoryOf } from "../directory.ts";
import { testTotem, trustedTime, verifiedBatch, voteEntry } from "../ingest/journal.fixture.ts";
import { revised } from "../proof/revision.ts";
import { type Equation, linearSpan } from "../reports/linear-span.fixture.ts";
import { linesOf, shownMonth } from "../reports/lines.ts";
import { type DaySpan, monthsTouching } from "../reports/periods.ts";
import type { ReportRow } from "../reports/rows.ts";
import { isSeen, isValidSeen } from "../reports/scheme.ts";
import { cellIndex, VOTE_CELLS, validOf } from "../reports/tally.ts";
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
/** A row, and in which hours lies what it counts. */
type Row = { readonly row: ReportRow; readonly holds: (day: string, hour: number) => boolean };
/** Votes that came between two readings. */
type Wave = readonly Vote[];

const vote = fc
  .record({
    // Many votes in a few places, and single ones everywhere.
    slot: fc.oneof(
      fc.record({ day: fc.nat(DAYS - 1), hour: fc.nat(2) }),
      fc.record({ day: fc.constantFrom(3, 4, 6), hour: fc.constantFrom(0, 1) }),
    ),
    face: fc.constantFrom(0, 0, 0, 1, 2, 2),
    reason: fc.nat(REASONS.length - 1),
  })
  .map(({ slot, face, reason }): Vote => ({ ...slot, face, reason }));
const votes = (minLength: number, maxLength: number) => fc.array(vote, { minLength, maxLength });

/** Single late votes; few of one kind, many of one kind, and some of all kinds. */
const lateWave = fc.oneof(
  votes(1, 3),
  fc.tuple(vote, fc.integer({ min: 3, max: 9 })).map(([one, times]): Wave => Array(times).fill(one)),
  fc
    .tuple(vote, fc.integer({ min: 4, max: 9 }), vote, fc.integer({ min: 0, max: 6 }))
    .map(([one, times, other, more]): Wave => [...Array(times).fill(one), ...Array(more).fill(other)]),
  votes(20, 60),
);

const cuts = fc
  .array(fc.tuple(fc.nat(DAYS - 1), fc.integer({ min: 1, max: DAYS })), { maxLength: 4 })
  .map((list) =>
    list.map(([first, days]) => ({
      fromDay: addDays(FIRST_DAY, first),
      toDay: addDays(FIRST_DAY, first + days),
    })),
  );
/** From one day to each of the days after it: the classical pair, of which one holds a day more. */
const GROWING: readonly DaySpan[] = Array.from({ length: DAYS }, (_, days) => ({
  fromDay: FIRST_DAY,
  toDay: addDays(FIRST_DAY, days + 1),
}));

describe("all files together that one may ask for without the scope for exact figures", () => {
  it("let no small group be worked out, whatever days are asked for and whatever these are divided by", async () => {
    await fc.assert(
      fc.asyncProperty(votes(40, 190), cuts, async (cast, spans) => {
        const seen = await watching(async (world) => {
          await world.receive(cast);
          await world.prove();
          await world.read([ALL, ...GROWING, ...spans]);
        });
        expect(foundOut(seen)).toEqual([]);
      }),
      // Each run fills a store: shrinking a failure would take minutes, and the message names the group anyway.
      { numRuns: 10, endOnFailure: true },
    );
  });

  it("let none be worked out either by who reads them again while votes come, and after late ones and revisions", async () => {
    let revisions = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(votes(1, 60), { minLength: 2, maxLength: 4 }),
        fc.array(lateWave, { minLength: 1, maxLength: 3 }),
        async (running, late) => {
          const seen = await watching(async (world) => {
            for (const wave of running) {
              await world.receive(wave);
              await world.read([ALL]);
            }
            await world.prove();
            await world.read([ALL]);
            for (const wave of late) {
              await world.receive(wave);
              await world.read([ALL, ...GROWING.slice(3, 6)]);
              revisions += await world.prove();
              await world.read([ALL, ...GROWING.slice(3, 6)]);
            }
          });
          expect(foundOut(seen)).toEqual([]);
        },
      ),
      { numRuns: 15, endOnFailure: true },
    );
    // Otherwise no difference between two of them was looked at.
    expect(revisions).toBeGreaterThan(3);
  });

  it("hold no late vote that is told by what moves beside it", async () => {
    const [green, yellow, red] = [0, 1, 2].map((face): Vote => ({ day: 3, hour: 0, face, reason: 0 })) as [
      Vote,
      Vote,
      Vote,
    ];
    const late: Wave = [...Array(5).fill(green), yellow];
    const seen = await watching(async (world) => {
      await world.receive([...Array(40).fill(green), ...Array(4).fill(yellow), ...Array(4).fill(red)]);
      await world.prove();
      await world.read([ALL]);
      await world.receive(late);
      expect(await world.prove()).toBe(0);
      await world.read([ALL]);
      // One that is worth a revision, because of those that are hidden there are enough.
      await world.receive([...late, ...Array(4).fill(red)]);
      expect(await world.prove()).toBe(1);
      await world.read([ALL]);
    });
    expect(foundOut(seen)).toEqual([]);
  });

  it("would let a single vote be had, were the figures of a running month shown", async () => {
    const one: Vote = { day: 3, hour: 0, face: 2, reason: 0 };
    const many: Wave = Array(40).fill({ ...one, face: 0 });
    const seen = await watching(async (world) => {
      await world.receive([...many, ...Array(20).fill(one), ...Array(9).fill({ ...one, face: 1 })]);
      await world.read([ALL], true);
      await world.receive([one]);
      await world.read([ALL], true);
    });
    expect(foundOut(seen)).toContainEqual(expect.stringContaining("1 red of"));
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
  "green or yellow": ["green", "yellow"],
};

function atomOf({ face, reason }: Vote): Atom {
  return FACES[face] === "red" ? (ATOMS[2 + reason] as Atom) : (ATOMS[face] as Atom);
}

type World = {
  readonly receive: (wave: Wave) => Promise<void>;
  /** Proves both months, or makes a new revision where it is worth it; gives how many of these. */
  readonly prove: () => Promise<number>;
  /** Asks for all files of some spans. @param isUnsettledShown as if the running month were shown. */
  readonly read: (spans: readonly DaySpan[], isUnsettledShown?: boolean) => Promise<void>;
};
/** A row that was read, with the waves that are in its figures. */
type Reading = Row & { readonly waves: readonly number[] };
type Seen = { readonly readings: readonly Reading[]; readonly waves: readonly Wave[] };

/** Lets something happen and keeps all that was read. */
async function watching(happens: (world: World) => Promise<void>): Promise<Seen> {
  const store = openSqliteStore(":memory:", 0);
  const totem = testTotem("totem-1");
  totem.start();
  await store.registerTotem({ ...totem.record, siteId: "municipio" });
  const waves: Wave[] = [];
  const readings: Reading[] = [];
  const sums = new Map<string, Pick<MonthProof, "sums" | "revision">>();
  /** How many waves had come when a month was first proved, and when its latest revision was. */
  const provedAt = new Map<string, { readonly first: number; readonly latest: number }>();
  let sent = 0;
  await happens({
    receive: async (wave) => {
      waves.push(wave);
      let last = 1;
      for (const one of wave) last = totem.append(entryOf(one));
      await store.ingest([verifiedBatch(totem, totem.batch(sent + 1, last))], DIRECTORY.rules);
      sent = last;
    },
    prove: async () => {
      let revisions = 0;
      for (const span of monthsTouching(ALL)) {
        const month = span.fromDay.slice(0, 7);
        const before = sums.get(month) ?? null;
        const fresh = { month, revision: 1, sums: await sumsOf(store, span) } as unknown as MonthProof;
        const next = revised(before, fresh);
        if (next === null) continue;
        sums.set(month, next);
        await store.putMonthProof(month, next.revision, JSON.stringify(next));
        provedAt.set(month, {
          first: provedAt.get(month)?.first ?? waves.length,
          latest: waves.length,
        });
        if (before !== null) revisions += 1;
      }
      return revisions;
    },
    read: async (spans, isUnsettledShown = false) => {
      for (const by of ["hour", "day", "week", "month"] as const) {
        for (const span of spans) {
          for (const row of await rowsOf(store, { by, span, isUnsettledShown })) {
            const proved = provedAt.get(row.row.name.period.slice(0, 7));
            const isWhole = by === "month" && span === ALL;
            const through = isUnsettledShown
              ? waves.length
              : isWhole
                ? proved?.latest
                : [...provedAt.values()].at(0)?.first;
            readings.push({ ...row, waves: [...waves.keys()].slice(0, through) });
          }
        }
      }
    },
  });
  await store.close();
  return { readings, waves };
}

/** The figures of a month that its proof would say. */
async function sumsOf(store: Store, span: DaySpan): Promise<readonly OpenedSum[]> {
  const lines = shownMonth(linesOf(await store.countSpans([span]), null));
  return [...lines.values()].flatMap(({ seen, tally, place, wording }) => {
    const row = { uo: place.officeId, service: place.serviceId, wording: wording ?? 1 };
    const sum = (figure: OpenedSum["figure"], total: number) => ({ row, figure, total }) as OpenedSum;
    return [
      ...(isValidSeen(seen) ? [sum("valid", validOf(tally))] : []),
      ...VOTE_CELLS.filter((cell) => isSeen(seen, cellIndex(cell))).map((cell) =>
        sum(cell.replace("reason_", "") as OpenedSum["figure"], tally.cells[cellIndex(cell)] as number),
      ),
    ];
  });
}

function entryOf({ day, hour, face, reason }: Vote): Canonical {
  const wallMs = Date.parse(`${addDays(FIRST_DAY, day)}T00:00:00+02:00`) + (hour + 8) * HOUR_MS;
  const kind = FACES[face] ?? "green";
  return voteEntry({
    ...{ face: kind, reason: kind === "red" ? (REASONS[reason] ?? "none") : null },
    ...{ service: SERVICE, time: trustedTime(wallMs) },
  }) as Canonical;
}

async function rowsOf(
  store: Store,
  asked: { readonly by: Period; readonly span: DaySpan; readonly isUnsettledShown: boolean },
): Promise<readonly Row[]> {
  const { by, span, isUnsettledShown } = asked;
  const parts = { store, directory: DIRECTORY, settings: GOLDEN_SETTINGS, isUnsettledShown };
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

/** Everything of fewer than five votes that the readings give away, in words. */
function foundOut({ readings, waves }: Seen): readonly string[] {
  const slotOf = ({ day, hour }: Vote) => `${addDays(FIRST_DAY, day)} ${hour + 8}`;
  const slots = [...new Set(waves.flat().map(slotOf))];
  const cells = waves.flatMap((wave, index) => slots.map((slot) => ({ wave: index, slot, votes: wave })));
  const cellsOf = ({ holds }: Pick<Row, "holds">, some: readonly number[]) =>
    cells.flatMap(({ wave, slot }, index) => (some.includes(wave) && isInside(slot, holds) ? [index] : []));
  const span = linearSpan(
    distinct(readings.flatMap((reading) => publishedBy(reading, cellsOf(reading, reading.waves)))),
    cells.length * ATOMS.length,
  );
  const found = new Set<string>();
  // Of each row's hours: all votes, those that came in each wave, and those up to each wave.
  const ranges = waves.flatMap((_, last) => [[...waves.keys()].slice(0, last + 1), [last]]);
  for (const { row, holds } of distinctRows(readings)) {
    for (const range of ranges) {
      const inside = cellsOf({ holds }, range);
      for (const [name, atoms] of Object.entries(GROUPS)) {
        const count = range
          .flatMap((wave) => waves[wave] ?? [])
          .filter((one) => atoms.includes(atomOf(one)) && isInside(slotOf(one), holds)).length;
        if (count > 0 && count < 5 && span.holds(unknownsOf(inside, atoms))) {
          found.add(`${count} ${name} of ${row.name.period}, waves ${range.join("+")}`);
        }
      }
    }
  }
  return [...found];
}

function distinct(equations: readonly Equation[]): readonly Equation[] {
  return [...new Map(equations.map((one) => [JSON.stringify(one), one])).values()];
}

function distinctRows(readings: readonly Reading[]): readonly Reading[] {
  const nameOf = ({ row, waves }: Reading) => `${row.name.period} ${row.name.periodStart} ${waves.length}`;
  return [...new Map(readings.map((one) => [nameOf(one), one])).values()];
}

/** What a reader learns from one row about the hours in it. */
function publishedBy({ row: { line } }: Row, inside: readonly number[]): readonly Equation[] {
  return [
    ...(isValidSeen(line.seen) ? [{ unknowns: unknownsOf(inside, ATOMS), sum: validOf(line.tally) }] : []),
    ...VOTE_CELLS.filter((cell) => isSeen(line.seen, cellIndex(cell))).map((cell) => ({
      unknowns: unknownsOf(inside, cell === "red" ? RED : [cell]),
      sum: line.tally.cells[cellIndex(cell)] as number,
    })),
  ];
}

function isInside(slot: string, holds: Row["holds"]): boolean {
  const [day = "", hour] = slot.split(" ");
  return holds(day, Number(hour));
}

function unknownsOf(cells: readonly number[], atoms: readonly Atom[]): readonly number[] {
  return cells.flatMap((cell) => atoms.map((atom) => cell * ATOMS.length + ATOMS.indexOf(atom)));
}
