/**
 * The real firmware in the lab's machine, as a process of its own on the simulated board. Its log is read; it is never
 * spoken to but by keys, scanner and network.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { serviceCommand } from "../../service-node.ts";

/** A firmware that is not ready by then will not be; User-Mode Linux is slow with a new process's memory. */
const READY_MS = 180_000;
const WORDS_KEPT = 20;

export type LogLine = Readonly<Record<string, unknown>> & { readonly event: string };

export type GuestTotem = {
  readonly pid: number;
  /** Resolves at the next line with this event from now on. */
  readonly logged: (event: string) => Promise<LogLine>;
  readonly lines: () => readonly LogLine[];
  /** Resolves when the gateway has told it about its site. */
  readonly hasSettings: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly isAlive: () => boolean;
  readonly lastWords: () => string;
};

/** Starts the firmware and waits until a receipt can be scanned. @throws with its last words when it does not come up. */
export async function startTotem(options: {
  readonly env: Readonly<Record<string, string>>;
  /** Modules loaded before it: faults planted on purpose. */
  readonly preload?: readonly string[];
}): Promise<GuestTotem> {
  const imports = (options.preload ?? []).flatMap((module) => ["--import", module]);
  const child = spawn(process.execPath, [...imports, ...serviceCommand("firmware/main.ts")], {
    env: { ...process.env, FACCINE_DEVICES: "board", ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const totem = watched(child);
  const late = pause(READY_MS, null, { ref: false }).then(() => {
    throw new Error(`the firmware is not ready:\n${totem.lastWords()}`);
  });
  const died = once(child, "exit").then(() => {
    throw new Error(`the firmware ended:\n${totem.lastWords()}`);
  });
  // Whichever of them loses has nobody to tell.
  died.catch(() => undefined);
  late.catch(() => undefined);
  await Promise.race([totem.logged("ready"), late, died]);
  return totem;
}

function watched(child: ChildProcess): GuestTotem {
  const lines: LogLine[] = [];
  const words: string[] = [];
  const waiting = new Map<string, ((line: LogLine) => void)[]>();
  const hear = (text: string) => {
    words.push(text);
    if (words.length > WORDS_KEPT) words.shift();
    if (!text.startsWith("{")) return;
    const line = JSON.parse(text) as LogLine;
    lines.push(line);
    for (const resolve of waiting.get(line.event) ?? []) resolve(line);
    waiting.delete(line.event);
  };
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) createInterface({ input: stream }).on("line", hear);
  }
  const logged = (event: string) =>
    new Promise<LogLine>((resolve) => waiting.set(event, [...(waiting.get(event) ?? []), resolve]));
  return {
    pid: child.pid ?? -1,
    logged,
    lines: () => lines,
    hasSettings: async () => {
      if (!lines.some(({ event }) => event === "settings")) await logged("settings");
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      await exited;
    },
    isAlive: () => child.exitCode === null && child.signalCode === null,
    lastWords: () => words.join("\n"),
  };
}
