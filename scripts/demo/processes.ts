/**
 * Starts, watches and ends the demo's programs. A totem whose power was cut (SIGKILL) is switched on again; any other
 * death ends the demo with the program's own words.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { serviceCommand, serviceEnvironment } from "../service-node.ts";

export type Program = {
  readonly name: string;
  readonly main: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logFile: string;
  /** Switched on again after a power cut. */
  readonly returns: boolean;
};

export type Running = {
  /** The program's first message of this kind over its channel. */
  readonly message: (kind: string) => Promise<string>;
  readonly stop: () => Promise<void>;
};

/** How long a cut lasts: long enough to see a dark totem. */
const POWER_BACK_MS = 1_500;
/** A program that does not end when told to is ended. */
const STOP_MS = 10_000;
/** A demo's log this long makes room at the next start: some days of voting. */
const LOG_BYTES_MAX = 5_000_000;
/** Lines of a program's log shown when it fails. */
const LAST_LINES = 5;

/** Starts a program. @param onDeath called when it ends by itself, with what it said last. */
export function startProgram(program: Program, onDeath: (words: string) => void): Running {
  const messages = new Map<string, string>();
  const waiting = new Map<string, (value: string) => void>();
  let child: ChildProcess;
  let stopping = false;
  let back: NodeJS.Timeout | null = null;

  const start = () => {
    back = null;
    mkdirSync(dirname(program.logFile), { recursive: true, mode: 0o700 });
    // What led to a crash stays readable: the log goes on, and the one before it is kept when it grew long.
    if (existsSync(program.logFile) && statSync(program.logFile).size > LOG_BYTES_MAX) {
      renameSync(program.logFile, `${program.logFile}.1`);
    }
    const log = openSync(program.logFile, "a", 0o600);
    child = spawn(process.execPath, [...serviceCommand(program.main), ...program.args], {
      cwd: process.cwd(),
      env: serviceEnvironment(program.env),
      // The channel carries the one-time link, and its end tells the program that we are gone.
      stdio: ["ignore", log, log, "ipc"],
    });
    closeSync(log);
    child.on("message", (message: Record<string, string>) => {
      for (const [kind, value] of Object.entries(message)) {
        messages.set(kind, value);
        waiting.get(kind)?.(value);
      }
    });
    child.on("exit", (code, signal) => {
      if (stopping) return;
      if (program.returns && signal === "SIGKILL") {
        back = setTimeout(start, POWER_BACK_MS);
        return;
      }
      onDeath(`${program.name} ended (${signal ?? `code ${code}`}): ${lastWords(program.logFile)}`);
    });
  };
  start();

  return {
    message: (kind) =>
      new Promise((resolve) => {
        const known = messages.get(kind);
        if (known === undefined) waiting.set(kind, resolve);
        else resolve(known);
      }),
    stop: async () => {
      stopping = true;
      if (back !== null) clearTimeout(back);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise<void>((resolve) => {
        child.once("exit", () => resolve());
      });
      child.kill("SIGTERM");
      const force = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      await ended;
      clearTimeout(force);
    },
  };
}

/** The last lines of a log, as a person reads them. */
function lastWords(logFile: string): string {
  const lines = readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-LAST_LINES);
  const words = lines.map((line) => {
    try {
      const { event, message } = JSON.parse(line) as { event?: string; message?: string };
      return [event, message].filter((part) => part !== undefined).join(": ");
    } catch {
      return line;
    }
  });
  return words.join("\n  ");
}
