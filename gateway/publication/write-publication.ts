/**
 * Publishes closed months by itself: each as a folder of static files that anybody may copy, serve and check, once its day has come. What was
 * published is frozen with its proof, stands until that has a new revision, and is in the database: a folder that is lost is
 * written again as it was. Pages are drawn anew whenever their words change.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { LANGUAGES } from "#schemas/code-list.ts";
import type { GatewaySettings } from "#schemas/gateway-settings.ts";
import { localDayOf, monthSpan, monthsOf } from "#schemas/local-day.ts";
import type { MonthProof } from "#schemas/public-log.ts";
import { PUBLICATION, type Publication } from "#schemas/publication.ts";
import type { Directory } from "../directory.ts";
import type { FrozenMonth } from "../store/proof-store.ts";
import type { Store } from "../store/store.ts";
import { readActions } from "./actions.ts";
import { dcatOf } from "./dcat.ts";
import { publicationOf, unproved } from "./month-data.ts";
import { monthName, monthPage } from "./month-page.ts";
import { monthsPage, pageName } from "./public-shell.ts";

/** Days into the next month after which a month that is not published is an alarm. */
const LATE_DAY = 10;

/** The report's rows and files, and the pages beside them: what the gateway's API knows how to make. */
export type MonthFiles = {
  readonly rowsOf: (month: string) => Promise<Parameters<typeof publicationOf>[0]>;
  readonly csvOf: (month: string, profile: "open" | "excel-it") => Promise<AsyncIterable<unknown>>;
  readonly metadataOf: (month: string) => string;
  /** Style sheets and the page that checks proofs, by their names in the public folder. */
  readonly furniture: () => ReadonlyMap<string, string>;
  readonly labelsOf: (month: string) => Promise<Parameters<typeof publicationOf>[2]["labels"]>;
};

export type PublicationParts = {
  readonly settings: GatewaySettings;
  readonly store: Store;
  readonly directory: Directory;
  readonly nowMs: () => number;
  readonly files: MonthFiles;
};

export type Published = {
  /** Months made or made anew. */
  readonly months: readonly string[];
  /** Why a month was not published, in words. */
  readonly problems: readonly string[];
};

/** The folder that anybody may have. */
export function publicFolder(dataDir: string): string {
  return join(dataDir, "public");
}

export async function publishMonths(parts: PublicationParts): Promise<Published> {
  const { settings, store, directory, nowMs, files } = parts;
  const folder = publicFolder(settings.dataDir);
  const today = localDayOf(nowMs(), directory.sites[0]?.zone ?? "UTC");
  const months: string[] = [];
  const problems: string[] = [];
  const published: string[] = [];
  for (const proof of await proofsOf(store)) {
    const { month, revision } = proof;
    const frozen = await frozenMonth(parts, proof, today);
    problems.push(...frozen.problems.map((problem) => `${month}: ${problem}`));
    const isNew = readPublished(join(folder, month))?.revision !== revision;
    if (frozen.month === null || (isNew && today < dayOfNextMonth(month, settings.publication.day))) continue;
    const data = JSON.parse(frozen.month.figures) as Publication;
    if (isNew) writeFiles(parts, frozen.month, data);
    writePages(settings, data);
    // Ten years of months are some seconds of drawing: everything else has its turn in between.
    await turn();
    if (isNew) months.push(month);
    published.push(month);
  }
  for (const [name, text] of files.furniture()) put(join(folder, name), text);
  writeIndex(settings, published);
  await tellIfLate(parts, published, today);
  return { months, problems };
}

/**
 * What is published of a month, frozen as soon as it is proved: a vote that comes before its day of publication is late for both.
 * @param today said as the day it was made, if its own day has passed.
 */
