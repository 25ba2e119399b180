/**
 * Writes a readiness report where it can be found: into the data folder, and onto a USB stick that was prepared for it
 * by a folder named `faccine-reports`. Files are private, whole or not there, and the oldest make room.
 */
import {
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type ReadinessReport, SELF_TESTS_KEPT_MAX } from "#schemas/self-test.ts";
import { VOICE_LANGUAGES } from "#schemas/voice-texts.ts";
import { writableMountsUnder } from "../mount.ts";
import type { Log } from "../ports.ts";
import { reportHtml } from "./report-html.ts";

/** Whoever wants reports on a stick makes this folder on it: no stick is written to by surprise. */
export const STICK_FOLDER = "faccine-reports";

/** Where desktop systems and udisks mount what is plugged in. */
const MEDIA = ["/media", "/run/media", "/mnt"];

const OWNER_ONLY = 0o600;

/** Never through a link that lies there. */
const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

export type ReportPlaces = {
  readonly dataDir: string;
  readonly log: Pick<Log, "warn">;
  /** Others only in tests. */
  readonly media?: readonly string[];
  readonly mountInfo?: () => string;
};

/** @returns the files written. @throws when the data folder takes none: a report nobody can read is no report. */
export function writeReport(report: ReadinessReport, places: ReportPlaces): readonly string[] {
  const own = join(places.dataDir, "reports");
  mkdirSync(own, { recursive: true, mode: 0o700 });
  const files = writeInto(own, report);
  removeOldest(own, stampOf(report.startedMs));
  return [...files, ...onStick(report, places)];
}

function onStick(report: ReadinessReport, places: ReportPlaces): readonly string[] {
  const { media = MEDIA, mountInfo = () => readFileSync("/proc/self/mountinfo", "utf8"), log } = places;
  try {
    const stick = writableMountsUnder(mountInfo(), media)
      .map((point) => join(point, STICK_FOLDER))
      .find(isFolder);
    return stick === undefined ? [] : writeInto(stick, report);
  } catch (error) {
    // A full or worn stick: the report in the data folder stands.
    log.warn("report-not-on-stick", { message: (error as Error).message });
    return [];
  }
}

function writeInto(folder: string, report: ReadinessReport): readonly string[] {
  const name = `readiness-${report.totemId}-${stampOf(report.startedMs)}`;
  const texts: readonly (readonly [string, string])[] = [
    [`${name}.json`, `${JSON.stringify(report, null, 2)}\n`],
    ...VOICE_LANGUAGES.map((language) => [`${name}-${language}.html`, reportHtml(report, language)] as const),
  ];
  return texts.map(([file, text]) => {
    const path = join(folder, file);
    writeWhole(path, text);
    return path;
  });
}

/** A name that sorts by time and that every file system takes; only a clock that was set back makes one a second time. */
function stampOf(ms: number): string {
  return new Date(ms).toISOString().replaceAll(/[-:.]/g, "");
}

function writeWhole(path: string, text: string): void {
  const unfinished = `${path}.unfinished`;
  // Left by a stick that was pulled out, or laid there: whatever it is, nothing is written through it.
  rmSync(unfinished, { force: true });
  const file = openSync(unfinished, NEW_FILE, OWNER_ONLY);
  try {
    writeFileSync(file, text);
    // A stick's file system may know no owners: it refuses, and the report matters more.
    tryChmod(file);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(unfinished, path);
}

function tryChmod(file: number): void {
  try {
    fchmodSync(file, OWNER_ONLY);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") throw error;
  }
}

/** @param newest stays whatever its time says: without a network a clock may lie years behind the reports before. */
function removeOldest(folder: string, newest: string): void {
  const byReport = new Map<string, string[]>();
  for (const file of readdirSync(folder).sort()) {
    const stamp = /-(\d{8}T\d{9}Z)(-[a-z]{2})?\.(json|html)$/.exec(file)?.[1];
    if (stamp !== undefined) byReport.set(stamp, [...(byReport.get(stamp) ?? []), file]);
  }
  const others = [...byReport.keys()].filter((stamp) => stamp !== newest).sort();
  for (const stamp of others.slice(0, Math.max(0, others.length + 1 - SELF_TESTS_KEPT_MAX))) {
    for (const file of byReport.get(stamp) ?? []) rmSync(join(folder, file), { force: true });
  }
}

/** A link could lead anywhere: only a folder of the stick itself. */
function isFolder(path: string): boolean {
  try {
    return lstatSync(path).isDirectory();
  } catch {
    return false;
  }
}
