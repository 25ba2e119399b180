/**
 * Feeds the service manager's watchdog while the totem is alive (vitals.ts judges), and says why when it does not. Ends
 * nothing itself: a totem that is not fed is ended and started again from outside, however stuck it is.
 */
import { MINUTE_MS, SECOND_MS } from "#schemas/time.ts";
import type { Journal, Log } from "../ports.ts";
import type { ServiceManager } from "./notify.ts";
import { mayFeed, type Verdict, type Vitals } from "./vitals.ts";

/** Feeds in the watchdog's time: one that comes too late, or is kept back for one bad moment, ends nothing. */
const FEEDS_IN_TIME = 3;
/** How often the main thread is timed: lateness of twice the limit is always seen. */
const TIMED_EVERY_MS = SECOND_MS;
/**
 * How often the question to the database is a write. A write that never returns holds the journal's thread, so the next
 * question of any kind finds out; asking for one at every round would write a card 8,640 times a day for nothing.
 */
const WRITE_EVERY_MS = MINUTE_MS;
/** A name nothing is kept under: looking for it costs one read. */
const NO_NAME = "watchdog";

/** A thread that must turn, or a device whose reader must: it says when it last did, or whether it does. */
export type WatchedWorker = { readonly name: string } & (
  | { readonly isAlive: () => boolean }
  /** In the milliseconds of `nowMs`. */
  | { readonly lastAliveMs: () => number }
);

export type WatchdogParts = {
  readonly manager: Pick<ServiceManager, "watchdogMs" | "feed" | "status">;
  readonly journal: Pick<Journal, "probe" | "kept">;
  /** A device that is unplugged has a live reader: say so here, and tell the fault elsewhere. */
  readonly workers: readonly WatchedWorker[];
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly log: Log;
};

/** Starts feeding; the returned function ends it. Does nothing when the manager does not ask to hear. */
export function startWatchdog(parts: WatchdogParts): () => void {
  const { manager, nowMs, workers } = parts;
  const { watchdogMs } = manager;
  if (watchdogMs === null) return () => undefined;
  const lateness = timeMainThread(nowMs);
  const question = askDatabase(parts);
  const tell = tellChanges(parts);
  const round = () => {
    const vitals: Vitals = {
      workers: workers.map((worker) => ({ name: worker.name, lastAlive: lastAlive(worker, nowMs()) })),
      askedMs: question.askedMs(),
      loopLateMs: lateness.takeWorstMs(),
    };
    const verdict = mayFeed(vitals, nowMs(), watchdogMs);
    if (verdict.fed) manager.feed();
    tell(verdict);
    question.ask();
  };
  question.ask();
  const timer = setInterval(round, watchdogMs / FEEDS_IN_TIME);
  return () => {
    clearInterval(timer);
    lateness.stop();
  };
}

function lastAlive(worker: WatchedWorker, nowMs: number): number | "dead" {
  if ("lastAliveMs" in worker) return worker.lastAliveMs();
  return worker.isAlive() ? nowMs : "dead";
}

function timeMainThread(nowMs: () => number) {
  let dueMs = nowMs() + TIMED_EVERY_MS;
  let worstMs = 0;
  const measure = () => {
    worstMs = Math.max(worstMs, nowMs() - dueMs);
  };
  const timer = setInterval(() => {
    measure();
    dueMs = nowMs() + TIMED_EVERY_MS;
  }, TIMED_EVERY_MS);
  return {
    takeWorstMs: () => {
      measure();
      const worst = worstMs;
      worstMs = 0;
      return worst;
    },
    stop: () => clearInterval(timer),
  };
}

/** One question at a time: a database that does not answer must not collect them. */
function askDatabase({ journal, nowMs }: WatchdogParts) {
  let askedMs: number | null = null;
  let wroteMs = Number.NEGATIVE_INFINITY;
  const put = (): Promise<unknown> => {
    if (nowMs() - wroteMs < WRITE_EVERY_MS) return journal.kept(NO_NAME);
    wroteMs = nowMs();
    return journal.probe();
  };
  const answered = () => {
    askedMs = null;
  };
  return {
    askedMs: () => askedMs,
    ask: () => {
      if (askedMs !== null) return;
      askedMs = nowMs();
      // "It failed" is an answer too. A thread that has ended never gives one.
      put().then(answered, answered);
    },
  };
}

/** Says once that feeding stopped and why, and once that it goes on. */
function tellChanges({ manager, log }: WatchdogParts): (verdict: Verdict) => void {
  let wasFed = true;
  return (verdict) => {
    if (verdict.fed === wasFed) return;
    wasFed = verdict.fed;
    if (verdict.fed) {
      log.info("watchdog-fed-again");
      manager.status("in service");
    } else {
      log.error("watchdog-not-fed", { reasons: verdict.reasons });
      manager.status(`not fed: ${verdict.reasons.join("; ")}`);
    }
  };
}
