import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { isId } from "#schemas/ids.ts";
import { machineReadings, monotonicNowUs, openClock } from "./machine-clock.ts";

const untrusted = () => ({ wallMs: 0, monotonicUs: monotonicNowUs(), bootId: "boot-1", synchronized: false });

describe("the clock's alarm", () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "hrtime"] }));
  afterEach(() => vi.useRealTimers());

  it("rings once, not before its time", () => {
    const clock = openClock(untrusted, 0);
    const rings: number[] = [];
    const begunMs = clock.nowMs();
    clock.wakeAt(begunMs + 1_500.4, () => rings.push(clock.nowMs() - begunMs));
    vi.advanceTimersByTime(1_500);
    expect(rings).toEqual([]);
    vi.advanceTimersByTime(10_000);
    expect(rings).toHaveLength(1);
    expect(rings[0]).toBeGreaterThanOrEqual(1_500.4);
  });

  it("rings at once for a time that is past", () => {
    const clock = openClock(untrusted, 0);
    const wake = vi.fn();
    clock.wakeAt(Number.NEGATIVE_INFINITY, wake);
    vi.advanceTimersByTime(1);
    expect(wake).toHaveBeenCalledOnce();
  });

  it("is replaced by a later call, and cancelled by null or by closing", () => {
    const clock = openClock(untrusted, 0);
    const [first, second, third] = [vi.fn(), vi.fn(), vi.fn()];
    clock.wakeAt(clock.nowMs() + 10, first);
    clock.wakeAt(clock.nowMs() + 20, second);
    vi.advanceTimersByTime(30);
    expect([first.mock.calls.length, second.mock.calls.length]).toEqual([0, 1]);
    clock.wakeAt(clock.nowMs() + 10, third);
    clock.wakeAt(null, third);
    clock.wakeAt(clock.nowMs() + 10, third);
    clock.close();
    vi.advanceTimersByTime(30);
    expect(third).not.toHaveBeenCalled();
  });

  it("set beyond the longest timer does not ring at once", () => {
    const clock = openClock(untrusted, 0);
    const wake = vi.fn();
    clock.wakeAt(clock.nowMs() + 2 ** 32, wake);
    vi.advanceTimersByTime(60_000);
    expect(wake).not.toHaveBeenCalled();
    clock.close();
  });
});

describe("the clock", () => {
  it("is trusted from the first signed time that is not below its floor", () => {
    const clock = openClock(untrusted, 1_000_000);
    expect(clock.entryTime().clock).toBe("untrusted");
    clock.timeReceived(999_999);
    expect(clock.entryTime().clock).toBe("untrusted");
    clock.timeReceived(1_000_000);
    expect(clock.entryTime()).toMatchObject({ clock: "trusted" });
    expect(clock.entryTime().wallMs).toBeGreaterThanOrEqual(1_000_000);
  });

  it("reads this machine: whole numbers, a boot id that an entry can hold, a monotonic clock", () => {
    const read = machineReadings();
    const [one, two] = [read(), read()];
    expect(Number.isInteger(one.monotonicUs)).toBe(true);
    expect(two.monotonicUs).toBeGreaterThanOrEqual(one.monotonicUs);
    expect(isId(one.bootId)).toBe(true);
    expect(Math.abs(one.wallMs - Date.now())).toBeLessThan(60_000);
  });
});
