/**
 * How fast the CSV export of a year by hour is beside `sqlite3 -csv` printing the very same cells, and whether ten times
 * the rows need more memory.
 */
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { parse } from "csv-parse/sync";
import { localDayOf } from "#schemas/local-day.ts";
import { findTool } from "../outside-tools.ts";
import { askReport, linesIn } from "./ask-report.ts";
import { measureMemory } from "./export-memory.ts";
import { exactByHour, fillCounters, lastYear, type Year } from "./filled-counters.ts";
import type { Measurement, Place, Size } from "./measurement.ts";
import { type Goal, judged, notMeasured, type Row, told } from "./row.ts";
import { median, perSecond, ratio } from "./statistics.ts";
import { ZONE } from "./town.ts";
import { startTownGateway, type TownGateway } from "./town-gateway.ts";

/** Votes in the year: enough for a row in every open hour of every service. */
const VOTES: Readonly<Record<Size, number>> = { full: 10_000_000, short: 10_000_000, tiny: 20_000 };
/** Whole exports of each, in turn; the middle one counts. */
const RUNS: Readonly<Record<Size, number>> = { full: 5, short: 3, tiny: 1 };
/** When V8 collects is a matter of chance, which some rounds even out. */
const MEMORY_ROUNDS: Readonly<Record<Size, number>> = { full: 7, short: 4, tiny: 1 };

const SPEED_GOAL: Goal = {
  kind: "at least",
  value: 0.5,
  reason: "half as fast as a C program that only prints; 1 is the dream",
};

export const EXPORT: Measurement = {
  name: "export",
  about: "CSV export of a year by hour against `sqlite3 -csv` on the same rows, and its memory",
  run: async (size, place) => {
    const year = lastYear(localDayOf(Date.now(), ZONE));
    place.say("filling a year of counters");
    let gateway = await startTownGateway({
      dir: place.dir,
      fill: (databaseFile) => void fillCounters(databaseFile, VOTES[size], year),
    });
    try {
      const speed = await measureSpeed(gateway, year, { ...place, runs: RUNS[size] });
      place.say("twelve files and one file, in fresh processes");
      const memory = await measureMemory(gateway, year, MEMORY_ROUNDS[size]);
      gateway = memory.gateway;
      return [...speed, memory.row];
    } finally {
      await gateway.stop();
    }
  },
};

async function measureSpeed(
  gateway: TownGateway,
  year: Year,
  at: Place & { readonly runs: number },
): Promise<readonly Row[]> {
  const { dir, say, runs } = at;
  const csvFile = join(dir, "export.csv");
  const { lines } = await save(gateway, year, csvFile);
  const name = "CSV export of a year by hour against sqlite3 -csv";
  const sqlite = findTool("sqlite3");
  if (sqlite === null) {
    return [notMeasured(name, "x", { goal: SPEED_GOAL, why: "needs sqlite3 (apt install sqlite3)" })];
  }
  say(`${lines - 1} rows; loading them for sqlite3`);
  const databaseFile = join(dir, "exported.db");
  loadCells(csvFile, databaseFile);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let run = 0; run < runs; run++) {
    ours.push((await askReport(gateway, exactByHour(year))).ms);
    const printed = await printWith(sqlite, databaseFile);
    if (printed.lines !== lines) throw new Error(`sqlite3 printed ${printed.lines} lines, we ${lines}`);
    theirs.push(printed.ms);
    say(`export ${run + 1} of ${runs}`);
  }
  const rows = lines - 1;
  return [
    told(`CSV export of a year by hour, ${rows} rows`, perSecond(rows, median(ours)), "rows/s", "over HTTP"),
    told(
      "peer: sqlite3 -csv printing the same cells",
      perSecond(rows, median(theirs)),
      "rows/s",
      "into a pipe",
    ),
    judged(name, ratio(median(theirs), median(ours)), "x", { goal: SPEED_GOAL }),
  ];
}

async function save(gateway: TownGateway, year: Year, file: string) {
  const out = openSync(file, "w");
  try {
    return await askReport(gateway, exactByHour(year), (piece) => writeSync(out, piece));
  } finally {
    closeSync(out);
  }
}

/** Puts the file's own cells into a table, numbers as numbers. */
function loadCells(csvFile: string, databaseFile: string): void {
  const [header = [], ...lines] = parse(readFileSync(csvFile)) as string[][];
  const database = new Database(databaseFile);
  try {
    database.exec(`CREATE TABLE exported (${header.map((name) => `"${name}"`).join(", ")})`);
    const put = database.prepare(`INSERT INTO exported VALUES (${header.map(() => "?").join(", ")})`);
    database.transaction(() => {
      for (const cells of lines) put.run(...cells.map(cellOf));
    })();
  } finally {
    database.close();
  }
}

function cellOf(text: string): string | number | bigint | null {
  if (text === "") return null;
  if (/^-?\d{1,15}$/.test(text)) return BigInt(text);
  return /^-?\d+\.\d$/.test(text) ? Number(text) : text;
}

/** Lets sqlite3 print the table into a pipe that is read to its end. */
async function printWith(
  sqlite: string,
  databaseFile: string,
): Promise<{ readonly ms: number; readonly lines: number }> {
  const startMs = performance.now();
  const child = spawn(sqlite, ["-csv", "-header", databaseFile, "SELECT * FROM exported"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let lines = 0;
  for await (const piece of child.stdout) lines += linesIn(piece as Buffer);
  const ms = performance.now() - startMs;
  if (child.exitCode !== null && child.exitCode !== 0)
    throw new Error(`sqlite3 ended with ${child.exitCode}`);
  return { ms, lines };
}
