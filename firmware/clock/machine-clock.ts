/**
 * The totem's clock on a real machine, or on a simulated one whose readings are bent by the panel.
 */
import { existsSync, readFileSync } from "node:fs";
import type { Clock } from "../ports.ts";
import { type Anchor, anchorAfter, type ClockReading, entryTimeOf } from "./estimate.ts";

/** systemd-timesyncd touches this file once it has set the clock. */
const TIMESYNC_MARK = "/run/systemd/timesync/synchronized";
const BOOT_ID = "/proc/sys/kernel/random/boot_id";
/** Looking for a file costs little, but not nothing; a clock is not set twice a second. */
const RECHECK_MS = 5_000;

/** Longest wait of a Node timer; a longer one fires at once. Whoever is woken early looks at the time and waits on. */
const TIMER_MAX_MS = 2_147_483_647;

/** Reads this machine's clocks. */
export function machineReadings(): () => ClockReading {
  const bootId = readFileSync(BOOT_ID, "utf8").trim();
  let synchronized = existsSync(TIMESYNC_MARK);
  let checkedUs = 0;
  return () => {
    const monotonicUs = monotonicNowUs();
    if (!synchronized && monotonicUs - checkedUs > RECHECK_MS * 1_000) {
      checkedUs = monotonicUs;
      synchronized = existsSync(TIMESYNC_MARK);
    }
    return { wallMs: Date.now(), monotonicUs, bootId, synchronized };
  };
}

/** Microseconds of CLOCK_MONOTONIC, the clock the kernel stamps GPIO edges with. */
export function monotonicNowUs(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}

/** A clock over some readings. @param floorMs the latest trusted time of earlier starts. */
export function openClock(
  readings: () => ClockReading,
  floorMs: number,
): Clock & { readonly close: () => void } {
  let anchor: Anchor | null = null;
  let timer: NodeJS.Timeout | null = null;
  const cancel = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  const nowMs = () => monotonicNowUs() / 1_000;
  return {
    nowMs,
    entryTime: () => entryTimeOf(readings(), anchor),
    wakeAt: (atMs, wake) => {
      cancel();
      if (atMs === null) return;
      timer = setTimeout(wake, Math.min(Math.max(0, Math.ceil(atMs - nowMs())), TIMER_MAX_MS));
    },
    timeReceived: (timeMs) => {
      anchor = anchorAfter(anchor, { timeMs, monotonicUs: readings().monotonicUs }, floorMs);
    },
    close: cancel,
  };
}
