/**
 * A demo as a user starts it, in a process of its own and a temporary folder, for tests that see the whole system.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../demo/ports.ts";

export const ROOT = join(import.meta.dirname, "../..");

export type StartedDemo = {
  readonly process: ChildProcess;
  readonly url: string;
  readonly link: string;
  readonly panels: readonly string[];
  readonly dataDir: string;
  readonly credentials: Readonly<Record<string, string>>;
  /** What it printed so far. */
  readonly output: () => string;
  /** Ends it as Ctrl-C would; gives the exit code. */
  readonly stop: () => Promise<number | null>;
};

/** A folder for a demo, and a way to be rid of it. */
export function demoFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "faccine-demo-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Starts `scripts/demo.ts` on free ports and waits for its greeting. @throws with its words when it ends instead. */
export async function startDemo(
  dataDir: string,
  options: { readonly totems?: number; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<StartedDemo> {
  const totems = options.totems ?? 1;
  const run = spawnDemo(dataDir, {
    args: ["--totems", String(totems)],
    env: { ...(await freePorts()), ...options.env },
  });
  await run.greeted;
  const link = /https?:\/\/\S+\/enter\?key=\S+/.exec(run.output())?.[0] ?? "";
  return {
    process: run.process,
    link,
    url: new URL(link).origin,
    panels: [...run.output().matchAll(/totem-\d+\s+(http:\/\/\S+)/g)].map((match) => match[1] ?? ""),
    dataDir,
    credentials: JSON.parse(readFileSync(join(dataDir, "credentials.json"), "utf8")),
    output: run.output,
    stop: () => {
      run.process.kill("SIGINT");
      return run.ended;
    },
  };
}

/** Starts it and waits for nothing. */
export function spawnDemo(
  dataDir: string,
  options: { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> },
) {
  const child = spawn(process.execPath, [join(ROOT, "scripts/demo.ts"), ...(options.args ?? [])], {
    cwd: ROOT,
    env: { ...process.env, FACCINE_DATA_DIR: dataDir, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  const ended = new Promise<number | null>((resolve) => {
    child.once("close", (code) => resolve(code));
  });
  const greeted = new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      text += chunk.toString("utf8");
      if (text.includes("Ctrl-C ends everything.")) resolve();
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    void ended.then(() => reject(new Error(`the demo ended: ${text}`)));
  });
  // Whoever only waits for the end does not care about the greeting.
  greeted.catch(() => undefined);
  return { process: child, output: () => text, ended, greeted };
}

export async function freePorts(): Promise<Record<string, string>> {
  const [http, mqtt, panel] = [await freePort(), await freePort(), await freePort()];
  return {
    FACCINE_HTTP_PORT: String(http),
    FACCINE_MQTT_PORT: String(mqtt),
    FACCINE_PANEL_PORT: String(panel),
  };
}

/** The programs a demo has started, by the kernel's own list. */
export function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
    .trim()
    .split(" ")
    .filter(Boolean)
    .map(Number);
}

/** True while a process runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Asks until the answer is right, for at most half a minute. @throws with the last answer. */
export async function eventually<T>(ask: () => Promise<T>, isRight: (answer: T) => boolean): Promise<T> {
  const until = performance.now() + 30_000;
  for (;;) {
    const answer = await ask();
    if (isRight(answer)) return answer;
    if (performance.now() > until) throw new Error(`it never came right: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
}

/** Everything below a folder that contains one of the texts, as UTF-8 or UTF-16. */
export function filesWith(folder: string, texts: readonly string[]): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .filter((path) => {
      const bytes = readFileSync(path);
      return texts.some((text) => bytes.includes(text) || bytes.includes(Buffer.from(text, "utf16le")));
    });
}
