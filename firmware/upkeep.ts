/**
 * What a totem does beside voting: says how it is, watches its disk and clock, deletes what was receipted long ago.
 * A round that fails is logged and comes again; it never takes the session down with it.
 */
import { readFileSync, realpathSync, statfsSync } from "node:fs";
import { KEYS, type Key } from "#schemas/code-list.ts";
import type { Health } from "#schemas/messages.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "#schemas/time.ts";
import { type Mount, mountOf } from "./mount.ts";
import type { Clock, Journal, Keys, Log, Scanner } from "./ports.ts";
import { underVoltage } from "./power.ts";
import type { KeyState } from "./session/keys.ts";
import type { Totem } from "./totem.ts";

const HEALTH_EVERY_MS = MINUTE_MS;
/** Often enough to stop before the disk is full at any rate of voting. */
const WATCH_EVERY_MS = 10 * SECOND_MS;
const PRUNE_EVERY_MS = HOUR_MS;
/** A key of yesterday outlives its last ticket by this much at most; minutes in service are counted by it. */
const DAILY_ROUND_EVERY_MS = MINUTE_MS;

/**
 * Longest bounce of a good switch: 6.2 ms, the worst but one of the 18 that Ganssle measured ("A Guide to Debouncing"), and
 * lit push buttons of the totem's kind settle within 1.2 ms (github.com/adamfk/bouncy-button-data).
 */
const GOOD_BOUNCE_MAX_MS = 6.2;
/** Swallowed bounces per press from which a switch is worn, where each one is seen: good ones bounce a few times. */
const WORN_BOUNCES_PER_PRESS = 8;
/**
 * The same where the kernel already holds back what a good switch does: what is still seen outlasted the debounce, as with
 * the worn buttons of GP2040-CE's issues 694 and 1588 that doubled at 5 ms. No good switch does that, so a few would do;
 * one press in ten leaves room for a rare fumbled press.
 */
const WORN_LONG_BOUNCES_PER_PRESS = 0.1;
/** Presses before a switch is judged at all. */
const JUDGED_PRESSES = 50;

export type UpkeepParts = {
  readonly totem: Totem;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly scanner: Scanner;
  readonly keys: Pick<Keys, "lostEdges">;
  /** A bounce that is shorter than this is never seen here; 0 where all are. */
  readonly keyDebounceMs: number;
  readonly log: Log;
  readonly dataDir: string;
  readonly minFreeBytes: number;
  readonly keepReceiptedDays: number;
  readonly publishHealth: (health: Health) => void;
  /** The end of the last day that the gateway has closed, or null. */
  readonly closedBeforeMs: () => Promise<number | null>;
  /** What is done once a day, to be asked for every minute. */
  readonly dailyRound: () => Promise<void>;
};

/** Starts the rounds; the returned function ends them. */
export function startUpkeep(parts: UpkeepParts): () => void {
  const { totem, clock } = parts;
  let clockState = clock.entryTime().clock;
  const watch = async () => {
    if (!hasRoom(parts)) totem.feed({ type: "storage-failed", cause: "disk-full", atMs: clock.nowMs() });
    const before = clockState;
    clockState = clock.entryTime().clock;
    if (clockState === before) return;
    totem.recordFault("clock-untrusted", clockState === "trusted" ? "recovered" : "failed", null);
  };
  const daily = everyRound(parts.log, "daily", parts.dailyRound);
  const pruning = everyRound(parts.log, "prune", () => prune(parts));
  const timers = [
    setInterval(
      everyRound(parts.log, "health", async () => parts.publishHealth(await healthOf(parts))),
      HEALTH_EVERY_MS,
    ),
    setInterval(everyRound(parts.log, "watch", watch), WATCH_EVERY_MS),
    setInterval(daily, DAILY_ROUND_EVERY_MS),
    setInterval(pruning, PRUNE_EVERY_MS),
  ];
  daily();
  pruning();
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}

