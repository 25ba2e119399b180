import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { GatewaySettings } from "#schemas/gateway-settings.ts";
import { directoryOf } from "./directory.ts";
import { recountAll, startRounds } from "./rounds.ts";
import { openSqliteStore } from "./store/sqlite/sqlite-store.ts";
import type { Mismatch, Store } from "./store/store.ts";

const directory = directoryOf({
  sites: [{ siteId: "municipio", zone: "Europe/Rome", offices: [] }],
} as unknown as GatewaySettings);

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** 25 November 2026, 02:29 in Rome. */
const BEFORE_NIGHT_MS = Date.UTC(2026, 10, 25, 1, 29);
const MISMATCH: Mismatch = {
  day: "2026-11-24",
  serviceId: "anagrafe",
  column: "green",
  counted: 2,
  recounted: 1,
};

describe("the gateway's nights", () => {
  let store: Store;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    store = openSqliteStore(":memory:", 0);
  });
  afterEach(async () => {
    vi.useRealTimers();
    await store.close();
  });

  it("recounts at the start when the night was missed, then once at half past two", async () => {
    let nowMs = BEFORE_NIGHT_MS;
    const recounts: number[] = [];
    const watched: Store = {
      ...store,
      noteRecount: async (result) => {
        recounts.push(result.atMs);
        await store.noteRecount(result);
      },
    };
    const rounds = startRounds({
      store: watched,
      log: quiet,
      nowMs: () => nowMs,
      directory,
      onKeysChanged: async () => undefined,
      destroyOldKeys: () => 0,
      monotonicMs: () => 0,
      closeDays: (day) => store.closeThrough(day, 0),
    });
    for (let minutes = 0; minutes < 120; minutes++) {
      await vi.waitFor(() => expect(recounts.length).toBeGreaterThan(0));
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      nowMs += 60_000;
      vi.advanceTimersByTime(60_000);
    }
    await rounds.close();
    expect(recounts).toEqual([BEFORE_NIGHT_MS, BEFORE_NIGHT_MS + 60_000]);
  });

  it("ends in the middle of a recount when the gateway does, and keeps nothing of half of one", async () => {
    const recounted: string[] = [];
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const years: Store = {
      ...store,
      votedDays: async () => ({ first: "2016-01-01", last: "2026-11-24" }),
      recount: async ({ fromDay }) => {
        recounted.push(fromDay);
        begin();
        return [];
      },
    };
    const rounds = startRounds({
      store: years,
      log: quiet,
      nowMs: () => BEFORE_NIGHT_MS,
      directory,
      onKeysChanged: async () => undefined,
      destroyOldKeys: () => 0,
      monotonicMs: () => 0,
      closeDays: (day) => store.closeThrough(day, 0),
    });
    await begun;
    await rounds.close();
    expect(recounted.length).toBeLessThan(10);
    expect(await store.lastRecount()).toBeNull();
  });

  it("closes the day before yesterday once it is three, by a clock that has gone evenly, and tries again what fails", async () => {
    let nowMs = BEFORE_NIGHT_MS;
    let monotonicMs = 0;
    let fails = true;
    const closed: string[] = [];
    const logged: string[] = [];
    const watched: Store = {
      ...store,
      closeThrough: async (day, atMs) => {
        if (fails) throw new Error("the log cannot be cut");
        closed.push(day);
        return store.closeThrough(day, atMs);
      },
    };
    const rounds = startRounds({
      store: watched,
      log: { ...quiet, error: (event) => logged.push(event) },
      nowMs: () => nowMs,
      directory,
      onKeysChanged: async () => undefined,
      destroyOldKeys: () => 0,
      monotonicMs: () => monotonicMs,
      closeDays: (day) => watched.closeThrough(day, nowMs),
    });
    const pass = async (minutes: number) => {
      for (let minute = 0; minute < minutes; minute++) {
        nowMs += 60_000;
        monotonicMs += 60_000;
        vi.advanceTimersByTime(60_000);
        for (let turns = 0; turns < 5; turns++) {
          await new Promise((resolve) => {
            setImmediate(resolve);
          });
        }
      }
    };
    await pass(58);
    expect([closed, logged]).toEqual([[], []]);
    await pass(3);
    expect(logged).toContain("rounds-failed");
    fails = false;
    await pass(10);
    expect(closed).toEqual([]);
    await pass(5);
    expect(closed).toEqual(["2026-11-23"]);
    expect(await store.closedThrough()).toBe("2026-11-23");
    // A clock that jumps ahead closes nothing before its hour of trial is over.
    nowMs += 40 * 86_400_000;
    await pass(59);
    nowMs -= 40 * 86_400_000;
    await pass(61);
    expect(closed).toEqual(["2026-11-23"]);
    await pass(24 * 60);
    expect(closed).toEqual(["2026-11-23", "2026-11-24"]);
    await rounds.close();
  });

  it("tells again of days that were closed when that failed", async () => {
    let nowMs = BEFORE_NIGHT_MS;
    let monotonicMs = 0;
    const tried: string[] = [];
    const rounds = startRounds({
      ...{ store, log: quiet, nowMs: () => nowMs, directory, monotonicMs: () => monotonicMs },
      ...{ onKeysChanged: async () => undefined, destroyOldKeys: () => 0 },
      closeDays: async (day) => {
        tried.push(day);
        const closed = await store.closeThrough(day, nowMs);
        if (tried.length === 1) throw new Error("the public folder cannot be written");
        return closed;
      },
    });
    for (let minute = 0; minute < 180; minute++) {
      nowMs += 60_000;
      monotonicMs += 60_000;
      vi.advanceTimersByTime(60_000);
      for (let turns = 0; turns < 5; turns++) {
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
      }
    }
    await rounds.close();
    expect(tried).toEqual(["2026-11-23", "2026-11-23"]);
  });

  it("raises an alarm for a mismatch, repairs nothing, and clears it once the sums hold", async () => {
    const wrong: Store = {
      ...store,
      votedDays: async () => ({ first: "2026-11-23", last: "2026-11-24" }),
      recount: async ({ fromDay }) => (fromDay === MISMATCH.day ? [MISMATCH] : []),
    };
    const parts = { log: quiet, nowMs: () => BEFORE_NIGHT_MS, directory };
    expect(await recountAll({ ...parts, store: wrong })).toEqual([MISMATCH]);
    expect(await store.alarms()).toMatchObject([
      { code: "recount-mismatch", detail: expect.stringContaining("2026-11-24") },
    ]);
    expect(await store.lastRecount()).toMatchObject({ days: 2, mismatches: [MISMATCH] });
    expect(await recountAll({ ...parts, store })).toEqual([]);
    expect(await store.alarms()).toEqual([]);
  });
});
