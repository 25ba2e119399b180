/**
 * The real firmware as a process of its own, to be killed: started with the killer preloaded, spoken to through its
 * panel. Ends only what it started.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { PanelState } from "#schemas/panel.ts";
import type { Cut } from "./plan.ts";

const ROOT = join(import.meta.dirname, "../..");
const KILLER = new URL("./killer.ts", import.meta.url).href;

/** A totem that has not said where its panel is by then will not. */
const START_MS = 30_000;

export type KilledTotem = {
  /** The panel's address, or null when the totem died before it had one. */
  readonly panel: Promise<string | null>;
  /** How it ended: the signal, or null for an end of its own. */
  readonly death: Promise<NodeJS.Signals | null>;
  readonly isAlive: () => boolean;
  /** Cuts the power from outside. */
  readonly kill: () => Promise<void>;
  /** Ends it as a service manager would. */
  readonly stop: () => Promise<void>;
  /** What it said last. */
  readonly lastWords: () => string;
};

/** Starts a totem. */
export function startKilledTotem(options: {
  readonly env: Readonly<Record<string, string>>;
  /** Where it dies by itself, or null. */
  readonly cut: Cut | null;
  /** Modules preloaded beside the killer. */
  readonly preload: readonly string[];
}): KilledTotem {
  const { env, cut, preload } = options;
  const imports = [KILLER, ...preload].flatMap((module) => ["--import", module]);
  const child: ChildProcess = spawn(process.execPath, [...imports, join(ROOT, "firmware/main.ts")], {
    env: {
      ...cleanEnvironment(),
      ...env,
      ...(cut === null ? {} : { KILL_AT_STEP: cut.step, KILL_AT_OCCURRENCE: String(cut.occurrence) }),
    },
    // The channel's end tells the totem that we are gone.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const death = once(child, "exit").then(([, signal]) => signal as NodeJS.Signals | null);
  const words: string[] = [];
  const hear = (line: string) => {
    words.push(line);
    if (words.length > 5) words.shift();
  };
  linesOf(child.stderr, hear);
  const panel = new Promise<string | null>((resolve) => {
    linesOf(child.stdout, (line) => {
      hear(line);
      const url = /"event":"panel-open","url":"([^"]+)"/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
    void death.then(() => resolve(null));
  });
  const isAlive = () => child.exitCode === null && child.signalCode === null;
  return {
    panel: withLimit(panel, child),
    death,
    isAlive,
    kill: () => end(child, death, "SIGKILL"),
    stop: () => end(child, death, "SIGTERM"),
    lastWords: () => words.join("\n"),
  };
}

/** What a citizen sees. @throws when the totem is gone. */
export async function panelState(panel: string): Promise<PanelState> {
  const response = await fetch(`${panel}/panel/state`);
  return (await response.json()) as PanelState;
}

/** What a citizen does, answered with what is seen once everything has followed. @throws when the totem is gone. */
export async function act(panel: string, what: "scan" | "press", body: object): Promise<PanelState> {
  const response = await fetch(`${panel}/panel/${what}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`the panel answered ${response.status}`);
  return (await response.json()) as PanelState;
}

function linesOf(stream: Readable | null, hear: (line: string) => void): void {
  if (stream !== null) createInterface({ input: stream }).on("line", hear);
}

async function withLimit(panel: Promise<string | null>, child: ChildProcess): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error("a totem did not start"));
    }, START_MS);
  });
  try {
    return await Promise.race([panel, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function end(
  child: ChildProcess,
  death: Promise<unknown>,
  signal: "SIGKILL" | "SIGTERM",
): Promise<void> {
  child.kill(signal);
  await death;
}

/** What a service gets of our own environment: no settings of ours, and no instruments of whoever runs the tests. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(FACCINE_|VITEST|NODE_OPTIONS|NODE_V8_COVERAGE|KILL_AT_)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}
