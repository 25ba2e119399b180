/**
 * A provisioned totem's data folder for the lab, that has heard its site's settings: made by the real firmware on
 * simulated devices and the real gateway, then laid on a disk image; and tickets for it.
 */
import { join } from "node:path";
import { startKillsGateway } from "../kills/kills-gateway.ts";
import { runUntil, warmUp } from "./warm-up.ts";

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

/** Makes the folder below `dir`. @param tickets how many to print, good for an hour. */
export async function makeLabTotem(dir: string, tickets: number): Promise<LabTotem> {
  const gateway = await startKillsGateway(dir, [LAB_TOTEM], Date.now);
  try {
    const env = gateway.environment(LAB_TOTEM);
    await runUntil("settings", env);
    await warmUp(env);
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
