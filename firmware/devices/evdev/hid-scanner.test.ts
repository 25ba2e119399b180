import { writeSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Log, ScannerEvent } from "../../ports.ts";
import { PLUG_BACK_OFF, STEADY_MS } from "../back-off.ts";
import { makeFifo } from "../reading/record-reader.fixture.ts";
import { SCANNER_CONTRACT } from "../scanner/scanner-contract.fixture.ts";
import { type FakeDevice, type FakeInput, fakeInput } from "./fake-input.fixture.ts";
import { INPUT_SYSTEM, type InputSystem } from "./follow-device.ts";
import { SCANNER_ITEMS, type ScannerContext } from "./hid-scanner.suite.ts";
import { type HidScanner, openHidScanner } from "./hid-scanner.ts";
import { inputEventBytes, KEY_BITS_BYTES, keysKnownRequest } from "./input-event.ts";
import { keystrokes, type Stroke, typedEvents } from "./keystrokes.fixture.ts";

const LINK = "usb-Lab_Scanner-event-kbd";
const KEYBOARD = { name: "Lab Scanner", link: LINK, keys: Array.from({ length: 128 }, (_, code) => code) };
/** Between two reports of a keyboard on USB (bInterval of a full-speed device). */
const REPORT_MS = 1;
/** Longer than the pause that ends a code. */
const PAUSED_MS = 400;

let input: FakeInput;
let scanner: HidScanner | null = null;
beforeEach(() => {
  vi.useFakeTimers();
  input = fakeInput();
});
afterEach(async () => {
  await scanner?.close();
  scanner = null;
  expect(input.openDescriptors()).toBe(0);
  vi.useRealTimers();
  input.remove();
});

/** A scanner on the fake kernel, what it told and what was logged. */
function listening(options: { path?: string | null; system?: InputSystem } = {}) {
  const events: ScannerEvent[] = [];
  const warnings: string[] = [];
  const log: Log = {
    info: () => undefined,
    warn: (_event, fields) => warnings.push(String(fields?.["message"])),
    error: () => undefined,
  };
  const opened = openHidScanner({
    path: options.path ?? null,
    nowMs: () => performance.now(),
    log,
    folders: input.folders,
    system: options.system ?? input.system,
  });
  opened.onEvent((event) => events.push(event));
  scanner = opened;
  return { scanner: opened, events, warnings };
}

async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

async function strike(device: FakeDevice, strokes: readonly Stroke[]): Promise<void> {
  for (const [code, value] of strokes) {
    device.key(code, value);
    await pass(REPORT_MS);
  }
}

function context(): ScannerContext {
  let device = input.plug(KEYBOARD);
  const { scanner: opened, events } = listening();
  return {
    scanner: opened,
    events,
    strike: (strokes) => strike(device, strokes),
    burst: (strokes) => {
      for (const [code, value] of strokes) device.key(code, value);
    },
    plug: async () => {
      device = input.plug(KEYBOARD);
      await pass(PLUG_BACK_OFF.slowestMs);
    },
    unplug: () => device.unplug(),
    until: async (isSo) => {
      for (let waited = 0; !isSo(); waited += 1) {
        if (waited > 20_000) throw new Error("it never came about");
        await pass(REPORT_MS);
      }
    },
    pause: () => pass(PAUSED_MS),
    overheard: () => device.overheard(),
  };
}

describe("a scanner in keyboard mode", () => {
  for (const { name, run } of SCANNER_ITEMS) it(name, () => run(context()));

  it("is heard by others while nobody has taken it: what proves that it is taken can fail", async () => {
    const device = input.plug(KEYBOARD);
    device.key(30, 1);
    expect(device.overheard()).toBeGreaterThan(0);
  });

  it("need not be there at the start, and is found when it comes", async () => {
    const { scanner: opened, events, warnings } = listening();
    expect(opened.isReady()).toBe(false);
    await pass(PLUG_BACK_OFF.slowestMs * 3);
    expect(warnings).toEqual([
      expect.stringMatching(/by-id lists no keyboard; is the scanner plugged in\?$/),
    ]);
    const device = input.plug(KEYBOARD);
    await pass(PLUG_BACK_OFF.slowestMs);
    expect(opened.isReady()).toBe(true);
    await strike(device, keystrokes("42"));
    expect(events).toEqual([{ type: "plugged" }, { type: "scanned", text: "42" }]);
  });

  it("that comes and goes in moments is looked for less and less often", async () => {
    const device = input.plug(KEYBOARD);
    const { events } = listening();
    device.unplug();
    await pass(1_000);
    for (let flaps = 0; flaps < 600; flaps += 1) {
      const again = input.plug(KEYBOARD);
      await pass(50);
      again.unplug();
      await pass(50);
    }
    // A minute of it: 0.25, 0.5, 1, 2 and 4 seconds, then every five.
    expect(events.filter((event) => event.type === "plugged").length).toBeLessThanOrEqual(5 + 60 / 5);
    expect(events.length).toBeGreaterThan(10);
  });

  it("that stayed for long is back within a moment after its plug was moved", async () => {
    let device = input.plug(KEYBOARD);
    const { scanner: opened } = listening();
    for (let move = 0; move < 5; move += 1) {
      await pass(STEADY_MS);
      device.unplug();
      device = input.plug(KEYBOARD);
      // Its end is told when a real thread has ended, which a busy machine delays; then the first look finds it.
      await vi.waitFor(() => expect(opened.isReady()).toBe(false), { timeout: 10_000 });
      await pass(PLUG_BACK_OFF.firstMs);
      expect(opened.isReady()).toBe(true);
    }
  });

  it("tells nothing to whoever stopped listening, and is given back when closed", async () => {
    const device = input.plug(KEYBOARD);
    const { scanner: opened, events } = listening();
    await strike(device, keystrokes("half", { enter: false }));
    await opened.close();
    expect(opened.isReady()).toBe(false);
    device.unplug();
    await pass(PLUG_BACK_OFF.slowestMs * 2);
    expect(events).toEqual([]);
  });

  it("shows in no log what it typed", async () => {
    const device = input.plug(KEYBOARD);
    const { warnings } = listening();
    await strike(device, keystrokes("RSSMRA85T10A562S"));
    device.unplug();
    await pass(PLUG_BACK_OFF.slowestMs);
    expect(warnings.join("\n")).not.toMatch(/RSS/);
    expect(warnings).toHaveLength(1);
  });
});

