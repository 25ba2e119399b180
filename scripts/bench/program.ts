/**
 * Starts one of our programs as its own process, as in service, and waits for what it logs. Ends only what it started.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { serviceCommand, serviceEnvironment } from "../service-node.ts";

export type LogLine = Readonly<Record<string, unknown>> & { readonly event: string; readonly time: number };

export type Program = {
  readonly pid: number;
  /** When it was started, by the clock its log lines carry. */
  readonly startedMs: number;
  /** The first log line of this event. @throws when the program ends or stays silent. */
  readonly logged: (event: string) => Promise<LogLine>;
  /** Ends it as a service manager would. */
  readonly stop: () => Promise<void>;
};

/** A program that says nothing for so long will not: its slowest start is measured in seconds. */
const SILENT_MS = 60_000;
/** Looking into a small file costs microseconds; a start is timed by the log's own clock, not by this. */
const LOOK_EVERY_MS = 10;
/** A program that does not end when told to is ended. */
const STOP_MS = 10_000;

/** Starts a program of this project. Its log goes into a file, as a service's does: nobody reads along and costs time. */
export function startProgram(options: {
  readonly main: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly logFile: string;
}): Program {
  const log = openSync(options.logFile, "w", 0o600);
  const startedMs = Date.now();
  const command = [...serviceCommand(options.main), ...(options.args ?? [])];
  const child = spawn(process.execPath, command, {
    env: serviceEnvironment({ ...ownSettingsRemoved(process.env), ...options.env }),
    // The channel's end tells the program that we are gone, however we went.
    stdio: ["ignore", log, log, "ipc"],
  });
  closeSync(log);
  if (child.pid === undefined) throw new Error(`${options.main} does not start`);
  const { pid } = child;
  return {
    pid,
    startedMs,
    logged: (event) => waitForLine(child, options.logFile, event),
    stop: () => stop(child),
  };
}

/** Our own environment without settings of the programs, and without the instruments of whoever runs the bench. */
function ownSettingsRemoved(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(
    ([name]) => !name.startsWith("FACCINE_") && !name.startsWith("VITEST"),
  );
  return Object.fromEntries(kept);
}

async function waitForLine(child: ChildProcess, logFile: string, event: string): Promise<LogLine> {
  const untilMs = performance.now() + SILENT_MS;
  for (;;) {
    const found = linesOf(logFile).find((line) => line.event === event);
    if (found !== undefined) return found;
    if (hasEnded(child) || performance.now() > untilMs) {
      const words = readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-5).join("\n");
      throw new Error(`${logFile} never said "${event}"; its last words:\n${words}`);
    }
    await pause(LOOK_EVERY_MS);
  }
}

/** The JSON lines of a log; a line that is just being written is not one yet. */
function linesOf(logFile: string): readonly LogLine[] {
  return readFileSync(logFile, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("{") && line.endsWith("}"))
    .map((line) => JSON.parse(line) as LogLine);
}

async function stop(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
  });
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await ended;
  clearTimeout(force);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Lets time pass: a bench waits for what it measures. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
