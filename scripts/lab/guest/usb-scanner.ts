/**
 * A barcode scanner on the machine's own USB: a gadget on dummy_hcd, so that the kernel's real usbhid and cdc_acm drivers
 * bind to it, and vanish when it is unplugged. It types on a keyboard and speaks on a serial port, as its owner set it up.
 */

import { spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { findByName } from "#firmware/devices/evdev/find-device.ts";

const GADGET = "/sys/kernel/config/usb_gadget/scanner";
/** Where udev would put a link of a stable name. */
export const SERIAL_LINK = "/dev/serial/by-id/usb-Lab_USB_Barcode_Scanner-if02";
/** And of its keyboard. */
export const KEYBOARD_LINK = "/dev/input/by-id/usb-Lab_USB_Barcode_Scanner-event-kbd";
const APPEARS_MS = 5_000;
const LOOK_MS = 5;

/** A boot keyboard: 8 modifier bits, a reserved byte, 5 LEDs out, 6 key codes (USB HID 1.11, appendix B.1). */
const REPORT_DESCRIPTOR = Buffer.from(
  "05010906a101050719e029e71500250175019508810295017508810395057501050819012905910295017503910395067508150025650507190029658100c0",
  "hex",
);
const NO_KEY = Buffer.alloc(8);
const LEFT_SHIFT = 0x02;
const ENTER = 0x28;
/** A character takes two reports, which a full-speed keyboard sends at most every millisecond; scanners take their time. */
const KEY_MS = 4;

export type UsbScanner = {
  readonly plug: () => Promise<void>;
  readonly unplug: () => Promise<void>;
  /** Sends a code on the serial port. @param cut sends only so many bytes of it, and no end. */
  readonly sendSerial: (code: string, cut?: number) => void;
  /** Types a code at a scanner's pace; `cut` as above. */
  readonly typeKeys: (code: string, cut?: number) => Promise<void>;
};

/** Makes the gadget; nothing is plugged in yet. */
export function usbScanner(): UsbScanner {
  makeGadget();
  let serial: number | null = null;
  let keyboard: number | null = null;
  return {
    plug: async () => {
      writeFileSync(join(GADGET, "UDC"), readdirSync("/sys/class/udc")[0] ?? "");
      await until(() => existsSync("/dev/ttyACM0") && existsSync("/dev/ttyGS0") && existsSync("/dev/hidg0"));
      await until(() => keyboardNode() !== null);
      link(SERIAL_LINK, "/dev/ttyACM0");
      link(KEYBOARD_LINK, keyboardNode() ?? "");
      spawnSync("stty", ["-F", "/dev/ttyGS0", "raw", "-echo"]);
      serial = openSync("/dev/ttyGS0", "r+");
      keyboard = openSync("/dev/hidg0", "r+");
    },
    unplug: async () => {
      for (const path of [SERIAL_LINK, KEYBOARD_LINK]) unlinkSync(path);
      for (const descriptor of [serial, keyboard]) if (descriptor !== null) closeSync(descriptor);
      serial = null;
      keyboard = null;
      writeFileSync(join(GADGET, "UDC"), "\n");
      await until(() => !existsSync("/dev/ttyACM0") && keyboardNode() === null);
    },
    sendSerial: (code, cut) => {
      if (serial === null) throw new Error("the scanner is not plugged in");
      writeSync(serial, cut === undefined ? `${code}\r` : code.slice(0, cut));
    },
    typeKeys: async (code, cut) => {
      if (keyboard === null) throw new Error("the scanner is not plugged in");
      const usages = [...code].slice(0, cut ?? code.length).map(usageOf);
      for (const { usage, shift } of cut === undefined
        ? [...usages, { usage: ENTER, shift: false }]
        : usages) {
        writeSync(keyboard, Buffer.from([shift ? LEFT_SHIFT : 0, 0, usage, 0, 0, 0, 0, 0]));
        writeSync(keyboard, NO_KEY);
        await pause(KEY_MS);
      }
    },
  };
}

function makeGadget(): void {
  const put = (path: string, content: string | Buffer) => writeFileSync(join(GADGET, path), content);
  mkdirSync(GADGET);
  put("idVendor", "0x05e0");
  put("idProduct", "0x1200");
  for (const folder of ["strings/0x409", "configs/c.1", "functions/hid.0", "functions/acm.0"]) {
    mkdirSync(join(GADGET, folder));
  }
  put("strings/0x409/manufacturer", "Lab");
  put("strings/0x409/product", "USB Barcode Scanner");
  put("functions/hid.0/protocol", "1");
  put("functions/hid.0/subclass", "1");
  put("functions/hid.0/report_length", "8");
  put("functions/hid.0/report_desc", REPORT_DESCRIPTOR);
  for (const name of ["hid.0", "acm.0"])
    symlinkSync(join(GADGET, "functions", name), join(GADGET, "configs/c.1", name));
}

/** Links a stable name to a device, which may have another number than before. */
function link(name: string, device: string): void {
  mkdirSync(dirname(name), { recursive: true });
  rmSync(name, { force: true });
  symlinkSync(device, name);
}

/** The kernel's event device of the scanner's keyboard; null while there is none. */
function keyboardNode(): string | null {
  const found = findByName("Lab USB Barcode Scanner");
  return found.ok && existsSync(found.value) ? found.value : null;
}

/** A letter's or digit's place on a keyboard (USB HID Usage Tables 1.12, section 10). */
function usageOf(character: string): { readonly usage: number; readonly shift: boolean } {
  if (/[a-z]/i.test(character)) {
    return { usage: 0x04 + character.toLowerCase().charCodeAt(0) - 97, shift: /[A-Z]/.test(character) };
  }
  if (/[1-9]/.test(character)) return { usage: 0x1e + Number(character) - 1, shift: false };
  if (character === "0") return { usage: 0x27, shift: false };
  throw new Error(`the simulated scanner has no key for "${character}"`);
}

async function until(isSo: () => boolean): Promise<void> {
  const untilMs = performance.now() + APPEARS_MS;
  while (!isSo()) {
    if (performance.now() > untilMs) throw new Error("the simulated scanner did not come up");
    await pause(LOOK_MS);
  }
}