/** One round at a time: a journal that does not answer must not collect questions. */
function everyRound(log: Log, name: string, round: () => Promise<void>): () => void {
  let isRunning = false;
  return () => {
    if (isRunning) return;
    isRunning = true;
    void round()
      .catch((error: Error) => log.error("upkeep-failed", { round: name, message: error.message }))
      .finally(() => {
        isRunning = false;
      });
  };
}

/** False when less is free than the settings ask for, or when there is no data folder to ask about. */
export function hasRoom(parts: Pick<UpkeepParts, "dataDir" | "minFreeBytes">): boolean {
  try {
    const { bavail, bsize } = statfsSync(parts.dataDir);
    return bavail * bsize >= parts.minFreeBytes;
  } catch {
    return false;
  }
}

/** The data folder's mount, as the kernel lists it. */
export function dataMount(dataDir: string): Mount {
  return mountOf(readFileSync("/proc/self/mountinfo", "utf8"), realpathSync(dataDir));
}

/** How the totem is: figures of the machine, none of any choice. */
export async function healthOf(parts: UpkeepParts): Promise<Health> {
  const { totem, journal, clock, scanner, dataDir } = parts;
  const time = clock.entryTime();
  const sums = await journal.sums();
  const { bavail, bsize, blocks } = statfsSync(dataDir);
  const { keys, totalPresses } = totem.health();
  const wornFrom = wornBouncesPerPress(parts.keyDebounceMs);
  return {
    timeMs: time.wallMs,
    uptimeMs: Math.round(performance.now()),
    queue: { entries: sums.pending, bytes: sums.pendingBytes },
    captured: sums.captured,
    acknowledged: sums.acknowledged,
    oldestUnsentMs: sums.oldestPendingMs === null ? null : Math.max(0, time.wallMs - sums.oldestPendingMs),
    disk: { freeBytes: bavail * bsize, totalBytes: blocks * bsize },
    mount: dataMount(dataDir),
    clock: time.clock,
    temperatureMilliCelsius: readNumber("/sys/class/thermal/thermal_zone0/temp"),
    underVoltage: underVoltage(),
    scanner: scanner.isReady() ? "ready" : "unplugged",
    totalPresses,
    lostEdges: parts.keys.lostEdges(),
    keys: KEYS.map((key) => keyHealth(key, keys[key], wornFrom)),
  };
}

function wornBouncesPerPress(debounceMs: number): number {
  // A debounce set shorter than good switches bounce lets their bounces through.
  return debounceMs > GOOD_BOUNCE_MAX_MS ? WORN_LONG_BOUNCES_PER_PRESS : WORN_BOUNCES_PER_PRESS;
}

function keyHealth(key: Key, state: KeyState, wornFrom: number): Health["keys"][number] {
  const worn = state.presses >= JUDGED_PRESSES && state.bounces / state.presses >= wornFrom;
  return { key, bounce: worn ? "bouncy" : "clean", state: state.stuck ? "stuck" : worn ? "worn" : "fine" };
}

async function prune(parts: UpkeepParts): Promise<void> {
  const time = parts.clock.entryTime();
  // A wrong clock must not make anything look old.
  if (time.clock === "untrusted") return;
  const keepMs = parts.keepReceiptedDays * DAY_MS;
  const closedBeforeMs = await parts.closedBeforeMs();
  let entries = 0;
  // The journal deletes a bounded number at once, so that a vote never waits long behind it.
  for (let goesOn = true; goesOn; ) {
    const pruned = await parts.journal.prune({ nowMs: time.wallMs, keepMs, closedBeforeMs });
    goesOn = pruned.ok && pruned.value > 0;
    if (pruned.ok) entries += pruned.value;
  }
  if (entries > 0) parts.log.info("pruned", { entries });
}

/** The whole number in a file of the kernel's, or null where there is none. */
export function readNumber(path: string): number | null {
  try {
    const value = Number.parseInt(readFileSync(path, "utf8"), 10);
    return Number.isSafeInteger(value) ? value : null;
  } catch {
    return null;
  }
}
