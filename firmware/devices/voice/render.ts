/**
 * Renders the voice's recordings ahead, with espeak-ng: a totem that speaks needs only to play files. Each file appears
 * whole or not at all; what no text needs any more is removed.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  allRecordings,
  ESPEAK_VOICES,
  RECORDING_NAME,
  type Recording,
  WORDS_PER_MINUTE,
} from "./recordings.ts";

const run = promisify(execFile);

/** espeak-ng writes a sentence in a fraction of a second; on the slowest board in a few. */
const RENDER_MAX_MS = 60_000;

export type Rendered = { readonly written: number; readonly kept: number; readonly removed: number };

/**
 * Brings a folder of recordings up to date.
 * @param options.espeak the program, by name or path.
 * @throws with what to install when the program is missing, or with its own last words.
 */
export async function renderVoice(options: {
  readonly folder: string;
  readonly espeak?: string;
  readonly recordings?: readonly Recording[];
}): Promise<Rendered> {
  const { folder, espeak = "espeak-ng", recordings = allRecordings() } = options;
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const wanted = new Set(recordings.map(({ file }) => file));
  const missing = recordings.filter(({ file }) => !existsSync(join(folder, file)));
  for (const recording of missing) await renderOne(recording, folder, espeak);
  const stale = (await readdir(folder)).filter((name) => isOurs(name) && !wanted.has(name));
  for (const name of stale) await rm(join(folder, name), { force: true });
  return { written: missing.length, kept: recordings.length - missing.length, removed: stale.length };
}

async function renderOne({ text, language, file }: Recording, folder: string, espeak: string): Promise<void> {
  const path = join(folder, file);
  const unfinished = `${path}.unfinished`;
  const args = ["-v", ESPEAK_VOICES[language], "-s", String(WORDS_PER_MINUTE), "-w", unfinished, text];
  try {
    await run(espeak, args, { timeout: RENDER_MAX_MS });
    // Renamed only once it is on the disk: a power cut leaves no half sentence under the name of a whole one.
    const written = await open(unfinished, "r");
    const { size } = await written.stat();
    await written.sync().finally(() => written.close());
    if (size === 0) throw new Error("it wrote an empty file");
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw renderProblem(error as NodeJS.ErrnoException & { readonly stderr?: string }, espeak);
  }
}

function renderProblem(error: NodeJS.ErrnoException & { readonly stderr?: string }, espeak: string): Error {
  if (error.code === "ENOENT" && error.syscall?.startsWith("spawn")) {
    return new Error(`${espeak} is not installed: apt install espeak-ng`, { cause: error });
  }
  const lastWords = error.stderr?.trim() || error.message;
  return new Error(`${espeak} could not render a sentence: ${lastWords}`, { cause: error });
}

/** A recording, finished or not; whatever else lies in the folder is somebody else's. */
function isOurs(name: string): boolean {
  return RECORDING_NAME.test(name.replace(/\.unfinished$/, ""));
}
