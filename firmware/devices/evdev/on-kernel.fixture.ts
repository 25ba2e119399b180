/**
 * The lists of what scanners and keypads must do, run on this machine's own kernel through uinput. Changes the machine's
 * input devices, so it belongs in a machine of its own: `node firmware/devices/evdev/on-kernel.fixture.ts` says one line for
 * each item and ends with 1 when one did not hold.
 */
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pass } from "node:timers/promises";
import { MATRIX_KEYPAD } from "#hardware/matrix-keypad.ts";
import { REASON_KEYS } from "#schemas/code-list.ts";
import type { DeviceFault, KeyEdge, ScannerEvent } from "../../ports.ts";
import { SCANNER_ITEMS, type ScannerContext } from "./hid-scanner.suite.ts";
import { openHidScanner } from "./hid-scanner.ts";
import { FIRST_SCAN_MS } from "./keypad-levels.ts";
import { keystrokes } from "./keystrokes.fixture.ts";
import { KEYPAD_ITEMS, type KeypadContext } from "./matrix-keypad.suite.ts";
import { openMatrixKeypad } from "./matrix-keypad.ts";
import { eavesdrop, plugUinput } from "./uinput.fixture.ts";

const nowMs = () => Number(process.hrtime.bigint() / 1_000n) / 1_000;
const LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };
const SCANNER_KEYS = Array.from({ length: 120 }, (_, index) => index + 1);
const KEYPAD_KEYS = REASON_KEYS.map((key) => MATRIX_KEYPAD.keys[key].code);
/** A machine that has others to run may take this long to start a thread. */
const LIMIT_MS = 120_000;
const LOOK_MS = 2;
/** Reports of a keyboard between two waits: a key down and up, as on USB. */
const STROKES_AT_ONCE = 2;
/** A scanner on a low-speed port is asked for a report no oftener than this; a machine inside another one is slow to read. */
const STROKES_EVERY_MS = 5;

async function until(isSo: () => boolean): Promise<void> {
  const untilMs = nowMs() + LIMIT_MS;
  while (!isSo()) {
    if (nowMs() > untilMs) throw new Error("it never came about");
    await pass(LOOK_MS);
  }
}

/** A device with somebody who tries to read along. */
function plugged(name: string, keys: readonly number[], link: string | null) {
  const device = plugUinput(name, keys);
  const other = eavesdrop(device.path);
  if (link !== null) symlinkSync(device.path, link);
  return {
    key: device.key,
    heard: other.heard,
    unplug: () => {
      other.close();
      if (link !== null) rmSync(link);
      device.unplug();
    },
  };
}

/**
 * Does something until somebody notices: a reader's thread takes a moment to start, on a slow machine a second, and what
 * comes before is in a queue of 64 events.
 */
async function warmUp(act: () => void, isNoticed: () => boolean): Promise<void> {
  const untilMs = nowMs() + LIMIT_MS;
  for (let tries = 1; !isNoticed(); tries += 1) {
    if (nowMs() > untilMs) throw new Error("the device is not read");
    if (tries % 50 === 1) act();
    await pass(LOOK_MS * 5);
  }
  // What else was tried is noticed now.
  await pass(FIRST_SCAN_MS * 2);
}

async function onScanner(run: (context: ScannerContext) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "faccine-evdev-"));
  const link = join(folder, "scanner");
  const plug = () => plugged("Lab Barcode Scanner", SCANNER_KEYS, link);
  let device = plug();
  const events: ScannerEvent[] = [];
  const scanner = openHidScanner({ path: link, nowMs, log: LOG });
  let isWarm = false;
  let noticed = 0;
  scanner.onEvent((event) => {
    if (isWarm || event.type === "plugged" || event.type === "unplugged") events.push(event);
    else noticed += 1;
  });
  const warm = async () => {
    isWarm = false;
    const before = noticed;
    let number = 0;
    await until(scanner.isReady);
    await warmUp(
      () => {
        number += 1;
        for (const [code, value] of keystrokes(`w${number % 10}`)) device.key(code, value);
      },
      () => noticed > before,
    );
    isWarm = true;
  };
  try {
    await warm();
    await run({
      scanner,
      events,
      strike: async (strokes) => {
        for (const [index, [code, value]] of strokes.entries()) {
          device.key(code, value);
          if (index % STROKES_AT_ONCE === 0) await pass(STROKES_EVERY_MS);
        }
      },
      burst: (strokes) => {
        for (const [code, value] of strokes) device.key(code, value);
      },
      plug: async () => {
        device = plug();
        await warm();
      },
      unplug: () => device.unplug(),
      until,
      pause: () => pass(500),
      overheard: () => device.heard(),
    });
  } finally {
    await scanner.close();
    device.unplug();
    rmSync(folder, { recursive: true });
  }
}

async function onKeypad(run: (context: KeypadContext) => Promise<void>): Promise<void> {
  const plug = () => plugged(MATRIX_KEYPAD.name, KEYPAD_KEYS, null);
  let device = plug();
  const edges: KeyEdge[] = [];
  const faults: DeviceFault[] = [];
  const keypad = openMatrixKeypad({ nowMs, log: LOG });
  let isWarm = false;
  let noticed = 0;
  keypad.onEdge((edge) => {
    if (isWarm) edges.push(edge);
    else noticed += 1;
  });
  keypad.onFault((fault) => faults.push(fault));
  const warm = async () => {
    isWarm = false;
    const before = noticed;
    await until(() => faults.at(-1)?.state !== "failed");
    await pass(FIRST_SCAN_MS * 2);
    await warmUp(
      () => {
        for (const value of [1, 0]) device.key(MATRIX_KEYPAD.keys.wait.code, value);
      },
      () => noticed > before,
    );
    isWarm = true;
  };
  try {
    await warm();
    await run({
      keys: keypad,
      edges,
      faults,
      key: (key, value) => device.key(MATRIX_KEYPAD.keys[key].code, value),
      plug: async (held) => {
        device = plug();
        if (held === undefined) await warm();
        else device.key(MATRIX_KEYPAD.keys[held].code, 1);
      },
      unplug: () => device.unplug(),
      nowMs,
      until,
      // Longer than the driver's first scan may take, so that a press after it is a press.
      pause: () => pass(FIRST_SCAN_MS * 2),
      overheard: () => device.heard(),
    });
  } finally {
    await keypad.close();
    device.unplug();
  }
}

/** Runs every item on a device of its own; `report` is told its name, and what went wrong or null. */
export async function inputOnKernel(
  report: (name: string, error: Error | null) => void,
  only = "",
): Promise<void> {
  const items = [
    ...SCANNER_ITEMS.map(({ name, run }) => ({ name: `scanner: ${name}`, act: () => onScanner(run) })),
    ...KEYPAD_ITEMS.map(({ name, run }) => ({ name: `keypad: ${name}`, act: () => onKeypad(run) })),
  ];
  for (const { name, act } of items.filter((item) => item.name.includes(only))) {
    const error = await act().then(
      () => null,
      (reason: Error) => reason,
    );
    report(name, error);
  }
}

if (import.meta.main) {
  await inputOnKernel((name, error) => {
    if (error !== null) process.exitCode = 1;
    process.stdout.write(`${error === null ? "holds " : "BROKEN"} ${name}\n`);
    if (error !== null) process.stdout.write(`${error.stack}\n`);
  }, process.argv[2]);
}
