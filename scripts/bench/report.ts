/**
 * How long the aggregate report over a year by month takes, and whether a hundred times the votes make it slower.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { localDayOf } from "#schemas/local-day.ts";
import { askReport } from "./ask-report.ts";
import { fillCounters, lastYear, proveMonths } from "./filled-counters.ts";
import type { Measurement, Place, Size } from "./measurement.ts";
import { type Goal, judged, type Row } from "./row.ts";
import { median, percentile, ratio } from "./statistics.ts";
import { ZONE } from "./town.ts";
import { startTownGateway, type TownGateway } from "./town-gateway.ts";

/** The goal's two sizes; the tiny one only shows that it runs. */
const VOTES: Readonly<Record<Size, { readonly few: number; readonly many: number }>> = {
  full: { few: 100_000, many: 10_000_000 },
  short: { few: 100_000, many: 10_000_000 },
  tiny: { few: 1_000, many: 2_000 },
};
/** Requests to each of the two; the gateway takes 600 a minute from one address. */
const REQUESTS: Readonly<Record<Size, number>> = { full: 100, short: 40, tiny: 2 };
const WARM_UP: Readonly<Record<Size, number>> = { full: 20, short: 10, tiny: 0 };

const TIME_GOAL: Goal = {
  kind: "at most",
  value: 50,
  reason: "a page that asks for a year must feel like one that asks for a day",
};
const GROWTH_GOAL: Goal = {
  kind: "at most",
  value: 1.2,
  reason: "reports read counters, whose number does not depend on the votes in them",
};

export const REPORT: Measurement = {
  name: "report",
  about: "aggregate report over a year by month, at 10 million votes and at 100 thousand",
  run: async (size, place) => {
    const { few, many } = VOTES[size];
    const gateways = [
      await filledGateway(few, "few", place),
      await filledGateway(many, "many", place),
    ] as const;
    try {
      place.say("asking both in turn");
      const [fewMs, manyMs] = await askInTurn(gateways, size);
      return rowsOf({ few, many, fewMs, manyMs });
    } finally {
      for (const gateway of gateways) await gateway.stop();
    }
  },
};

async function filledGateway(votes: number, name: string, { dir, say }: Place): Promise<TownGateway> {
  say(`filling a year of counters with ${votes} votes`);
  const own = join(dir, name);
  mkdirSync(own);
  const fill = (databaseFile: string) => {
    fillCounters(databaseFile, votes, year());
    proveMonths(databaseFile, year());
  };
  return startTownGateway({ dir: own, fill });
}

async function askInTurn(
  gateways: readonly [TownGateway, TownGateway],
  size: Size,
): Promise<readonly [readonly number[], readonly number[]]> {
  const times: readonly [number[], number[]] = [[], []];
  const query = { ...year(), by: "month" };
  for (let n = -WARM_UP[size]; n < REQUESTS[size]; n++) {
    for (const [index, gateway] of gateways.entries()) {
      const { ms } = await askReport(gateway, query);
      if (n >= 0) times[index]?.push(ms);
    }
  }
  return times;
}

function year() {
  return lastYear(localDayOf(Date.now(), ZONE));
}

function rowsOf(times: {
  readonly few: number;
  readonly many: number;
  readonly fewMs: readonly number[];
  readonly manyMs: readonly number[];
}): readonly Row[] {
  const { few, many, fewMs, manyMs } = times;
  const note = `over HTTP from the gateway's process; p95 ${percentile(manyMs, 95).toFixed(1)} ms; the votes were put into the counters, not stored one by one`;
  return [
    judged(`report over a year by month, ${many} votes, median`, median(manyMs), "ms", {
      goal: TIME_GOAL,
      note,
    }),
    judged(`the same at ${many} votes against ${few}`, ratio(median(manyMs), median(fewMs)), "x", {
      goal: GROWTH_GOAL,
      note: `median at ${few} votes: ${median(fewMs).toFixed(1)} ms, asked in turn`,
    }),
  ];
}
