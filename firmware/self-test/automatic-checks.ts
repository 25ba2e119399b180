/**
 * What the machine finds out about itself in a self-test, without anybody's help and without a network.
 */
import { accessSync, constants, statfsSync } from "node:fs";
import { join } from "node:path";
import type { Clock, Journal } from "../ports.ts";
import { underVoltage } from "../power.ts";
import { dataMount, hasRoom, readNumber } from "../upkeep.ts";
import type { CheckResult } from "./self-test.ts";

export type CheckParts = {
  readonly clock: Pick<Clock, "entryTime">;
  readonly journal: Pick<Journal, "probe">;
  readonly dataDir: string;
  readonly minFreeBytes: number;
  readonly isConnected: () => boolean;
  /** The kernel's view of the hardware; another folder only in tests. */
  readonly sys?: string;
};

/** Raspberry Pi boards slow down from 80 °C on (Raspberry Pi documentation, "Frequency management and thermal control"). */
const TOO_HOT_MILLI_CELSIUS = 80_000;

type Found = Omit<CheckResult, "item">;

const PASSED: Found = { result: "passed", problem: null, found: null };

/** Every check once; one that throws has failed, the others go on. */
export async function automaticChecks(parts: CheckParts): Promise<readonly CheckResult[]> {
  const { sys = "/sys" } = parts;
  const checks: Readonly<Record<CheckResult["item"], () => Found | Promise<Found>>> = {
    clock: () => clockCheck(parts),
    disk: () => diskCheck(parts),
    "data-folder": () => dataFolderCheck(parts.dataDir),
    journal: async () =>
      (await parts.journal.probe()).ok ? PASSED : { ...PASSED, result: "failed", problem: "not-committed" },
    temperature: () => temperatureCheck(readNumber(join(sys, "class/thermal/thermal_zone0/temp"))),
    power: () => powerCheck(underVoltage(sys)),
    gateway: () => (parts.isConnected() ? PASSED : noted("not-connected")),
  };
  return Promise.all(
    Object.entries(checks).map(async ([item, check]) => {
      const found = await tried(check);
      return { ...found, item: item as CheckResult["item"] };
    }),
  );
}

async function tried(check: () => Found | Promise<Found>): Promise<Found> {
  try {
    return await check();
  } catch {
    return { result: "failed", problem: "broke", found: null };
  }
}

/** Without network and battery no clock is right yet: the centre then decides about a vote's time. */
function clockCheck({ clock }: CheckParts): Found {
  return clock.entryTime().clock === "trusted" ? PASSED : noted("clock-untrusted");
}

function diskCheck(parts: CheckParts): Found {
  const { bavail, bsize } = statfsSync(parts.dataDir);
  const found = `${Math.floor((bavail * bsize) / 1_048_576)} MiB`;
  return hasRoom(parts) ? { ...PASSED, found } : { result: "failed", problem: "too-little-room", found };
}

/** On a file system that a power cut does not empty, and that can be written now. */
function dataFolderCheck(dataDir: string): Found {
  const { fileSystem, persistent, readOnly } = dataMount(dataDir);
  if (!persistent) return { result: "failed", problem: "volatile", found: fileSystem };
  if (readOnly || !isWritable(dataDir)) return { result: "failed", problem: "read-only", found: fileSystem };
  return { ...PASSED, found: fileSystem };
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

export function temperatureCheck(milliCelsius: number | null): Found {
  if (milliCelsius === null) return noted("not-fitted");
  const found = `${(milliCelsius / 1_000).toFixed(1)} °C`;
  return milliCelsius >= TOO_HOT_MILLI_CELSIUS
    ? { result: "failed", problem: "too-hot", found }
    : { ...PASSED, found };
}

function powerCheck(isLow: boolean | null): Found {
  if (isLow === null) return noted("not-fitted");
  return isLow ? { result: "failed", problem: "under-voltage", found: null } : PASSED;
}

function noted(problem: CheckResult["problem"]): Found {
  return { result: "noted", problem, found: null };
}
