/**
 * Fills the compile cache with what the firmware loads on real devices: there is no writing it inside the machine, where compiling
 * takes many seconds for each thread. Runs what it compiles as the machine will, under the same flags: others are another
 * cache.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { serviceCommand, serviceEnvironment } from "../service-node.ts";

/** How long a start may take on a busy machine. */
const START_MS = 60_000;

/**
 * Starts the firmware and ends it once it has logged an event.
 * @throws when it does not come to that.
 */
export async function runUntil(event: string, env: Readonly<Record<string, string>>): Promise<void> {
  const totem = spawn(process.execPath, serviceCommand("firmware/main.ts"), {
    env: { ...serviceEnvironment({ PATH: process.env["PATH"] }), ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(totem, "exit");
  const logged = new Promise<string>((resolve) => {
    createInterface({ input: totem.stdout }).on("line", (line) => {
      if (line.includes(`"event":"${event}"`)) resolve("logged");
    });
  });
  const late = pause(START_MS, "late", { ref: false });
  const came = await Promise.race([logged, late, exited.then(() => "ended")]);
  totem.kill("SIGTERM");
  await exited;
  if (came !== "logged") throw new Error(`the firmware has not logged "${event}": ${came}`);
}

/** @param env a provisioned totem's; its folder is copied, not touched. */
export async function warmUp(env: Readonly<Record<string, string>>): Promise<void> {
  const folder = env["FACCINE_DATA_DIR"] ?? "";
  const copy = mkdtempSync(join(dirname(folder), "warm-"));
  try {
    cpSync(folder, copy, { recursive: true });
    // No chip and no scanner is here: their absence is told as faults, and everything is loaded all the same.
    await runUntil("ready", {
      ...env,
      FACCINE_DATA_DIR: copy,
      FACCINE_DEVICES: "board",
      FACCINE_VOICE_ON: "false",
    });
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
  const [flag = ""] = serviceCommand("firmware/main.ts");
  const reader = spawnSync(process.execPath, [flag, join(import.meta.dirname, "warm-reader.ts")], {
    env: serviceEnvironment(process.env) as NodeJS.ProcessEnv,
    encoding: "utf8",
  });
  if (reader.status !== 0) throw new Error(`warm-reader.ts: ${reader.stderr}`);
}
