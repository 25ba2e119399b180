import { rmSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HEALTH, type Health } from "#schemas/messages.ts";
import { DAY_MS } from "#schemas/time.ts";
import { codeOf, NOW_MS } from "./tickets/tickets.fixture.ts";
import { openTotem, startTime, stopTime, type TestTotem } from "./totem.fixture.ts";
import { dataMount, hasRoom, startUpkeep, type UpkeepParts } from "./upkeep.ts";

beforeEach(stopTime);
afterEach(startTime);

/** More than any disk has. */
const ALL_THE_ROOM = Number.MAX_SAFE_INTEGER;

/** Begins the upkeep of a totem; `said` collects its health. */
function upkeepOf(so: TestTotem, changed: Partial<UpkeepParts> = {}) {
  const said: Health[] = [];
  const { totem, journal, clock, scanner, keys, log, dataDir } = so;
  const stop = startUpkeep({
    totem,
    journal,
    clock,
    scanner,
    keys,
    keyDebounceMs: 0,
    log,
    dataDir,
    minFreeBytes: 0,
    keepReceiptedDays: 7,
    publishHealth: (health) => said.push(health),
    dailyRound: async () => undefined,
    closedBeforeMs: async () => null,
    ...changed,
  });
  return { said, stop };
}

const faults = async (so: TestTotem) =>
  (await so.entries()).flatMap((entry) => (entry.kind === "fault" ? [`${entry.code} ${entry.state}`] : []));

describe("a totem's health", () => {
  it("is said every minute, in the shape the gateway takes, and not after the end", async () => {
    const so = await openTotem();
    const { said, stop } = upkeepOf(so);
    await so.pass(59_999);
    expect(said).toHaveLength(0);
    await so.pass(1);
    await so.pass(60_000);
    expect(said).toHaveLength(2);
    for (const health of said) expect(HEALTH.parse(health)).toMatchObject({ ok: true });
    stop();
    await so.pass(600_000);
    expect(said).toHaveLength(2);
    await so.close();
  });

  it("tells all presses in one sum, and of each key no more than its class and state", async () => {
    const so = await openTotem();
    const { said, stop } = upkeepOf(so);
    for (const key of ["green", "green", "red"] as const) {
      await so.press(key);
      await so.pass(600);
    }
    so.keys.jam("yellow", true);
    await so.pass(60_000);
    const [health] = said;
    expect(health?.totalPresses).toBe(4);
    expect(health?.keys.find((key) => key.key === "yellow")).toEqual({
      key: "yellow",
      bounce: "clean",
      state: "stuck",
    });
    expect(health?.keys.find((key) => key.key === "green")).toEqual({
      key: "green",
      bounce: "clean",
      state: "fine",
    });
    stop();
    await so.close();
  });

  it("counts what the journal holds and has not sent", async () => {
    const so = await openTotem();
    const { said, stop } = upkeepOf(so);
    await so.scan(codeOf(1));
    await so.press("green");
    await so.pass(60_000);
    expect(said[0]).toMatchObject({ captured: 2, acknowledged: 0, queue: { entries: 2 }, scanner: "ready" });
    stop();
    await so.close();
  });

  it("calls a key worn whose contacts bounce more than a good one's", async () => {
    const so = await openTotem();
    const worn = { ...so.totem.health().keys.green, presses: 50, bounces: 400 };
    vi.spyOn(so.totem, "health").mockReturnValue({
      keys: {
        ...so.totem.health().keys,
        green: worn,
        red: { ...worn, bounces: 399 },
        yellow: { ...worn, presses: 49 },
      },
      totalPresses: 150,
    });
    const { said, stop } = upkeepOf(so);
    await so.pass(60_000);
    expect(said[0]?.keys.slice(0, 3)).toEqual([
      { key: "green", bounce: "bouncy", state: "worn" },
      { key: "yellow", bounce: "clean", state: "fine" },
      { key: "red", bounce: "clean", state: "fine" },
    ]);
    stop();
    await so.close();
  });

  it.each([
    [0, 399, "fine"],
    [0, 400, "worn"],
    // A short debounce lets a good switch's bounces through: they are judged as if all were seen.
    [5, 399, "fine"],
    [10, 4, "fine"],
    [10, 5, "worn"],
  ])(
    "judges bounces by what the kernel holds back: %i ms, %i seen in 50 presses is %s",
    async (keyDebounceMs, bounces, state) => {
      const so = await openTotem();
      const green = { ...so.totem.health().keys.green, presses: 50, bounces };
      vi.spyOn(so.totem, "health").mockReturnValue({
        keys: { ...so.totem.health().keys, green },
        totalPresses: 50,
      });
      const { said, stop } = upkeepOf(so, { keyDebounceMs });
      await so.pass(60_000);
      expect(said[0]?.keys[0]).toMatchObject({ key: "green", state });
      stop();
      await so.close();
    },
  );

  it("that cannot be told is logged, and the totem goes on", async () => {
    const so = await openTotem();
    vi.spyOn(so.journal, "sums").mockRejectedValue(new Error("no answer"));
    const { said, stop } = upkeepOf(so);
    await so.pass(60_000);
    expect(said).toEqual([]);
    expect(so.lines.at(-1)).toEqual({
      level: "error",
      event: "upkeep-failed",
      fields: { round: "health", message: "no answer" },
    });
    await so.scan(codeOf(1));
    expect(so.phase()).toBe("awaiting-face");
    stop();
    await so.close();
  });

  it("is not asked for again while the journal does not answer", async () => {
    const so = await openTotem();
    const sums = vi.spyOn(so.journal, "sums").mockReturnValue(new Promise(() => undefined));
    const { stop } = upkeepOf(so);
    await so.pass(600_000);
    expect(sums).toHaveBeenCalledOnce();
    stop();
    await so.close();
  });
});

