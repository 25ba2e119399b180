import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Entry } from "#schemas/entry.ts";
import { codeOf } from "./tickets/tickets.fixture.ts";
import { openTotem, startTime, stopTime, type TestTotem, votesOf } from "./totem.fixture.ts";

beforeEach(stopTime);
afterEach(startTime);

const faults = (entries: readonly Entry[]) =>
  entries.flatMap((entry) => (entry.kind === "fault" ? [`${entry.code} ${entry.state}`] : []));

/** The journal answers nothing until this is resolved. */
function stalled(so: TestTotem): { readonly resolve: () => void } {
  const stall = Promise.withResolvers<void>();
  so.trouble.stalls = stall.promise;
  return stall;
}

describe("a journal in trouble", () => {
  it.each([
    ["says that it fails", { fails: "journal-failed" as const }, "journal-failed"],
    ["says that the disk is full", { fails: "disk-full" as const }, "disk-full"],
    ["breaks in a way nobody foresaw", { breaks: true }, "journal-failed"],
  ])("that %s is said openly: no thanks, and the ticket stays good", async (_, trouble, code) => {
    const so = await openTotem();
    await so.scan(codeOf(1));
    Object.assign(so.trouble, trouble);
    await so.press("green");
    expect(so.phase()).toBe("out-of-order");
    expect(so.sounds()).toEqual(["ready", "click", "fault"]);
    Object.assign(so.trouble, { fails: null, breaks: false });
    await so.pass(2_000);
    expect(so.phase()).toBe("idle");
    expect(faults(await so.entries())).toEqual([`${code} failed`, `${code} recovered`]);
    await so.scan(codeOf(1));
    expect(so.phase()).toBe("awaiting-face");
    expect(votesOf(await so.entries())).toEqual([]);
    await so.close();
  });

  it("that cannot be asked about a ticket takes no vote, and the next scans are judged again", async () => {
    const so = await openTotem();
    so.trouble.breaks = true;
    await so.scan(codeOf(1));
    expect(so.phase()).toBe("out-of-order");
    expect(so.sounds()).toEqual(["fault"]);
    so.trouble.breaks = false;
    await so.pass(2_000);
    await so.scan(codeOf(1));
    expect(so.phase()).toBe("awaiting-face");
    await so.close();
  });

  it("that cannot seal keeps the draft for later, and it is sealed on recovery", async () => {
    const so = await openTotem();
    await so.scan(codeOf(1));
    await so.press("yellow");
    so.trouble.fails = "disk-full";
    await so.pass(3_000);
    expect(so.phase()).toBe("out-of-order");
    so.trouble.fails = null;
    await so.pass(2_000);
    expect(votesOf(await so.entries())).toMatchObject([{ face: "yellow" }]);
    await so.close();
  });

  it("that fails at the start is said openly, and heals without a restart", async () => {
    const before = await openTotem();
    await before.scan(codeOf(1));
    await before.press("green");
    before.cutPower();
    const so = await openTotem({ dataDir: before.dataDir, trouble: { fails: "journal-failed" } });
    expect(so.phase()).toBe("out-of-order");
    so.trouble.fails = null;
    await so.pass(2_000);
    expect(so.phase()).toBe("idle");
    expect(votesOf(await so.entries())).toHaveLength(1);
    await so.close();
  });

  it("that stalls keeps clicks and lamps, and thanks come when it answers", async () => {
    const so = await openTotem();
    await so.scan(codeOf(1));
    const stall = stalled(so);
    so.keys.press("green");
    await so.pass(5_000);
    expect(so.phase()).toBe("saving");
    so.keys.press("red");
    expect(so.sounds()).toEqual(["ready", "click", "click"]);
    so.trouble.stalls = null;
    stall.resolve();
    await so.totem.settled();
    expect(so.phase()).toBe("thanked");
    await so.pass(20_000);
    expect(votesOf(await so.entries())).toMatchObject([{ face: "red", reason: "none" }]);
    await so.close();
  });

  it("that stalls for too long is given up, asked once again and not a hundred times, and what it stored stays", async () => {
    const so = await openTotem();
    await so.scan(codeOf(1));
    const stall = stalled(so);
    const probes = vi.spyOn(so.journal, "probe");
    so.keys.press("green");
    await so.pass(600_000);
    expect(so.phase()).toBe("out-of-order");
    expect(probes).toHaveBeenCalledOnce();
    so.trouble.stalls = null;
    stall.resolve();
    await so.totem.settled();
    expect(so.phase()).toBe("idle");
    expect(votesOf(await so.entries())).toMatchObject([{ face: "green" }]);
    await so.scan(codeOf(1));
    expect(so.totem.view().refusal).toBe("used");
    await so.close();
  });

  it("that stalls over a scan is said openly too, and heals by itself", async () => {
    const so = await openTotem();
    const stall = stalled(so);
    so.scanner.scan(codeOf(1));
    await so.pass(9_999);
    expect(so.phase()).toBe("idle");
    await so.pass(1);
    expect(so.phase()).toBe("out-of-order");
    so.trouble.stalls = null;
    stall.resolve();
    await so.pass(60_000);
    expect(so.phase()).toBe("idle");
    await so.scan(codeOf(1));
    expect(so.phase()).toBe("awaiting-face");
    await so.close();
  });

  it("that takes its time at the start loses no scan meanwhile", async () => {
    const stall = Promise.withResolvers<void>();
    const so = await openTotem({
      trouble: { stalls: stall.promise },
      whileStarting: ({ scanner }) => {
        scanner.scan(codeOf(1));
        stall.resolve();
      },
    });
    await so.totem.settled();
    expect(so.phase()).toBe("awaiting-face");
    await so.close();
  });

  it("flooded with scans while it stalls drops those over the limit with a sound, and judges the others", async () => {
    const so = await openTotem();
    const stall = stalled(so);
    for (let scan = 0; scan < 17; scan += 1) so.scanner.scan(codeOf(scan));
    expect(so.sounds()).toEqual(["fault"]);
    expect(so.lines.at(-1)).toMatchObject({ level: "warn", event: "scan-not-judged" });
    so.trouble.stalls = null;
    stall.resolve();
    await so.totem.settled();
    expect(so.sounds().filter((sound) => sound === "ready")).toHaveLength(16);
    await so.close();
  });
});

