/**
 * Guest: the contract of scanners, asked of the kernel's own drivers: a scanner on USB that is bound by cdc_acm and by usbhid.
 */
import { setTimeout as pause } from "node:timers/promises";
import { openHidScanner } from "#firmware/devices/evdev/hid-scanner.ts";
import {
  SCANNER_CONTRACT,
  type ScannerUnderTest,
} from "#firmware/devices/scanner/scanner-contract.fixture.ts";
import { openSerialScanner } from "#firmware/devices/scanner/serial-scanner.ts";
import type { Scanner } from "#firmware/ports.ts";
import { endOfContracts, goThrough } from "./contracts.ts";
import { KEYBOARD_LINK, SERIAL_LINK, usbScanner } from "./usb-scanner.ts";

const nowMs = () => Number(process.hrtime.bigint()) / 1e6;
const LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };
const READY_MS = 60_000;
const LOOK_MS = 5;
/** Time to take a code: more than a turn of the totem's thread. */
const BETWEEN_CODES_MS = 20;
/** A thread that reads begins within this once its device is open. */
const WARM_MS = 1_000;

/** Sends a code, or so many characters of it and no end. */
type Send = (text: string, cut?: number) => Promise<void>;
type Opened = Scanner & { readonly close: () => Promise<void> };

const device = usbScanner();
await device.plug();
await goThrough(
  "serial scanner on cdc_acm",
  onUsb(openOnSerial, async (text, cut) => device.sendSerial(text, cut)),
);
await goThrough("typing scanner on usbhid", onUsb(openOnKeyboard, device.typeKeys));
endOfContracts(2 * SCANNER_CONTRACT.length);

function openOnSerial(): Promise<Opened> {
  const settings = { path: SERIAL_LINK, family: "generic", baudRate: 9_600 } as const;
  return openSerialScanner({ settings, nowMs, log: LOG });
}

async function openOnKeyboard(): Promise<Opened> {
  return openHidScanner({ path: KEYBOARD_LINK, nowMs, log: LOG });
}

/** Every check with a scanner opened anew on the device, which is plugged in at its end. */
function onUsb(open: () => Promise<Opened>, send: Send) {
  return SCANNER_CONTRACT.map(({ name, run }) => ({
    name,
    run: async () => {
      let isPlugged = true;
      const scanner = await open();
      try {
        await ready(scanner);
        await run(
          underTest(
            scanner,
            (plugged) => {
              isPlugged = plugged;
            },
            send,
          ),
        );
      } finally {
        await scanner.close();
        if (!isPlugged) await device.plug();
      }
    },
  }));
}

function underTest(scanner: Scanner, onPlug: (isPlugged: boolean) => void, send: Send): ScannerUnderTest {
  // Both ends are one thread here: it takes what it has sent before it sends more.
  const scan = async (text: string) => {
    await send(text);
    await pause(BETWEEN_CODES_MS);
  };
  return {
    scanner,
    read: scan,
    readAgain: scan,
    unplugInside: async (text) => {
      await send(text, Math.floor(text.length / 2));
      await device.unplug();
      onPlug(false);
    },
    plug: async () => {
      await device.plug();
      onPlug(true);
      await ready(scanner);
    },
  };
}

async function ready(scanner: Scanner): Promise<void> {
  const untilMs = nowMs() + READY_MS;
  while (!scanner.isReady()) {
    if (nowMs() > untilMs) throw new Error("the scanner is not opened");
    await pause(LOOK_MS);
  }
  await pause(WARM_MS);
}