describe("as every scanner, one in keyboard mode", () => {
  for (const { name, run } of SCANNER_CONTRACT) {
    it(name, async () => {
      // The list waits by itself, for as long as it takes.
      vi.useRealTimers();
      let device = input.plug(KEYBOARD);
      const { scanner: opened } = listening();
      const read = async (strokes: readonly Stroke[]) => {
        for (const [index, [code, value]] of strokes.entries()) {
          device.key(code, value);
          if (index % 4 === 3) await new Promise((resolve) => setTimeout(resolve, 0));
        }
      };
      await run({
        scanner: opened,
        read: (text) => read(keystrokes(text)),
        readAgain: (text) => read(keystrokes(text)),
        unplugInside: async (text) => {
          await read(keystrokes(text.slice(0, text.length / 2), { enter: false }));
          device.unplug();
        },
        plug: () => {
          device = input.plug(KEYBOARD);
        },
      });
    });
  }
});

describe("what is no scanner", () => {
  it("is not guessed at: of two keyboards the settings must name one", async () => {
    const device = input.plug(KEYBOARD);
    input.plug({ ...KEYBOARD, link: "usb-Other_Keyboard-event-kbd" });
    const { scanner: opened, warnings } = listening();
    expect(opened.isReady()).toBe(false);
    expect(warnings).toEqual([
      expect.stringContaining(
        "2 keyboards (usb-Lab_Scanner-event-kbd, usb-Other_Keyboard-event-kbd); name the scanner in the setting scanner.path",
      ),
    ]);
    await opened.close();
    const named = listening({ path: device.path });
    expect(named.scanner.isReady()).toBe(true);
  });

  it("is not read: a device without the keys of a ticket", () => {
    input.plug({ ...KEYBOARD, keys: [0x110, 0x111] });
    const { scanner: opened, warnings } = listening();
    expect(opened.isReady()).toBe(false);
    expect(warnings).toEqual([expect.stringContaining("this is no keyboard")]);
  });

  it("is not read while another program has it, and is once that program lets go", async () => {
    const device = input.plug(KEYBOARD);
    const other = listening();
    const { scanner: opened, warnings } = listening();
    expect(opened.isReady()).toBe(false);
    expect(warnings).toEqual([`${device.path}: another program has taken it for itself; end that program`]);
    await other.scanner.close();
    await pass(PLUG_BACK_OFF.slowestMs);
    expect(opened.isReady()).toBe(true);
  });

  it("is told with what to do when it may not be opened, once and not at each look", async () => {
    const device = input.plug(KEYBOARD);
    device.failWith("EACCES");
    const { scanner: opened, warnings } = listening();
    await pass(PLUG_BACK_OFF.slowestMs * 4);
    expect(warnings).toEqual([expect.stringContaining('must be in the group "input"')]);
    device.failWith(null);
    await pass(PLUG_BACK_OFF.slowestMs);
    expect(opened.isReady()).toBe(true);
  });

  it("is told when the path of the settings is not there, or is a file of another kind", () => {
    expect(listening({ path: "/nowhere/scanner" }).warnings).toEqual([
      expect.stringContaining("scanner.path: /nowhere/scanner is not there"),
    ]);
    expect(listening({ path: import.meta.filename, system: INPUT_SYSTEM }).warnings).toEqual([
      expect.stringContaining("is this the path of an input device?"),
    ]);
  });
});

describe("a scanner on a real pipe", () => {
  it("is read by a thread of its own, in whatever pieces its bytes come, until the pipe ends", async () => {
    vi.useRealTimers();
    const fifo = makeFifo();
    let isOpened = false;
    const system: InputSystem = {
      ...INPUT_SYSTEM,
      open: () => {
        if (isOpened) throw Object.assign(new Error("ENOENT: gone"), { code: "ENOENT" });
        isOpened = true;
        return fifo.readFd;
      },
      // A pipe answers no requests: this one says that it has every key.
      ioctl: (_fd, request, argument) => {
        if (request === keysKnownRequest(KEY_BITS_BYTES) && typeof argument !== "number") argument.fill(0xff);
        return 0;
      },
    };
    const { scanner: opened, events } = listening({ path: fifo.path, system });
    const bytes = Buffer.concat(typedEvents(keystrokes("F1ABC")).map(inputEventBytes));
    for (let at = 0; at < bytes.length; at += 100) writeSync(fifo.writeFd, bytes.subarray(at, at + 100));
    await vi.waitFor(() => expect(events).toEqual([{ type: "scanned", text: "F1ABC" }]), { timeout: 30_000 });
    expect(opened.isAlive()).toBe(true);
    fifo.closeWriter();
    await vi.waitFor(() => expect(events.at(-1)).toEqual({ type: "unplugged" }), { timeout: 30_000 });
    await opened.close();
    fifo.remove();
  });
});
