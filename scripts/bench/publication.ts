/**
 * How long a month of a million votes takes to be published, and to become a report to the ministry.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { xlsxFile } from "#gateway/api/xlsx-file.ts";
import { directoryOf } from "#gateway/directory.ts";
import { reportFiles, zipOf } from "#gateway/ministry/report-package.ts";
import { publicationOf } from "#gateway/publication/month-data.ts";
import { monthFiles } from "#gateway/publication/month-files.ts";
import { publishMonths } from "#gateway/publication/write-publication.ts";
import { openSqliteStore } from "#gateway/store/sqlite/sqlite-store.ts";
import type { Store } from "#gateway/store/store.ts";
import { addDays, localDayOf } from "#schemas/local-day.ts";
import type { MonthProof } from "#schemas/public-log.ts";
import { makeSigningKey } from "#schemas/signature.ts";
import { fillCounters, lastYear } from "./filled-counters.ts";
import type { Measurement, Place, Size } from "./measurement.ts";
import { type Goal, judged, type Row } from "./row.ts";
import { median } from "./statistics.ts";
import { fullTownSettings, ZONE } from "./town.ts";

/** Votes of a year of which each month has a twelfth. */
const VOTES: Readonly<Record<Size, number>> = { full: 12_000_000, short: 12_000_000, tiny: 12_000 };
const RUNS: Readonly<Record<Size, number>> = { full: 9, short: 5, tiny: 1 };

const GOAL: Goal = { kind: "at most", value: 1_000, reason: "who asks for a report waits for it" };

export const PUBLICATION: Measurement = {
  name: "publish",
  about: "a month of a million votes: its public folder, and the report to the ministry",
  run: measure,
};

async function measure(size: Size, { dir, say }: Place): Promise<readonly Row[]> {
  const year = lastYear(localDayOf(Date.now(), ZONE));
  const month = addDays(year.to, -1).slice(0, 7);
  const databaseFile = join(dir, "gateway.db");
  const filled = openSqliteStore(databaseFile, Date.now());
  await filled.close();
  say(`filling a year of counters with ${VOTES[size]} votes`);
  fillCounters(databaseFile, VOTES[size], year);
  const store = openSqliteStore(databaseFile, Date.now());
  try {
    const times: { readonly publish: number[]; readonly report: number[] } = { publish: [], report: [] };
    for (let run = 0; run < RUNS[size]; run++) {
      const dataDir = join(dir, `run-${run}`);
      mkdirSync(dataDir);
      const settings = { ...fullTownSettings(), dataDir };
      const parts = {
        settings,
        directory: directoryOf(settings),
        store: await proved(store, month, settings),
      };
      times.publish.push(
        await millisecondsOf(() => publishMonths({ ...parts, nowMs: Date.now, files: monthFiles(parts) })),
      );
      times.report.push(await millisecondsOf(() => packed(store, dataDir, month)));
    }
    const votes = Math.round(VOTES[size] / 12);
    const note = `${servicesOfTown()} services; the votes were put into the counters, not stored one by one; median of ${RUNS[size]}`;
    return [
      judged(`a month of ${votes} votes published: pages, files, record`, median(times.publish), "ms", {
        goal: GOAL,
        note,
      }),
      judged("the report to the ministry over it: PDF, XLSX, CSV, JSON", median(times.report), "ms", {
        goal: GOAL,
      }),
    ];
  } finally {
    await store.close();
  }
}

const servicesOfTown = () =>
  fullTownSettings().sites.flatMap(({ offices }) => offices.flatMap((office) => office.services)).length;

/** The store with a proof that says of the month what its counters say: proofs are measured elsewhere. */
async function proved(
  unproved: Store,
  month: string,
  settings: ReturnType<typeof fullTownSettings>,
): Promise<Store> {
  const store: Store = { ...unproved, provedMonths: async () => new Map([[month, 1]]) };
  const parts = { store, settings, directory: directoryOf(settings) };
  const files = monthFiles(parts);
  const empty = {
    month,
    revision: 1,
    sums: [],
    corrections: [],
    missing: [],
    log: { size: 0, hash: "00".repeat(32) },
  };
  const proof = { ...empty, signature: "00".repeat(64) } as MonthProof;
  const { administration, sample } = settings;
  const facts = { day: "2026-01-05", sample, administration, labels: await files.labelsOf(month) };
  const { rows } = publicationOf(await files.rowsOf(month), proof, facts);
  const sums = rows.flatMap(({ uo, serviceId, wording, valid, green, yellow, red, reasons }) =>
    Object.entries({ valid, green, yellow, red, ...reasons }).flatMap(([figure, total]) =>
      total === null
        ? []
        : [{ row: { uo, service: serviceId, wording }, figure, of: [], total, opening: "00".repeat(32) }],
    ),
  );
  const text = JSON.stringify({ ...proof, sums });
  // Each run freezes it anew.
  const fresh = { frozenMonth: async () => null, freezeMonth: async () => undefined };
  return { ...store, ...fresh, monthProof: async (asked) => (asked === month ? text : null) };
}

async function packed(store: Store, dataDir: string, month: string): Promise<void> {
  const made = await reportFiles(
    { store, dataDir, key: makeSigningKey(), workbook: (pages, about) => xlsxFile(pages, about) },
    { from: month, to: month },
  );
  if (!made.ok) throw new Error(made.problem);
  for await (const _ of zipOf(made.value));
}

async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}