async function frozenMonth(
  parts: PublicationParts,
  proof: MonthProof,
  today: string,
): Promise<{ readonly month: FrozenMonth | null; readonly problems: readonly string[] }> {
  const { settings, store, files } = parts;
  const { month, revision } = proof;
  const before = await store.frozenMonth(month);
  if (before?.revision === revision) return { month: before, problems: [] };
  const planned = dayOfNextMonth(month, settings.publication.day);
  const { sample, administration } = settings;
  const publication = publicationOf(await files.rowsOf(month), proof, {
    ...{
      day: today > planned ? today : planned,
      sample,
      administration,
      labels: await files.labelsOf(month),
    },
  });
  const problems = unproved(publication, proof);
  // What was published before stands.
  if (problems.length > 0) return { month: before, problems };
  const frozen: FrozenMonth = {
    ...{ month, revision, figures: `${JSON.stringify(publication, null, 2)}\n` },
    csv: await textOf(await files.csvOf(month, "open")),
    csvExcelIt: await textOf(await files.csvOf(month, "excel-it")),
  };
  await store.freezeMonth(frozen);
  return { month: frozen, problems: [] };
}

/** The files of a month; its figures last, so that one that was cut off is made again. */
function writeFiles({ settings, files }: PublicationParts, frozen: FrozenMonth, data: Publication): void {
  const folder = join(publicFolder(settings.dataDir), data.month);
  put(join(folder, "monthly.csv"), frozen.csv);
  put(join(folder, "monthly-excel-it.csv"), frozen.csvExcelIt);
  put(join(folder, "monthly.csv-metadata.json"), files.metadataOf(data.month));
  const { turtle, jsonLd } = dcatOf(data, settings.publication.url);
  put(join(folder, "dcat.ttl"), turtle);
  put(join(folder, "dcat.jsonld"), jsonLd);
  put(join(folder, "publication.json"), frozen.figures);
}

async function textOf(stream: AsyncIterable<unknown>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(Buffer.from(part as Buffer));
  return Buffer.concat(parts).toString("utf8");
}

function writePages(settings: GatewaySettings, data: Publication): void {
  const folder = join(publicFolder(settings.dataDir), data.month);
  const actions = readActions(settings.dataDir, data.month);
  for (const language of LANGUAGES) put(join(folder, pageName(language)), monthPage(data, actions, language));
}

function writeIndex({ dataDir, administration, sample }: GatewaySettings, months: readonly string[]): void {
  for (const language of LANGUAGES) {
    const about = { administration: administration.name, sample, months };
    const page = monthsPage(about, language, (month) => monthName(month, language));
    put(join(publicFolder(dataDir), pageName(language)), page);
  }
}

/** A month with votes that is not published ten days after its end: somebody has to look why. */
async function tellIfLate(
  { store, nowMs }: PublicationParts,
  published: readonly string[],
  today: string,
): Promise<void> {
  const late = (await votedMonths(store)).filter(
    (month) => today >= dayOfNextMonth(month, LATE_DAY) && !published.includes(month),
  );
  if (late.length === 0) return store.clearAlarm("month-unpublished", "", nowMs());
  return store.raiseAlarm(
    "month-unpublished",
    "",
    `not published: ${late.join(", ")}`.slice(0, 200),
    nowMs(),
  );
}

/** The latest signed proof of each closed month. */
async function proofsOf(store: Store): Promise<readonly MonthProof[]> {
  const proofs: MonthProof[] = [];
  for (const month of await votedMonths(store)) {
    const text = await store.monthProof(month);
    if (text !== null) proofs.push(JSON.parse(text) as MonthProof);
  }
  return proofs;
}

/** The months from the first vote's to the last's. */
async function votedMonths(store: Store): Promise<readonly string[]> {
  const voted = await store.votedDays();
  return voted === null ? [] : monthsOf({ from: voted.first.slice(0, 7), to: voted.last.slice(0, 7) });
}

function readPublished(folder: string): Publication | null {
  const file = join(folder, "publication.json");
  if (!existsSync(file)) return null;
  const parsed = PUBLICATION.parse(JSON.parse(readFileSync(file, "utf8")));
  return parsed.ok ? parsed.value : null;
}

function dayOfNextMonth(month: string, day: number): string {
  return `${monthSpan(month).to.slice(0, 7)}-${String(day).padStart(2, "0")}`;
}

/** Whole or not at all, and not at all when it is there: who copies the folder meanwhile never has half a file. */
function put(file: string, text: string): void {
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, text);
  renameSync(`${file}.part`, file);
}
