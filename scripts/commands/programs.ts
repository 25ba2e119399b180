/**
 * `faccine gateway` and `faccine totem`: the two programs, as a service manager starts them.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Command } from "./command.ts";

const ROOT = join(import.meta.dirname, "../..");

export const GATEWAY: Command = {
  name: "gateway",
  summary: "run the gateway",
  help: `
faccine gateway [SETTINGS.yaml]

Runs the gateway until it is told to end. Every setting can also come from the environment, as
FACCINE_HTTP_PORT for http.port; a wrong value stops the start with its name and what was expected.`,
  run: (args) => runMain("gateway/main.ts", args),
};

export const TOTEM: Command = {
  name: "totem",
  summary: "run the firmware of a totem",
  help: `
faccine totem [SETTINGS.yaml]

Runs a totem's firmware until it is told to end. Every setting can also come from the environment, as
FACCINE_TOTEM_ID for totemId.`,
  run: (args) => runMain("firmware/main.ts", args),
};

/** Runs a program in our place: its output, its signals, its exit code. */
function runMain(main: string, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [join(ROOT, main), ...args], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    // 128 and the signal's number, as shells do.
    child.on("exit", (code, signal) => resolve(code ?? (signal === "SIGKILL" ? 137 : 143)));
  });
}
