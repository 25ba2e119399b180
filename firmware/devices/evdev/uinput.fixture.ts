/**
 * Input devices that this machine's own kernel makes on demand (uinput): everything above them is the production path. Needs
 * root and /dev/uinput. Numbers from include/uapi/linux/uinput.h of Linux 6.1.
 */
import { closeSync, constants, existsSync, openSync, readdirSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import { ioctl } from "../native/system-calls.ts";
import { EV_KEY, EV_SYN, INPUT_EVENT_BYTES, inputEventBytes, SYN_REPORT } from "./input-event.ts";

const UI_DEV_CREATE = 0x5501;
const UI_DEV_DESTROY = 0x5502;
const UI_DEV_SETUP = 0x405c5503;
const UI_SET_EVBIT = 0x40045564;
const UI_SET_KEYBIT = 0x40045565;
const SYSNAME_BYTES = 64;
const UI_GET_SYSNAME = 0x8040552c;
/** struct uinput_setup: bus, vendor, product, version, a name of 80 bytes and a number. */
const SETUP_BYTES = 92;
const BUS_USB = 3;

export type UinputDevice = {
  /** Below /dev/input. */
  readonly path: string;
  readonly key: (code: number, value: number) => void;
  readonly unplug: () => void;
};

/** Plugs a device in. Its node may take a moment to appear. */
export function plugUinput(name: string, keys: readonly number[]): UinputDevice {
  const fd = openSync("/dev/uinput", constants.O_WRONLY | constants.O_NONBLOCK);
  ioctl(fd, UI_SET_EVBIT, EV_KEY);
  for (const code of keys) ioctl(fd, UI_SET_KEYBIT, code);
  const setup = Buffer.alloc(SETUP_BYTES);
  setup.writeUInt16LE(BUS_USB, 0);
  setup.write(name, 8, 79, "latin1");
  ioctl(fd, UI_DEV_SETUP, setup);
  ioctl(fd, UI_DEV_CREATE, 0);
  const sysname = Buffer.alloc(SYSNAME_BYTES);
  ioctl(fd, UI_GET_SYSNAME, sysname);
  const folder = join("/sys/devices/virtual/input", sysname.toString("latin1").replace(/\0.*$/s, ""));
  const event = readdirSync(folder).find((entry) => entry.startsWith("event"));
  if (event === undefined) throw new Error(`${folder} has no event device: is evdev in this kernel?`);
  const path = join("/dev/input", event);
  if (!existsSync(path)) throw new Error(`${path} is not there: is /dev a devtmpfs?`);
  const say = (type: number, code: number, value: number) =>
    writeSync(fd, inputEventBytes({ type, code, value, atMs: 0 }));
  return {
    path,
    key: (code, value) => {
      say(EV_KEY, code, value);
      say(EV_SYN, SYN_REPORT, 0);
    },
    unplug: () => {
      ioctl(fd, UI_DEV_DESTROY, 0);
      closeSync(fd);
    },
  };
}

/** Another program that reads the same device as anybody may: how many events it got so far. */
export function eavesdrop(path: string): { readonly heard: () => number; readonly close: () => void } {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const buffer = Buffer.alloc(INPUT_EVENT_BYTES * 64);
  let heard = 0;
  const readOn = () => {
    try {
      for (;;) heard += readSync(fd, buffer) / INPUT_EVENT_BYTES;
    } catch (error) {
      // Nothing more now, or the device is gone.
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "EAGAIN" && code !== "ENODEV") throw error;
    }
    return heard;
  };
  return { heard: readOn, close: () => closeSync(fd) };
}
