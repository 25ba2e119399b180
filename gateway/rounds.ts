/**
 * What the gateway does by itself: every night it counts all stored votes again and compares, lets go of what has passed its term,
 * and closes the day before yesterday; every minute it looks whether other issuer keys are in force. A mismatch is an alarm,
 * never a silent repair (promise 6).
 */
import { addDays, localClock, localDayOf } from "#schemas/local-day.ts";
import { watchSteadiness } from "#schemas/steady-time.ts";
import { MINUTE_MS } from "#schemas/time.ts";
import type { Directory } from "./directory.ts";
import { watchKeys } from "./fleet/key-watch.ts";
import type { Log } from "./log.ts";
import { dayToClose } from "./settle/closing-time.ts";
import type { Closed } from "./store/closing-store.ts";
import type { Mismatch, Store } from "./store/store.ts";

export type RoundsParts = {
  readonly store: Store;
  readonly log: Log;
  readonly nowMs: () => number;
  readonly directory: Directory;
};

export type Rounds = { readonly close: () => Promise<void> };

/** After midnight's last votes and before anybody reads the morning's figures. */
const NIGHT_MINUTE = 2 * 60 + 30;
const LOOK_EVERY_MS = MINUTE_MS;
/** When days could not be closed, most likely for want of room for their backup: a copy each minute would only fill what is full. */
const CLOSE_AGAIN_MS = 15 * MINUTE_MS;
/** Mismatches kept of one recount: the first ones tell what is wrong. */
const MISMATCHES_MAX = 100;

/**
 * Starts the rounds; a gateway that was off at night makes them when it starts.
 * @param parts.onKeysChanged called when other issuer keys are in force than a minute before.
 * @param parts.destroyOldKeys destroys the day keys of days that are over, and says how many.
 * @param parts.closeDays closes all days up to one.
 * @param parts.monotonicMs a clock that nobody can set: days are closed by time that has gone evenly for an hour.
 */
export function startRounds(
  parts: RoundsParts & {
    readonly onKeysChanged: () => Promise<void>;
    readonly destroyOldKeys: () => number;
    readonly monotonicMs: () => number;
    readonly closeDays: (through: string) => Promise<Closed>;
  },
): Rounds {
  let running: Promise<void> | null = null;
  const close = putOff(parts, CLOSE_AGAIN_MS, closer(parts));
  const ending = new AbortController();
  const isSteadyAt = watchSteadiness();
  const look = () => {
    destroyKeys(parts);
    const isTimeSure = isSteadyAt({ wallMs: parts.nowMs(), monotonicMs: parts.monotonicMs() });
    running ??= roundIfDue(parts, ending.signal)
      .then(() => (isTimeSure ? close() : undefined))
      .catch((error: Error) => parts.log.error("rounds-failed", { message: error.message }))
      .finally(() => {
        running = null;
      });
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  const keys = watchKeys({ ...parts, onChanged: parts.onKeysChanged });
  look();
  return {
    close: async () => {
      clearInterval(timer);
      await keys.close();
      ending.abort();
      await running;
    },
  };
}

/** Work that fails is tried again only after a while. */
function putOff(
  { monotonicMs }: { readonly monotonicMs: () => number },
  whileMs: number,
  work: () => Promise<void>,
): () => Promise<void> {
  let notBeforeMs = Number.NEGATIVE_INFINITY;
  return async () => {
    if (monotonicMs() < notBeforeMs) return;
    notBeforeMs = monotonicMs() + whileMs;
    await work();
    notBeforeMs = Number.NEGATIVE_INFINITY;
  };
}

function destroyKeys({ destroyOldKeys, log }: Parameters<typeof startRounds>[0]): void {
  try {
    const destroyed = destroyOldKeys();
    if (destroyed > 0) log.info("day-keys-destroyed", { destroyed });
  } catch (error) {
    log.error("day-keys-not-destroyed", { message: (error as Error).message });
  }
}

async function roundIfDue(parts: RoundsParts, ending: AbortSignal): Promise<void> {
  const { store, directory, nowMs, log } = parts;
  const zone = directory.sites[0]?.zone ?? "UTC";
  const last = await store.lastRecount();
  const isDue = last === null || nightOf(nowMs(), zone) > nightOf(last.atMs, zone);
  if (!isDue) return;
  await recountAll(parts, ending);
  if (ending.aborted) return;
  const deleted = await store.enforceRetention(nowMs());
  log.info("retention", deleted);
}

/** Closes the days that are over, once their recount has had its night; also when only telling of them failed the last time. */
function closer({ store, directory, nowMs, log, closeDays }: Parameters<typeof startRounds>[0]) {
  let isUnfinished = false;
  return async (): Promise<void> => {
    const day = dayToClose(
      nowMs(),
      directory.sites.map(({ zone }) => zone),
    );
    const before = await store.closedThrough();
    if (before !== null && before >= day && !isUnfinished) return;
    isUnfinished = true;
    const closed = await closeDays(day);
    isUnfinished = false;
    log.info("closed", { through: day, ...closed });
  };
}

/** The latest night whose hour has come. */
function nightOf(atMs: number, zone: string): string {
  const today = localDayOf(atMs, zone);
  return localClock(atMs, zone).minuteOfDay >= NIGHT_MINUTE ? today : addDays(today, -1);
}

/**
 * Counts all stored votes again, a day at a time so that ingest goes on in between.
 * @param ending ends it early: half a recount says nothing and is not kept, and the next start makes it whole.
 */
export async function recountAll(
  { store, log, nowMs }: RoundsParts,
  ending?: AbortSignal,
): Promise<readonly Mismatch[]> {
  const span = await store.votedDays();
  const mismatches: Mismatch[] = [];
  let days = 0;
  if (span !== null) {
    for (let day = span.first; day <= span.last; day = addDays(day, 1)) {
      if (ending?.aborted) return [];
      const found = await store.recount({ fromDay: day, toDay: addDays(day, 1) });
      mismatches.push(...found.slice(0, MISMATCHES_MAX - mismatches.length));
      days += 1;
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
  }
  mismatches.push(...(await store.recountTotems()).slice(0, MISMATCHES_MAX - mismatches.length));
  await store.noteRecount({ atMs: nowMs(), days, mismatches });
  if (mismatches.length === 0) {
    await store.clearAlarm("recount-mismatch", "", nowMs());
    log.info("recounted", { days });
  } else {
    log.error("recount-mismatch", { days, mismatches: mismatches.length });
    const where = [...new Set(mismatches.map((m) => m.day || m.column))].join(", ");
    await store.raiseAlarm(
      "recount-mismatch",
      "",
      `counters and votes differ: ${where}`.slice(0, 200),
      nowMs(),
    );
  }
  return mismatches;
}
