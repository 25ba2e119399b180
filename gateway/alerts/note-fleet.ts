/**
 * Raises and clears what stands and falls with how the totems are, and with the room on the gateway's own disk. Tells nobody: see alerts.ts.
 */
import { statfsSync } from "node:fs";
import type { GatewaySettings } from "#schemas/gateway-settings.ts";
import type { Directory } from "../directory.ts";
import type { Store } from "../store/store.ts";
import { diskAlarm, healthAlarms, isCalm } from "./health-alarms.ts";
import { silence } from "./plan.ts";

type Parts = {
  readonly settings: GatewaySettings;
  readonly store: Store;
  readonly directory: Directory;
  readonly nowMs: () => number;
};

export async function noteFleet(parts: Parts): Promise<void> {
  await noteSilence(parts);
  await noteHealth(parts);
  await noteDisk(parts);
}

async function noteSilence({ store, directory, nowMs, settings }: Parts): Promise<void> {
  const at = { nowMs: nowMs(), silentMinutes: settings.alerts.silentMinutes };
  const { silent, back } = silence(await store.totemStatuses(), directory.sites, at);
  for (const { totemId, minutes } of silent)
    await store.raiseAlarm(
      "totem-silent",
      totemId,
      `nothing was heard of it for ${minutes} minutes`,
      at.nowMs,
    );
  const open = (await store.alarms())
    .filter(({ code }) => code === "totem-silent")
    .map(({ subject }) => subject);
  for (const totemId of back.filter((one) => open.includes(one)))
    await store.clearAlarm("totem-silent", totemId, at.nowMs);
}

async function noteHealth({ store, nowMs }: Parts): Promise<void> {
  const atMs = nowMs();
  const standing = await store.alarms();
  for (const totem of await store.totemStatuses()) {
    const { raise, clear } = healthAlarms(totem, standing, atMs);
    for (const { code, detail } of raise) await store.raiseAlarm(code, totem.totemId, detail, atMs);
    for (const code of clear) await store.clearAlarm(code, totem.totemId, atMs);
  }
}

async function noteDisk({ store, settings, nowMs }: Parts): Promise<void> {
  const { bavail, bsize, blocks } = statfsSync(settings.dataDir);
  const detail = diskAlarm({ freeBytes: bavail * bsize, totalBytes: blocks * bsize });
  if (detail !== null) return store.raiseAlarm("disk-nearly-full", "", detail, nowMs());
  const open = (await store.alarms()).find(
    ({ code, subject }) => code === "disk-nearly-full" && subject === "",
  );
  if (open !== undefined && isCalm(open, nowMs())) await store.clearAlarm(open.code, "", nowMs());
}
