/**
 * Opens the devices the settings ask for, real or simulated: the one place that knows both. Loads only those: what the
 * others need, the page of a virtual totem above all, would cost a small board memory and a slower start.
 */
import { join } from "node:path";
import type { SiteSettings } from "#schemas/messages.ts";
import type { TotemSettings } from "#schemas/totem-settings.ts";
import type { ClockReading } from "../clock/estimate.ts";
import { machineReadings, monotonicNowUs } from "../clock/machine-clock.ts";
import type { DeviceWorker } from "../devices/board-totem.ts";
import type { Indicators, Log, Scanner, WatchableKeys } from "../ports.ts";
import type { SimulatedTotem } from "../simulated/simulated-totem.ts";

/** Everything a totem is made of besides its memory, and the way to its broker. */
export type Devices = {
  readonly readings: () => ClockReading;
  readonly keys: WatchableKeys;
  /** What is shorter than this is held back before the keys tell it: bounces. */
  readonly keyDebounceMs: number;
  readonly scanner: Scanner;
  readonly indicators: Indicators;
  /** Threads that read them: for a watchdog to ask. */
  readonly workers: readonly DeviceWorker[];
  readonly mqttUrl: string;
  /** Set when they are simulated: a panel is shown then, and never beside real ones. */
  readonly simulated: SimulatedTotem | null;
  readonly close: () => Promise<void>;
};

/** Opens them. A real one that is absent is no error: it is told as a fault, and looked for again. */
export async function openDevices(
  settings: TotemSettings,
  parts: { readonly site: () => SiteSettings | null; readonly log: Log },
): Promise<Devices> {
  const { mqtt, dataDir } = settings;
  if (settings.devices === "simulated") {
    const { simulatedTotem } = await import("../simulated/simulated-totem.ts");
    const simulated = await simulatedTotem({ mqttUrl: mqtt.url, bounces: settings.simulated.bounce });
    return { ...simulated, readings: simulated.clock.readings, workers: [], keyDebounceMs: 0, simulated };
  }
  const { openBoardTotem } = await import("../devices/board-totem.ts");
  const { INSTALLED_RECORDINGS } = await import("../devices/voice/recordings.ts");
  const board = await openBoardTotem({
    settings,
    recordings: [join(dataDir, "voice"), INSTALLED_RECORDINGS],
    wording: () => parts.site()?.wording ?? 1,
    nowMs: () => monotonicNowUs() / 1_000,
    log: parts.log,
  });
  const { debounceMs } = settings.board;
  return {
    ...board,
    keyDebounceMs: debounceMs,
    readings: machineReadings(),
    mqttUrl: mqtt.url,
    simulated: null,
  };
}
