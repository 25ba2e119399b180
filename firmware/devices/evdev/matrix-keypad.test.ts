import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keymapCell, MATRIX_KEYPAD } from "#hardware/matrix-keypad.ts";
import { KEY_PINS } from "#hardware/wiring.ts";
import { REASON_KEYS, type ReasonKey } from "#schemas/code-list.ts";
import type { DeviceFault, KeyEdge } from "../../ports.ts";
import { PLUG_BACK_OFF } from "../back-off.ts";
import { type FakeInput, fakeInput } from "./fake-input.fixture.ts";
import { FIRST_SCAN_MS } from "./keypad-levels.ts";
import { KEYPAD_ITEMS, type KeypadContext } from "./matrix-keypad.suite.ts";
import { type MatrixKeypad, openMatrixKeypad } from "./matrix-keypad.ts";

const codeOf = (key: ReasonKey) => MATRIX_KEYPAD.keys[key].code;
const KEYPAD = { name: MATRIX_KEYPAD.name, keys: REASON_KEYS.map(codeOf) };

let input: FakeInput;
let keypad: MatrixKeypad | null = null;
beforeEach(() => {
  vi.useFakeTimers();
  input = fakeInput();
});
afterEach(async () => {
  await keypad?.close();
  keypad = null;
  expect(input.openDescriptors()).toBe(0);
  vi.useRealTimers();
  input.remove();
});

async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

function listening() {
  const edges: KeyEdge[] = [];
  const faults: DeviceFault[] = [];
  const warnings: string[] = [];
  const keys = openMatrixKeypad({
    nowMs: () => performance.now(),
    log: {
      info: () => undefined,
      warn: (_event, fields) => warnings.push(String(fields?.["message"])),
      error: () => undefined,
    },
    folders: input.folders,
    system: input.system,
  });
  keypad = keys;
  keys.onEdge((edge) => edges.push(edge));
  keys.onFault((fault) => faults.push(fault));
  return { keys, edges, faults, warnings };
}

async function context(): Promise<KeypadContext> {
  let device = input.plug(KEYPAD);
  const { keys, edges, faults } = listening();
  await pass(FIRST_SCAN_MS);
  return {
    keys,
    edges,
    faults,
    key: (key, value) => device.key(codeOf(key), value),
    plug: async (held) => {
      device = input.plug(KEYPAD);
      if (held !== undefined) device.hold(codeOf(held));
    },
    unplug: () => device.unplug(),
    nowMs: () => performance.now(),
    until: async (isSo) => {
      for (let waited = 0; !isSo(); waited += 1) {
        if (waited > 20_000) throw new Error("it never came about");
        await pass(1);
      }
    },
    pause: () => pass(FIRST_SCAN_MS),
    overheard: () => device.overheard(),
  };
}

describe("the reason keypad", () => {
  for (const { name, run } of KEYPAD_ITEMS) it(name, async () => run(await context()));

  it("is out of reach until its overlay is loaded, and says what to do, once", async () => {
    const { faults, warnings } = listening();
    expect(faults).toEqual([{ code: "keys-unreachable", state: "failed", part: "keypad" }]);
    await pass(PLUG_BACK_OFF.slowestMs * 3);
    expect(warnings).toEqual([
      expect.stringContaining('named "faccine-keypad"; is its overlay in config.txt?'),
    ]);
    input.plug(KEYPAD);
    await pass(PLUG_BACK_OFF.slowestMs);
    expect(faults.at(-1)).toEqual({ code: "keys-unreachable", state: "recovered", part: "keypad" });
    expect(faults).toHaveLength(2);
  });

  it("is told to whoever begins to listen later: what is broken, and which keys are held", async () => {
    const device = input.plug(KEYPAD);
    const { keys } = listening();
    await pass(FIRST_SCAN_MS);
    device.key(codeOf("staff"), 1);
    await pass(1);
    const edges: KeyEdge[] = [];
    const stop = keys.onEdge((edge) => edges.push(edge));
    expect(edges).toMatchObject([{ key: "staff", active: true, initial: true }]);
    stop();
    device.key(codeOf("staff"), 0);
    await pass(1);
    expect(edges).toHaveLength(1);
    device.unplug();
    await pass(PLUG_BACK_OFF.slowestMs);
    const faults: DeviceFault[] = [];
    keys.onFault((fault) => faults.push(fault));
    expect(faults).toEqual([{ code: "keys-unreachable", state: "failed", part: "keypad" }]);
  });

  it("loaded twice is not guessed at", () => {
    input.plug(KEYPAD);
    input.plug(KEYPAD);
    expect(listening().warnings).toEqual([
      expect.stringContaining("(event1, event2); load its overlay once"),
    ]);
  });

  it("goes on when the device is already gone as its levels are asked for", async () => {
    const device = input.plug(KEYPAD);
    const { keys, faults, edges } = listening();
    await pass(FIRST_SCAN_MS);
    for (let press = 0; press < 100; press += 1) device.key(codeOf("wait"), press % 2);
    device.failWith("ENODEV");
    await pass(1);
    expect(keys.lostEdges()).toBe(1);
    device.unplug();
    await pass(PLUG_BACK_OFF.slowestMs);
    expect(edges.at(-1)?.active ?? false).toBe(false);
    expect(faults.at(-1)).toMatchObject({ code: "keys-unreachable", state: "failed" });
  });
});

describe("the matrix", () => {
  it("uses the lines of the four reason keys, each once, and gives every key a place and a code of its own", () => {
    const { rowPins, columnPins, keys } = MATRIX_KEYPAD;
    expect([...rowPins, ...columnPins].toSorted()).toEqual(
      REASON_KEYS.map((key) => KEY_PINS[key]).toSorted(),
    );
    const cells = Object.values(keys).map(({ row, column }) => `${row} ${column}`);
    expect(cells.toSorted()).toEqual(["0 0", "0 1", "1 0", "1 1"]);
    expect(REASON_KEYS.map(codeOf)).toEqual([0x2c0, 0x2c1, 0x2c2, 0x2c3]);
  });

  it("is written into a device tree as the kernel's binding has it", () => {
    expect(
      REASON_KEYS.map((key) => keymapCell(MATRIX_KEYPAD.keys[key]).toString(16).padStart(8, "0")),
    ).toEqual(["000002c0", "000102c1", "010002c2", "010102c3"]);
  });
});