describe("the disk", () => {
  it("that fills up stops the voting within ten seconds", async () => {
    const so = await openTotem();
    const { stop } = upkeepOf(so, { minFreeBytes: ALL_THE_ROOM });
    await so.pass(9_999);
    expect(so.phase()).toBe("idle");
    await so.pass(1);
    expect(so.phase()).toBe("out-of-order");
    stop();
    await so.close();
  });

  it("has room down to the last byte the settings ask for, and none where there is no folder", async () => {
    const so = await openTotem();
    expect(hasRoom({ dataDir: so.dataDir, minFreeBytes: 0 })).toBe(true);
    expect(hasRoom({ dataDir: so.dataDir, minFreeBytes: ALL_THE_ROOM })).toBe(false);
    await so.close();
    rmSync(so.dataDir, { recursive: true });
    expect(hasRoom({ dataDir: so.dataDir, minFreeBytes: 0 })).toBe(false);
  });

  it("is found in the kernel's list of mounts", async () => {
    const so = await openTotem();
    expect(dataMount(so.dataDir).fileSystem).not.toBe("unknown");
    await so.close();
  });
});

describe("the clock", () => {
  it("that loses and finds its time is a fault and its end, once each", async () => {
    const so = await openTotem();
    const { stop } = upkeepOf(so);
    so.clockSet.set(-DAY_MS, false);
    await so.pass(30_000);
    expect(await faults(so)).toEqual(["clock-untrusted failed"]);
    so.clock.timeReceived(NOW_MS);
    await so.pass(30_000);
    expect(await faults(so)).toEqual(["clock-untrusted failed", "clock-untrusted recovered"]);
    stop();
    await so.close();
  });
});

describe("old entries", () => {
  it("are deleted at the start and every hour, until there are none left, by the time the settings say", async () => {
    const so = await openTotem();
    const left = [2, 1, 0, 0, 3, 0];
    const prune = vi
      .spyOn(so.journal, "prune")
      .mockImplementation(async () => ({ ok: true, value: left.shift() ?? 0 }));
    const { stop } = upkeepOf(so);
    await so.pass(0);
    expect(prune).toHaveBeenCalledTimes(3);
    expect(prune).toHaveBeenLastCalledWith({
      nowMs: NOW_MS,
      keepMs: 7 * DAY_MS,
      closedBeforeMs: null,
    });
    expect(so.lines.at(-1)).toMatchObject({ event: "pruned", fields: { entries: 3 } });
    await so.pass(3_600_000);
    expect(prune).toHaveBeenCalledTimes(4);
    stop();
    await so.close();
  });

  it("are left alone while the clock is untrusted, and when deleting fails", async () => {
    const so = await openTotem();
    const prune = vi.spyOn(so.journal, "prune").mockResolvedValue({ ok: false, problem: "disk-full" });
    so.clockSet.set(400 * DAY_MS, false);
    const { stop } = upkeepOf(so);
    await so.pass(0);
    expect(prune).not.toHaveBeenCalled();
    so.clockSet.set(0, true);
    await so.pass(3_600_000);
    expect(prune).toHaveBeenCalledOnce();
    stop();
    await so.close();
  });
});
