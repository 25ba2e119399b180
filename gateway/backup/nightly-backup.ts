/**
 * The backup that is made before and after days are closed. That there is none is an alarm: days stay open without one.
 */
import type { GatewaySettings } from "#schemas/gateway-settings.ts";
import type { Log } from "../log.ts";
import type { Store } from "../store/store.ts";
import { makeBackup } from "./backup-files.ts";

/** Longest text of an alarm. */
const DETAIL_MAX = 500;

/** Makes it, with days closed up to one. @throws when that cannot be done. */
export async function backUp(
  parts: {
    readonly settings: Pick<GatewaySettings, "dataDir" | "backup">;
    readonly store: Store;
    readonly log: Log;
    readonly nowMs: () => number;
  },
  closeThrough: string,
): Promise<void> {
  const { store, nowMs, log } = parts;
  try {
    const folder = await makeBackup(parts, closeThrough);
    await store.clearAlarm("backup-failed", "", nowMs());
    log.info("backed-up", { folder });
  } catch (error) {
    const why = `no backup can be made, so days stay open: ${(error as Error).message}`;
    await store.raiseAlarm("backup-failed", "", why.slice(0, DETAIL_MAX), nowMs());
    throw new Error(why, { cause: error });
  }
}
