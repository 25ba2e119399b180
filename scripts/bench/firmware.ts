/**
 * What one totem's firmware costs its small machine: how long until a receipt can be scanned, how much memory it holds
 * and how much it works while nobody votes. The real process with simulated devices, connected to a real gateway.
 */
import { join } from "node:path";
import type { Measurement, Place, Size } from "./measurement.ts";
import { processorMs, residentMb } from "./process-figures.ts";
import { type Program, pause, startProgram } from "./program.ts";
import { type Goal, judged, type Row } from "./row.ts";
import { median, ratio } from "./statistics.ts";
import { makeTotemFolder, totemEnvironmentFor } from "./totem-folder.ts";
import { startTownGateway, type TownGateway } from "./town-gateway.ts";

const STARTS: Readonly<Record<Size, number>> = { full: 15, short: 5, tiny: 1 };
/** The idle time looked at: long enough for everything that is done every ten seconds. */
const IDLE_MS: Readonly<Record<Size, number>> = { full: 25_000, short: 10_000, tiny: 300 };
/** After a start the compiler and the collector still work a little; nobody calls that idle. */
const SETTLE_MS: Readonly<Record<Size, number>> = { full: 5_000, short: 5_000, tiny: 0 };

const START_GOAL: Goal = {
  kind: "at most",
  value: 1_000,
  reason: "a totem that was switched on again is ready before anybody looks at it twice",
};
const MEMORY_GOAL: Goal = {
  kind: "at most",
  value: 150,
  reason: "a Raspberry Pi Zero 2 W has 512 MB for the system and us",
};
const IDLE_GOAL: Goal = {
  kind: "at most",
  value: 1,
  reason: "a box without a fan, and one day on a battery",
};

const TOTEM_ID = "totem-1";

export const FIRMWARE: Measurement = {
  name: "firmware",
  about: "the firmware's cold start, memory and idle work (simulated devices)",
  run: async (size, place) => {
    const dataDir = join(place.dir, TOTEM_ID);
    const gateway = await startTownGateway({
      dir: place.dir,
      totems: [makeTotemFolder(dataDir, TOTEM_ID)],
    });
    try {
      const start = () => startTotem(dataDir, gateway, place);
      await firstStart(start());
      const startMs = await timeStarts(STARTS[size], start, place.say);
      const idle = await watchIdle(start(), size, place.say);
      return rowsOf({ startMs, ...idle });
    } finally {
      await gateway.stop();
    }
  },
};

function startTotem(dataDir: string, gateway: TownGateway, { dir }: Place): Program {
  return startProgram({
    main: "firmware/main.ts",
    env: totemEnvironmentFor(dataDir, TOTEM_ID, gateway),
    logFile: join(dir, "totem.log"),
  });
}

/** The first start ever makes the journal and hears the settings; a totem in service has both. */
async function firstStart(totem: Program): Promise<void> {
  try {
    await totem.logged("settings");
  } finally {
    await totem.stop();
  }
}

async function timeStarts(
  starts: number,
  start: () => Program,
  say: (line: string) => void,
): Promise<readonly number[]> {
  const times: number[] = [];
  for (let n = 0; n < starts; n++) {
    const totem = start();
    try {
      const ready = await totem.logged("ready");
      times.push(ready.time - totem.startedMs);
    } finally {
      await totem.stop();
    }
  }
  say(`${starts} starts`);
  return times;
}

type Idle = { readonly memoryMb: number; readonly corePercent: number; readonly idleMs: number };

async function watchIdle(totem: Program, size: Size, say: (line: string) => void): Promise<Idle> {
  try {
    await totem.logged("uplink-ready");
    await pause(SETTLE_MS[size]);
    say(`idle for ${IDLE_MS[size] / 1_000} s`);
    const [beforeMs, sinceMs] = [processorMs(totem.pid), performance.now()];
    await pause(IDLE_MS[size]);
    const idleMs = performance.now() - sinceMs;
    const corePercent = 100 * ratio(processorMs(totem.pid) - beforeMs, idleMs);
    return { memoryMb: residentMb(totem.pid), corePercent, idleMs };
  } finally {
    await totem.stop();
  }
}

function rowsOf(figures: Idle & { readonly startMs: readonly number[] }): readonly Row[] {
  const { startMs, memoryMb, corePercent, idleMs } = figures;
  return [
    judged(`firmware: cold start to ready to scan, median of ${startMs.length}`, median(startMs), "ms", {
      goal: START_GOAL,
      note: `slowest ${Math.max(...startMs)} ms; the files are in the system's cache, as after an update`,
    }),
    judged("firmware: resident memory, connected and idle", memoryMb, "MB", { goal: MEMORY_GOAL }),
    judged("firmware: idle work", corePercent, "% of a core", {
      goal: IDLE_GOAL,
      note: `over ${(idleMs / 1_000).toFixed(0)} s, connected, nobody looking at the panel`,
    }),
  ];
}
