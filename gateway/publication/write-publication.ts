/**
 * Publishes closed months by itself: each as a folder of static files that anybody may copy, serve and check, once its day has come. What was
 * published stands until the proof has a new revision; pages are drawn anew from it whenever their words change.
 */
import { createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { LANGUAGES } from "#schemas/code-list.ts";
import type { GatewaySettings } from "#schemas/gateway-settings.ts";
import { localDayOf, monthSpan } from "#schemas/local-day.ts";
import type { MonthProof } from "#schemas/public-log.ts";
import { PUBLICATION, type Publication } from "#schemas/publication.ts";
import type { Directory } from "../directory.ts";
import type { Store } from "../store/store.ts";
import { readActions } from "./actions.ts";
import { dcatOf } from "./dcat.ts";
import { publicationOf, unproved } from "./month-data.ts";
import { monthName, monthPage, pageName } from "./month-page.ts";
import { monthsPage } from "./public-shell.ts";

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
    const { month } = proof;
    const before = readPublished(join(folder, month));
    const isNew = before?.revision !== proof.revision;
    if (isNew && today < dayOfNextMonth(month, settings.publication.day)) continue;
    const data = isNew ? await dataOf(parts, proof, today) : { publication: before, problems: [] };
    problems.push(...data.problems.map((problem) => `${month}: ${problem}`));
    if (data.publication === null) continue;
    if (isNew) await writeFiles(parts, data.publication);
    writePages(settings, data.publication);
    if (isNew) months.push(month);
    published.push(month);
  }
  for (const [name, text] of files.furniture()) put(join(folder, name), text);
  writeIndex(settings, published);
  await tellIfLate(parts, published, today);
  return { months, problems };
}

async function dataOf(
  { settings, files }: PublicationParts,
  proof: MonthProof,
  day: string,
): Promise<{ readonly publication: Publication | null; readonly problems: readonly string[] }> {
  const { sample, administration } = settings;
  const publication = publicationOf(await files.rowsOf(proof.month), proof, {
    ...{ day, sample, administration, labels: await files.labelsOf(proof.month) },
  });
  const problems = unproved(publication, proof);
  return { publication: problems.length === 0 ? publication : null, problems };
}

/** The files of a month; its data last, so that one that was cut off is made again. */
async function writeFiles({ settings, files }: PublicationParts, data: Publication): Promise<void> {
  const folder = join(publicFolder(settings.dataDir), data.month);
  mkdirSync(folder, { recursive: true });
  for (const [name, profile] of [
    ["monthly.csv", "open"],
    ["monthly-excel-it.csv", "excel-it"],
  ] as const) {
    const file = join(folder, name);
    await pipeline(await files.csvOf(data.month, profile), createWriteStream(`${file}.part`));
    renameSync(`${file}.part`, file);
  }
  put(join(folder, "monthly.csv-metadata.json"), files.metadataOf(data.month));
  const { turtle, jsonLd } = dcatOf(data, settings.publication.url);
  put(join(folder, "dcat.ttl"), turtle);
  put(join(folder, "dcat.jsonld"), jsonLd);
  put(join(folder, "publication.json"), `${JSON.stringify(data, null, 2)}\n`);
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
  const voted = await store.votedDays();
  const late: string[] = [];
  for (let month = voted?.first.slice(0, 7) ?? today.slice(0, 7); ; month = monthSpan(month).to.slice(0, 7)) {
    if (voted === null || month > voted.last.slice(0, 7) || today < dayOfNextMonth(month, LATE_DAY)) break;
    if (!published.includes(month)) late.push(month);
  }
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
  const voted = await store.votedDays();
  if (voted === null) return [];
  const proofs: MonthProof[] = [];
  for (
    let month = voted.first.slice(0, 7);
    month <= voted.last.slice(0, 7);
    month = monthSpan(month).to.slice(0, 7)
  ) {
    const text = await store.monthProof(month);
    if (text !== null) proofs.push(JSON.parse(text) as MonthProof);
  }
  return proofs;
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
