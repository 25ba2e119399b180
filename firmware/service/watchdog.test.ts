import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { JournalResult } from "../ports.ts";
import { startWatchdog, type WatchedWorker } from "./watchdog.ts";

const WATCHDOG_MS = 30_000;
/** What the manager does: it ends a program that was not fed for this long. */
const ended = (fedMs: readonly number[], nowMs: number) => nowMs - (fedMs.at(-1) ?? 0) > WATCHDOG_MS;

type Answer = () => Promise<JournalResult<null>>;

const works: Answer = async () => ({ ok: true, value: null });
const isFull: Answer = async () => ({ ok: false, problem: "disk-full" });
const throws: Answer = async () => Promise.reject(new Error("disk I/O error"));
const hangs: Answer = () => new Promise(() => undefined);

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function watched(options: { workers?: readonly WatchedWorker[]; watchdogMs?: number | null } = {}) {
  const startedMs = performance.now();
  const nowMs = () => performance.now() - startedMs;
  const fedMs: number[] = [];
  const statuses: string[] = [];
  const lines: [string, unknown][] = [];
  const asked = { probes: 0, reads: 0 };
  const journal = { answer: works };
  const watchdogMs = options.watchdogMs === undefined ? WATCHDOG_MS : options.watchdogMs;
  const stop = startWatchdog({
    manager: { watchdogMs, feed: () => fedMs.push(nowMs()), status: (text) => statuses.push(text) },
    journal: {
      probe: () => {
        asked.probes++;
        return journal.answer();
      },
      kept: async () => {
        asked.reads++;
        await journal.answer();
        return null;
      },
    },
    workers: options.workers ?? [],
    nowMs,
    log: {
      info: (event, fields) => lines.push([event, fields]),
      warn: (event, fields) => lines.push([event, fields]),
      error: (event, fields) => lines.push([event, fields]),
    },
  });
  return { fedMs, statuses, lines, asked, journal, nowMs, stop };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe("a healthy totem", () => {
  it("is fed three times in the watchdog's time, and says nothing", async () => {
    const { fedMs, lines } = watched();
    await pass(60_000);
    expect(fedMs).toEqual([10_000, 20_000, 30_000, 40_000, 50_000, 60_000]);
    expect(lines).toEqual([]);
  });

  it("asks its database at every round, and writes once a minute", async () => {
    const { asked } = watched();
    await pass(10 * 60_000);
    expect(asked.probes).toBeLessThanOrEqual(11);
    expect(asked.probes).toBeGreaterThanOrEqual(9);
    expect(asked.probes + asked.reads).toBe(61);
  });

  it("is left alone by a manager that does not ask", async () => {
    const { fedMs, asked } = watched({ watchdogMs: null });
    await pass(120_000);
    expect([fedMs, asked]).toEqual([[], { probes: 0, reads: 0 }]);
  });

  it("is no longer fed once it stops", async () => {
    const { fedMs, stop } = watched();
    await pass(10_000);
    stop();
    await pass(60_000);
    expect(fedMs).toEqual([10_000]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("a journal", () => {
  it("that hangs is found out: the totem is ended within 50 seconds", async () => {
    const { journal, fedMs, lines, statuses, nowMs } = watched();
    await pass(65_000);
    journal.answer = hangs;
    await pass(50_000);
    expect(ended(fedMs, nowMs())).toBe(true);
    expect(lines).toEqual([
      ["watchdog-not-fed", { reasons: [expect.stringMatching(/^database: no answer/)] }],
    ]);
    expect(statuses).toEqual([expect.stringMatching(/^not fed: database: no answer for \d+ ms$/)]);
  });

  it("that hangs is asked only once", async () => {
    const { journal, asked } = watched();
    journal.answer = hangs;
    await pass(9_000);
    const before = asked.probes + asked.reads;
    await pass(10 * 60_000);
    expect(asked.probes + asked.reads).toBeLessThanOrEqual(before + 1);
  });

  it.each([
    ["says the disk is full", isFull],
    ["says it cannot be read", throws],
  ])("that %s is alive: the totem is not started again and again for it", async (_, answer) => {
    const { journal, fedMs, lines } = watched();
    journal.answer = answer;
    await pass(60 * 60_000);
    expect(fedMs).toHaveLength(360);
    expect(lines).toEqual([]);
  });

  it("that was slow and answers after all is fed again, and it is said", async () => {
    const { journal, lines, statuses, fedMs, nowMs } = watched();
    let answerNow: () => void = () => undefined;
    journal.answer = () =>
      new Promise((resolve) => {
        answerNow = () => resolve({ ok: true, value: null });
      });
    await pass(30_000);
    journal.answer = works;
    answerNow();
    await pass(10_000);
    expect(ended(fedMs, nowMs())).toBe(false);
    expect(lines.map(([event]) => event)).toEqual(["watchdog-not-fed", "watchdog-fed-again"]);
    expect(statuses.at(-1)).toBe("in service");
  });
});

describe("a worker", () => {
  it("that says it ended keeps the food back at once", async () => {
    let isAlive = true;
    const { fedMs, lines } = watched({ workers: [{ name: "keys", isAlive: () => isAlive }] });
    await pass(20_000);
    isAlive = false;
    await pass(60_000);
    expect(fedMs).toEqual([10_000, 20_000]);
    expect(lines).toEqual([["watchdog-not-fed", { reasons: ["keys: ended"] }]]);
  });

  it("whose heartbeat stops is found out after half of the watchdog's time", async () => {
    const { fedMs } = watched({ workers: [{ name: "scanner", lastAliveMs: () => 5_000 }] });
    await pass(120_000);
    expect(fedMs).toEqual([10_000, 20_000]);
  });
});

describe("a main thread", () => {
  it("that is late once misses one feed and lives", async () => {
    const now = { shiftMs: 0 };
    const { fedMs, lines } = watchedWithShift(now);
    await pass(12_500);
    now.shiftMs += 3_000;
    await pass(60_000);
    expect(lines.map(([event]) => event)).toEqual(["watchdog-not-fed", "watchdog-fed-again"]);
    expect(fedMs).toHaveLength(6);
  });

  it("that is late again and again is ended", async () => {
    const now = { shiftMs: 0 };
    const { fedMs } = watchedWithShift(now);
    await pass(10_500);
    for (let times = 0; times < 10; times++) {
      now.shiftMs += 3_000;
      await pass(5_000);
    }
    expect(fedMs).toHaveLength(1);
  });
});

/** A totem whose clock jumps between two timers, as it does for whoever could not run in between. */
function watchedWithShift(now: { shiftMs: number }) {
  const startedMs = performance.now();
  const nowMs = () => performance.now() - startedMs + now.shiftMs;
  const fedMs: number[] = [];
  const lines: [string, unknown][] = [];
  const note = (event: string, fields?: unknown) => void lines.push([event, fields]);
  startWatchdog({
    manager: { watchdogMs: WATCHDOG_MS, feed: () => fedMs.push(nowMs()), status: () => undefined },
    journal: { probe: works, kept: async () => null },
    workers: [],
    nowMs,
    log: { info: note, warn: note, error: note },
  });
  return { fedMs, lines };
}