describe("a full disk", () => {
  it("stops voting openly, and a probe that can commit does not hide it", async () => {
    let room = true;
    const so = await openTotem({ hasRoom: () => room });
    room = false;
    so.totem.feed({ type: "storage-failed", cause: "disk-full", atMs: so.clock.nowMs() });
    await so.pass(300_000);
    expect(so.phase()).toBe("out-of-order");
    room = true;
    await so.pass(60_000);
    expect(so.phase()).toBe("idle");
    expect(faults(await so.entries())).toEqual(["disk-full failed", "disk-full recovered"]);
    await so.close();
  });

  it("at the start is noticed before anybody votes", async () => {
    const so = await openTotem({ hasRoom: () => false });
    expect(so.phase()).toBe("out-of-order");
    await so.close();
  });
});

describe("faults", () => {
  it("noticed while out of order are written when it works again, in their order", async () => {
    const so = await openTotem();
    so.trouble.fails = "journal-failed";
    await so.press("service");
    expect(so.phase()).toBe("out-of-order");
    so.scanner.plug(false);
    so.scanner.plug(true);
    so.trouble.fails = null;
    await so.pass(2_000);
    const entries = await so.entries();
    expect(entries.flatMap((entry) => (entry.kind === "mode" ? [entry.mode] : []))).toEqual(["test"]);
    expect(faults(entries)).toEqual([
      "journal-failed failed",
      "scanner-unplugged failed",
      "scanner-unplugged recovered",
      "journal-failed recovered",
    ]);
    await so.close();
  });

  it("of a scanner that is not there at the start, of stuck keys and of floods are entries", async () => {
    const so = await openTotem();
    so.keys.jam("staff", true);
    await so.pass(10_000);
    so.keys.jam("staff", false);
    await so.pass(100);
    for (let press = 0; press < 21; press += 1) {
      await so.press("green");
      await so.pass(600);
    }
    await so.pass(60_000);
    expect(faults(await so.entries())).toEqual([
      "key-stuck failed",
      "key-stuck recovered",
      "key-flood failed",
      "key-flood recovered",
    ]);
    await so.close();
  });

  it("of a plug that is loose all day fill no disk: a minute's share at most, and the last word is right", async () => {
    const so = await openTotem();
    for (let time = 0; time < 300; time += 1) {
      so.scanner.plug(time % 2 === 1);
      await so.pass(1_000);
    }
    await so.pass(60_000);
    const told = faults(await so.entries());
    expect(told.length).toBeLessThanOrEqual(20 * 6);
    expect(told.at(-1)).toBe("scanner-unplugged recovered");
    await so.close();
  });

  it("waiting for the next minute do not keep the totem awake", async () => {
    const so = await openTotem();
    for (let part = 0; part < 15; part += 1) {
      so.totem.recordFault("key-stuck", "failed", `part-${part}`);
      so.totem.recordFault("key-flood", "failed", `part-${part}`);
    }
    await so.totem.settled();
    const wakes = vi.spyOn(so.clock, "wakeAt");
    await so.pass(59_000);
    expect(wakes.mock.calls.length).toBeLessThan(10);
    await so.pass(1_000);
    expect(faults(await so.entries())).toHaveLength(30);
    await so.close();
  });
});

describe("notices that cannot be written now", () => {
  it("do not keep the totem awake, neither out of order nor while the journal stalls", async () => {
    const so = await openTotem();
    so.trouble.fails = "journal-failed";
    so.scanner.plug(false);
    await so.totem.settled();
    expect(so.phase()).toBe("out-of-order");
    const wakes = vi.spyOn(so.clock, "wakeAt");
    await so.pass(10_000);
    expect(wakes.mock.calls.length).toBeLessThan(20);
    so.trouble.fails = null;
    await so.pass(60_000);
    expect(so.phase()).toBe("idle");
    const stall = stalled(so);
    for (const state of ["failed", "recovered"] as const) so.totem.recordFault("key-stuck", state, "red");
    wakes.mockClear();
    so.keys.press("green");
    await so.pass(10_000);
    expect(wakes.mock.calls.length).toBeLessThan(20);
    so.trouble.stalls = null;
    stall.resolve();
    await so.totem.settled();
    expect(faults(await so.entries())).toEqual([
      "scanner-unplugged failed",
      "journal-failed failed",
      "journal-failed recovered",
      "key-stuck failed",
      "key-stuck recovered",
    ]);
    await so.close();
  });
});
