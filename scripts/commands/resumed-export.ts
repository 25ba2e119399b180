/**
 * A report fetched page by page, so that what was cut off goes on where it ended. Beside the half file lies what is known of
 * it: which report, how many bytes are whole, and where the gateway says it goes on. The file appears under its name when it
 * is whole, and is the same as one fetched at once; where figures have changed meanwhile, the gateway refuses to go on.
 */
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { type Api, ask } from "./command.ts";

/** The gateway's own maximum: some 2 MB a page, lost at most when it is cut off. */
const PAGE_ROWS = 10_000;
const NEXT = /<([^<>]{1,4000})>; rel="next"/;

type Progress = {
  /** The report asked for. */
  readonly path: string;
  /** What to ask next; null when the file is whole. */
  readonly next: string | null;
  /** Bytes of the half file that are whole pages. */
  readonly bytes: number;
};

/**
 * Writes a report, from its beginning or from where an earlier run was cut off.
 * @param path of the API, with its query.
 * @throws with what to do, when the half file is of another report or of other figures.
 */
export async function writeResumed(api: Api, path: string, out: string): Promise<void> {
  const files = { part: `${out}.part`, progress: `${out}.resume`, out };
  let progress = readProgress(files, path);
  if (progress.next !== null) {
    const part = await open(files.part, existsSync(files.part) ? "r+" : "wx");
    try {
      await part.truncate(progress.bytes);
      while (progress.next !== null) progress = await appendPage(api, part, { files, progress });
    } finally {
      await part.close();
    }
  }
  if (existsSync(files.part)) renameSync(files.part, out);
  rmSync(files.progress);
}

type Files = { readonly part: string; readonly progress: string };

async function appendPage(
  api: Api,
  part: FileHandle,
  { files, progress }: { readonly files: Files; readonly progress: Progress },
): Promise<Progress> {
  const response = await ask(api, String(progress.next)).catch((error: Error) => {
    const isStale = error.message.startsWith("cursor");
    throw isStale ? new Error(`${error.message}; ${beginAnew(files)}`) : error;
  });
  const page = new Uint8Array(await response.arrayBuffer());
  await part.write(page, 0, page.length, progress.bytes);
  await part.datasync();
  const next = NEXT.exec(response.headers.get("link") ?? "")?.[1] ?? null;
  const now = {
    path: progress.path,
    next: next === null ? null : `/reports/${next}`,
    bytes: progress.bytes + page.length,
  };
  writeProgress(files, now);
  return now;
}

/** Written beside and renamed: a cut leaves the old one or the new one. */
function writeProgress(files: Files, progress: Progress): void {
  writeFileSync(`${files.progress}.new`, `${JSON.stringify(progress)}\n`, { flush: true });
  renameSync(`${files.progress}.new`, files.progress);
}

function readProgress(files: Files, path: string): Progress {
  if (!existsSync(files.progress)) {
    if (existsSync(files.part))
      throw new Error(
        `${files.part} is there already: another export is writing, or was cut off without --resume; delete it`,
      );
    const first = { path, next: `${path}&limit=${PAGE_ROWS}`, bytes: 0 };
    writeProgress(files, first);
    return first;
  }
  const progress = parsed(readFileSync(files.progress, "utf8"));
  if (progress === null) throw new Error(`${files.progress} cannot be read; ${beginAnew(files)}`);
  if (progress.path !== path)
    throw new Error(`${files.progress} belongs to another report (${progress.path}); ${beginAnew(files)}`);
  if (progress.next === null || progress.bytes === 0) return progress;
  if (!existsSync(files.part)) throw new Error(`${files.part} is gone; ${beginAnew(files)}`);
  if (statSync(files.part).size < progress.bytes)
    throw new Error(`${files.part} is shorter than it was; ${beginAnew(files)}`);
  return progress;
}

function parsed(text: string): Progress | null {
  try {
    const { path, next, bytes } = JSON.parse(text) as Partial<Progress>;
    const isGood =
      typeof path === "string" && (next === null || next?.startsWith("/reports/")) && Number.isInteger(bytes);
    return isGood ? ({ path, next, bytes } as Progress) : null;
  } catch {
    return null;
  }
}

function beginAnew({ part, progress }: Files): string {
  return `to begin anew, delete ${part} and ${progress}`;
}
