/**
 * A provisioned totem's data folder for the lab, that has heard its site's settings: made by the real firmware on
 * simulated devices and the real gateway, then laid on a disk image; and tickets for it.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { startKillsGateway } from "../kills/kills-gateway.ts";
import { serviceCommand, serviceEnvironment } from "../service-node.ts";

export const LAB_TOTEM = "totem-1";
/** Where the machine has its disk, and the totem's folder on it. */
export const GUEST_DATA = `/run/data/${LAB_TOTEM}`;

export type LabTicket = { readonly code: string; readonly mark: string };

export type LabTotem = {
  /** Holds the totem's folder, named as on the guest's disk. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly tickets: readonly LabTicket[];
};

/** How long a first start may take on a busy machine. */
const START_MS = 60_000;

/** Makes the folder below `dir`. @param tickets how many to print, good for an hour. */
export async function makeLabTotem(dir: string, tickets: number): Promise<LabTotem> {
  const gateway = await startKillsGateway(dir, [LAB_TOTEM], Date.now);
  try {
    const env = gateway.environment(LAB_TOTEM);
    await hearSettings(env);
    const { FACCINE_SIMULATED_BOUNCE: _bounce, FACCINE_PANEL_PORT: _port, ...rest } = env;
    return {
      folder: join(dir, LAB_TOTEM),
      // No broker answers there: totems of the lab that need one are given its address.
      env: { ...rest, FACCINE_DATA_DIR: GUEST_DATA, FACCINE_MQTT_URL: "mqtt://127.0.0.1:1" },
      tickets: Array.from({ length: tickets }, gateway.newTicket),
    };
  } finally {
    await gateway.close();
  }
}

async function hearSettings(env: Readonly<Record<string, string>>): Promise<void> {
  // What this start compiles, the machine's starts find: there is no writing there, and compiling takes it many seconds.
  const totem = spawn(process.execPath, serviceCommand("firmware/main.ts"), {
    env: { ...serviceEnvironment({ PATH: process.env["PATH"] }), ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(totem, "exit");
  const heard = new Promise<void>((resolve) => {
    totem.stdout.on("data", (bytes: Buffer) => {
      if (bytes.toString().includes('"event":"settings"')) resolve();
    });
  });
  const late = once(AbortSignal.timeout(START_MS), "abort").then(() => "late");
  const came = await Promise.race([heard.then(() => "heard"), late, exited.then(() => "ended")]);
  totem.kill("SIGTERM");
  await exited;
  if (came !== "heard") throw new Error(`the firmware has not heard its settings: ${came}`);
}
