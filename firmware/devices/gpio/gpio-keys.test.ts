import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { lineOffset, type PinName } from "#hardware/pins.ts";
import { KEY_PINS } from "#hardware/wiring.ts";
import type { Key } from "#schemas/code-list.ts";
import type { KeyEdge, Log } from "../../ports.ts";
import { LINES_BACK_OFF, STEADY_MS } from "../back-off.ts";
import { type FakeChip, fakeChip } from "./fake-chip.fixture.ts";
import { openGpioKeys } from "./gpio-keys.ts";
import { CONTRACT_DEBOUNCE_MS, KEYS_CONTRACT, type KeysRig } from "./keys-contract.suite.ts";
import { gpioBackEnd } from "./open-lines.ts";

const BUFFER = 16;
const CHIP = { labels: ["fake-header"], isSettled: true };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const nowMs = () => performance.now();

function recordingLog() {
  const lines: { readonly event: string; readonly fields: unknown }[] = [];
  const write = (event: string, fields?: unknown) => lines.push({ event, fields });
  const log: Log = { info: write, warn: write, error: write };
  return { log, lines };
}

function opened(chip: FakeChip, pins: Readonly<Partial<Record<Key, PinName>>> = KEY_PINS) {
  const { log, lines } = recordingLog();
  const keys = openGpioKeys({
    backEnd: gpioBackEnd(CHIP, chip.system),
    pins,
    debounceMs: CONTRACT_DEBOUNCE_MS,
    nowMs,
    log,
  });
  const edges: KeyEdge[] = [];
  const faults: string[] = [];
  keys.onEdge((edge) => edges.push(edge));
  keys.onFault(({ code, state }) => faults.push(`${code} ${state}`));
  return { keys, edges, faults, lines };
}

function fakeRig(): KeysRig & { readonly chip: FakeChip } {
  const chip = fakeChip({ nowMs, eventBufferSize: BUFFER });
  const drive = (key: Key, closed: boolean) => chip.drive(lineOffset(KEY_PINS[key]), !closed);
  return {
    chip,
    openKeys: async () => opened(chip).keys,
    drive,
    waitMs: async (ms) => {
      await vi.advanceTimersByTimeAsync(ms);
    },
    until: async (is) => {
      for (let waitedMs = 0; waitedMs < 60_000 && !is(); waitedMs += 10)
        await vi.advanceTimersByTimeAsync(10);
    },
    whileBusy: (moves) => {
      chip.stall();
      for (const [key, closed, pauseMs] of moves) {
        drive(key, closed);
        vi.advanceTimersByTime(pauseMs);
      }
      chip.resume();
    },
    overflow: (moves) => {
      chip.stall();
      for (const [key, closed] of moves) {
        drive(key, closed);
        vi.advanceTimersByTime(2 * CONTRACT_DEBOUNCE_MS);
      }
      for (let edge = 0; edge < 2 * BUFFER; edge++) {
        drive("yellow", edge % 2 === 0);
        vi.advanceTimersByTime(2 * CONTRACT_DEBOUNCE_MS);
      }
      chip.resume();
    },
    nowMs,
    takeLine: (key) => {
      const offset = lineOffset(KEY_PINS[key]);
      chip.hold(offset, "spi0 CS1");
      return () => chip.hold(offset, null);
    },
    unplug: async () => chip.unplug(),
    replug: async (closed) => {
      for (const { offset, isClosed } of Object.entries(KEY_PINS).map(([key, pin]) => ({
        offset: lineOffset(pin),
        isClosed: closed.includes(key as Key),
      }))) {
        chip.drive(offset, !isClosed);
      }
      chip.replug();
    },
    // Whole milliseconds of fake time, and nanoseconds of it rounded.
    stampLateMs: 0.001,
  };
}

describe("keys on the lines of a fake chip", () => {
  it.each(KEYS_CONTRACT)("$name", async ({ run }) => {
    const rig = fakeRig();
    await run(rig);
    expect(rig.chip.openFds()).toBe(0);
  });
});

