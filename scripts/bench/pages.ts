/**
 * How long the gateway's pages take over a year of history while two hundred people watch today's figures move.
 */
import Database from "better-sqlite3";
import { COUNT_COLUMNS } from "#gateway/rollups/counts.ts";
import { dayNumber, localDayOf } from "#schemas/local-day.ts";
import { CURRENT_WORDING } from "#schemas/wording.ts";
import { fillCounters, lastYear, proveMonths } from "./filled-counters.ts";
import type { Measurement, Place, Size } from "./measurement.ts";
import { processorMs, residentMb } from "./process-figures.ts";
import { type Goal, judged, type Row, told } from "./row.ts";
import { median, percentile } from "./statistics.ts";
import { ZONE } from "./town.ts";
import { startTownGateway, type TownGateway } from "./town-gateway.ts";

const VOTES: Readonly<Record<Size, number>> = { full: 1_000_000, short: 1_000_000, tiny: 2_000 };
const VIEWERS: Readonly<Record<Size, number>> = { full: 200, short: 200, tiny: 3 };
/** Of each page; with the viewers and the warm-up below the 600 requests a minute that one token may make. */
const REQUESTS: Readonly<Record<Size, number>> = { full: 80, short: 40, tiny: 2 };
const WARM_UP: Readonly<Record<Size, number>> = { full: 10, short: 10, tiny: 0 };
/** What people open: today, a year of everything, a year of one office with its hours. */
const PAGES = ["/", "/trends", "/trends?office=ufficio-1"] as const;
/** New votes of every service, so that every tick has news for everybody. */
const VOTES_EACH = 7;
const NEWS_EVERY_MS = 1_000;

const GOAL: Goal = {
  kind: "at most",
  value: 100,
  reason: "below a tenth of a second a page seems to be there at once",
};

export const PAGES_MEASUREMENT: Measurement = {
  name: "pages",
  about: "the gateway's pages over a year of history, with 200 dashboard viewers connected",
  run: async (size, place) => {
    const gateway = await filled(size, place);
    const stop = keepVoting(gateway.databaseFile);
    const viewers = await Promise.all(Array.from({ length: VIEWERS[size] }, () => watch(gateway)));
    try {
      place.say(`${viewers.length} viewers watch`);
      const [startMs, startCpuMs] = [performance.now(), processorMs(gateway.program.pid)];
      const times = await askInTurn(gateway, size);
      const cpuShare = (processorMs(gateway.program.pid) - startCpuMs) / (performance.now() - startMs);
      const figures = {
        viewers: viewers.length,
        times,
        cpuShare,
        residentMb: residentMb(gateway.program.pid),
      };
      for (const { events } of viewers) if (events() === 0) throw new Error("a viewer was told nothing");
      return rowsOf(figures);
    } finally {
      stop();
      for (const viewer of viewers) viewer.leave();
      await gateway.stop();
    }
  },
};

function filled(size: Size, { dir, say }: Place): Promise<TownGateway> {
  say(`filling a year of counters with ${VOTES[size]} votes`);
  const year = lastYear(localDayOf(Date.now(), ZONE));
  const fill = (databaseFile: string) => {
    fillCounters(databaseFile, VOTES[size], year);
    // Without a proof the pages would show none of it.
    proveMonths(databaseFile, year);
  };
  return startTownGateway({ dir, fill });
}

/** Puts votes into today's counters, beside the gateway, until it is told to end. */
function keepVoting(databaseFile: string): () => void {
  const database = new Database(databaseFile);
  const today = localDayOf(Date.now(), ZONE);
  const put = database.prepare(
    `INSERT INTO day_count (day, place_no, wording, ${COUNT_COLUMNS.join(", ")})
     SELECT ?, no, ?, ${COUNT_COLUMNS.map((column) => (column === "green" ? VOTES_EACH : 0)).join(", ")} FROM place WHERE true
     ON CONFLICT DO UPDATE SET green = green + ${VOTES_EACH}`,
  );
  const timer = setInterval(() => put.run(dayNumber(today), CURRENT_WORDING), NEWS_EVERY_MS);
  return () => {
    clearInterval(timer);
    database.close();
  };
}

type Viewer = { readonly events: () => number; readonly leave: () => void };

async function watch({ url, token }: TownGateway): Promise<Viewer> {
  const control = new AbortController();
  const response = await fetch(`${url}/live`, { headers: bearer(token), signal: control.signal });
  if (!response.ok || response.body === null) throw new Error(`/live answered ${response.status}`);
  let events = 0;
  const { body } = response;
  const read = async () => {
    for await (const piece of body) if (Buffer.from(piece).includes("data: ")) events += 1;
  };
  // It ends by being left.
  read().catch(() => undefined);
  return { events: () => events, leave: () => control.abort() };
}

async function askInTurn(gateway: TownGateway, size: Size): Promise<ReadonlyMap<string, readonly number[]>> {
  const times = new Map<string, number[]>(PAGES.map((page) => [page, []]));
  for (let n = -WARM_UP[size]; n < REQUESTS[size]; n++) {
    for (const page of PAGES) {
      const startMs = performance.now();
      const response = await fetch(`${gateway.url}${page}`, { headers: bearer(gateway.token) });
      const text = await response.text();
      if (!response.ok) throw new Error(`${page} answered ${response.status}: ${text.slice(0, 200)}`);
      if (!text.includes('<svg class="chart')) throw new Error(`${page} shows no figures`);
      if (n >= 0) times.get(page)?.push(performance.now() - startMs);
    }
  }
  return times;
}

function bearer(token: string) {
  return { authorization: `Bearer ${token}` };
}

function rowsOf(figures: {
  readonly viewers: number;
  readonly times: ReadonlyMap<string, readonly number[]>;
  readonly cpuShare: number;
  readonly residentMb: number;
}): readonly Row[] {
  const { viewers, times, cpuShare } = figures;
  const each = [...times].map(
    ([page, ms]) => `${page} ${median(ms).toFixed(1)}, p99 ${percentile(ms, 99).toFixed(1)}`,
  );
  return [
    judged(
      `page latency, p99, ${viewers} dashboard viewers connected`,
      percentile([...times.values()].flat(), 99),
      "ms",
      {
        goal: GOAL,
        note: `a year of 20 offices with 5 services; medians: ${each.join("; ")}; the viewers are one process on the same machine`,
      },
    ),
    told(
      `gateway: resident memory with ${viewers} dashboard viewers`,
      figures.residentMb,
      "MB",
      `${(cpuShare * 100).toFixed(0)} % of a core, pages included; every service's figures move at every tick`,
    ),
  ];
}
