/**
 * Whether a long export needs more memory than short ones. V8 collects garbage when it finds it worth while, so a process
 * that has written much holds more than one that has written little, however it writes. Compared are therefore two fresh
 * processes that write the same rows: one in twelve files, the other in one; and of several such rounds the smallest rise
 * of each, because garbage that nobody came to collect only adds to what was needed.
 */
import { askReport } from "./ask-report.ts";
import { exactByHour, monthsOf, type Year } from "./filled-counters.ts";
import { forgetPeak, peakResidentMb, residentMb } from "./process-figures.ts";
import { type Goal, judged, type Row } from "./row.ts";
import type { TownGateway } from "./town-gateway.ts";

const MEMORY_GOAL: Goal = {
  kind: "at most",
  value: 27,
  reason:
    "constant memory: a file of 54 MB that were held whole, and be it as bytes, would show as twice this much",
};

type Growth = { readonly mb: number; readonly rows: number };

/**
 * Writes the year as twelve files and as one, each in a fresh process, so many times; the smallest rises are compared.
 * @returns the row, and the gateway that is running now.
 */
export async function measureMemory(
  first: TownGateway,
  year: Year,
  rounds: number,
): Promise<{ readonly row: Row; readonly gateway: TownGateway }> {
  let gateway = first;
  const [short, long]: [Growth[], Growth[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    gateway = await gateway.restart();
    short.push(await growthOver(gateway, monthsOf(year)));
    gateway = await gateway.restart();
    long.push(await growthOver(gateway, [year]));
  }
  return { row: memoryRow(short, long), gateway };
}

/** How far a fresh gateway's resident memory rises while it writes some files, one after the other. */
async function growthOver(gateway: TownGateway, spans: readonly Year[]): Promise<Growth> {
  const { pid } = gateway.program;
  const beforeMb = residentMb(pid);
  forgetPeak(pid);
  let rows = 0;
  for (const span of spans) rows += (await askReport(gateway, exactByHour(span))).lines - 1;
  return { mb: peakResidentMb(pid) - beforeMb, rows };
}

function memoryRow(short: readonly Growth[], long: readonly Growth[]): Row {
  const [shortMb, longMb] = [Math.min(...short.map(({ mb }) => mb)), Math.min(...long.map(({ mb }) => mb))];
  return judged(
    `memory: exporting one file of ${long[0]?.rows} rows above twelve files of as many`,
    longMb - shortMb,
    "MB",
    {
      goal: MEMORY_GOAL,
      note: `peak above idle: ${longMb.toFixed(0)} MB for one, ${shortMb.toFixed(0)} MB for twelve; the smallest of ${long.length} rounds`,
    },
  );
}