describe("keys that cannot be had", () => {
  it("say which line is taken and by whom, once, however long it lasts", async () => {
    const chip = fakeChip({ nowMs });
    chip.hold(8, "spi0 CS0");
    const { keys, lines, faults } = opened(chip);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(lines).toEqual([
      {
        event: "keys-unreachable",
        fields: {
          kind: "line-taken",
          message: `GPIO8 is in use by 'spi0 CS0' on /dev/gpiochip0 ("fake-header"): stop that program or overlay`,
        },
      },
    ]);
    expect(faults).toEqual(["keys-unreachable failed"]);
    await keys.close();
    expect(chip.openFds()).toBe(0);
  });

  it("are asked for more and more slowly, a minute apart at last, and never again once closed", async () => {
    const chip = fakeChip({ nowMs });
    chip.unplug();
    const asked: number[] = [];
    const begunMs = nowMs();
    const system = {
      ...chip.system,
      chipPaths: () => {
        asked.push(Math.round(nowMs() - begunMs));
        return [];
      },
    };
    const keys = openGpioKeys({
      backEnd: gpioBackEnd(CHIP, system),
      pins: KEY_PINS,
      debounceMs: 10,
      nowMs,
      log: recordingLog().log,
    });
    await vi.advanceTimersByTimeAsync(91_500);
    expect(asked).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500, 31_500, 61_500, 91_500]);
    await keys.close();
    await vi.advanceTimersByTimeAsync(10 * LINES_BACK_OFF.slowestMs);
    expect(asked).toHaveLength(9);
  });

  it("that are lost again and again are asked for slowly, after a steady time quickly again", async () => {
    const chip = fakeChip({ nowMs });
    const { keys, faults } = opened(chip);
    const lose = async (backAfterMs: number) => {
      chip.unplug();
      chip.replug();
      await vi.advanceTimersByTimeAsync(backAfterMs);
      return faults.at(-1);
    };
    expect(await lose(500)).toBe("keys-unreachable recovered");
    expect(await lose(500)).toBe("keys-unreachable failed");
    await vi.advanceTimersByTimeAsync(1_000 + STEADY_MS);
    expect(await lose(500)).toBe("keys-unreachable recovered");
    await keys.close();
  });

  it("are told to a late listener", async () => {
    const chip = fakeChip({ nowMs });
    chip.allow(false);
    const { keys } = opened(chip);
    const late: unknown[] = [];
    keys.onFault((fault) => late.push(fault));
    expect(late).toEqual([{ code: "keys-unreachable", state: "failed", part: null }]);
    await keys.close();
  });
});

describe("edges that are missing", () => {
  it("for a moment only, as two processors swapped neighbours, are no loss", async () => {
    const chip = fakeChip({ nowMs, eventBufferSize: 16 });
    let handedOver = 0;
    const system = {
      ...chip.system,
      readRecords: (reading: Parameters<typeof chip.system.readRecords>[0]) =>
        chip.system.readRecords({
          ...reading,
          onRecords: (bytes) => {
            // Two at once arrive one by one, the later first.
            for (let at = bytes.length - 48; at >= 0; at -= 48)
              reading.onRecords(bytes.subarray(at, at + 48));
            handedOver += bytes.length / 48;
          },
        }),
    };
    const keys = openGpioKeys({
      backEnd: gpioBackEnd(CHIP, system),
      pins: KEY_PINS,
      debounceMs: 10,
      nowMs,
      log: recordingLog().log,
    });
    const faults: unknown[] = [];
    keys.onFault((fault) => faults.push(fault));
    chip.stall();
    chip.drive(4, false);
    chip.drive(5, false);
    vi.advanceTimersByTime(20);
    chip.resume();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(handedOver).toBe(2);
    expect(keys.lostEdges()).toBe(0);
    expect(faults).toEqual([]);
    await keys.close();
  });

  it("when the chip goes are counted, and the fault does not stay", async () => {
    const chip = fakeChip({ nowMs, eventBufferSize: 2 });
    const { keys, faults } = opened(chip);
    chip.stall();
    for (let edge = 0; edge < 6; edge++) {
      chip.drive(4, edge % 2 === 1);
      vi.advanceTimersByTime(20);
    }
    chip.resume();
    chip.unplug();
    expect(keys.lostEdges()).toBe(4);
    expect(faults).toEqual(["edges-lost failed", "edges-lost recovered", "keys-unreachable failed"]);
    await keys.close();
  });
});

describe("keys of which some hang elsewhere", () => {
  it("take no line of those", async () => {
    const chip = fakeChip({ nowMs });
    chip.hold(lineOffset(KEY_PINS.wait), "keypad");
    const { green, service } = KEY_PINS;
    const { keys, faults } = opened(chip, { green, service });
    expect(faults).toEqual([]);
    await keys.close();
  });
});

it("Lines whose contacts cannot be watched are taken anew, openly, and told as before, watched or not", async () => {
  const chip = fakeChip({ nowMs });
  const { keys, edges, faults, lines } = opened(chip);
  chip.refuseConfig();
  const stop = keys.watchContacts();
  expect(faults).toEqual(["keys-unreachable failed"]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(faults).toEqual(["keys-unreachable failed", "keys-unreachable recovered"]);
  expect(lines.map(({ event }) => event)).toContain("contacts-not-watched");
  const offset = lineOffset(KEY_PINS.green);
  for (const high of [false, true]) {
    chip.drive(offset, high);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(edges.map(({ active }) => active)).toEqual([true, false]);
  stop();
  expect(chip.openFds()).toBe(1);
  await keys.close();
});
