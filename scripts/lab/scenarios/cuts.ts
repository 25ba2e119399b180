/**
 * Power cuts of the whole machine while people vote, and the same with a journal that does not wait for the disk.
 */

import { seeded } from "#schemas/seeded.fixture.ts";
import type { Measurement, Place, Size } from "../../bench/measurement.ts";
import { judged, type Row, told } from "../../bench/row.ts";
import { type Bench, setUp } from "../place.ts";
import { type CutsResult, cutPower, ticketsFor } from "./power-cuts.ts";

const CUTS: Readonly<Record<Size, number>> = { full: 50, short: 8, tiny: 2 };
/** With OFF nothing is flushed before the kernel's own write-back (30 s): the first cuts already lose. */
const OFF_CUTS: Readonly<Record<Size, number>> = { full: 4, short: 1, tiny: 1 };
/** Machines side by side; each is one processor. */
const LANES = 2;
const SEED = 3;

const NONE_LOST = { kind: "at most", value: 0, reason: "thanked means stored (promise 1)" } as const;
const SOME_LOST = { kind: "at least", value: 1, reason: "a check that cannot fail proves nothing" } as const;

export const CUTS_SCENARIO: Measurement = {
  name: "cuts",
  about: "votes lost by cutting the power of the whole machine while people vote",
  run: async (size, place) => {
    const bench = await setUp(place);
    const lanes = size === "tiny" ? 1 : LANES;
    const each = Math.ceil(CUTS[size] / lanes);
    let done = 0;
    const onCut = () => {
      done += 1;
      if (done % 10 === 0) place.say(`${done} of ${each * lanes} power cuts`);
    };
    const results = await Promise.all(
      Array.from({ length: lanes }, (_, lane) => cutLane(bench, place, { cuts: each, lane, onCut })),
    );
    const off = await cutLane(bench, place, {
      cuts: OFF_CUTS[size],
      lane: lanes,
      preload: ["no-flush.ts"],
    });
    return [...rowsOf(results), offRow(off)];
  },
};

async function cutLane(
  bench: Bench,
  { dir }: Place,
  how: {
    readonly cuts: number;
    readonly lane: number;
    readonly preload?: readonly string[];
    readonly onCut?: () => void;
  },
): Promise<CutsResult> {
  const { totem, disk } = await bench.totemOnDisk(ticketsFor(how.cuts));
  return cutPower({ ...bench, ...how, totem, disk, dir, random: seeded(SEED + how.lane) });
}

function rowsOf(results: readonly CutsResult[]): readonly Row[] {
  const sum = (of: (result: CutsResult) => number) =>
    results.reduce((total, result) => total + of(result), 0);
  return [
    told(
      "cuts: power cuts of the whole machine, synchronous=FULL",
      sum(({ cuts }) => cuts),
      "cuts",
    ),
    told(
      "cuts: votes thanked for between them",
      sum(({ thanked }) => thanked),
      "votes",
    ),
    judged(
      "cuts: thanked votes lost or changed",
      sum(({ lost }) => lost.length),
      "votes",
      { goal: NONE_LOST },
    ),
    judged(
      "cuts: votes and spent tickets that do not match",
      sum(({ torn }) => torn.length),
      "votes",
      {
        goal: NONE_LOST,
      },
    ),
  ];
}

function offRow({ cuts, thanked, lost }: CutsResult): Row {
  return judged("cuts: thanked votes lost by a journal with synchronous=OFF", lost.length, "votes", {
    goal: SOME_LOST,
    note: `of ${thanked} in ${cuts} cuts: the harness sees a loss when there is one`,
  });
}
