/**
 * A kernel with input devices, as far as this folder asks it: devices that come and go, a queue for each reader that
 * overflows as evdev's does, an exclusive grab, stamps by the clock it was told. Time is vitest's.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RecordReader } from "../reading/record-reader.ts";
import type { InputFolders } from "./find-device.ts";
import type { InputSystem } from "./follow-device.ts";
import {
  CLOCK_REQUEST,
  EV_KEY,
  EV_MSC,
  EV_SYN,
  GRAB_REQUEST,
  type InputEvent,
  inputEventBytes,
  KEY_BITS_BYTES,
  keysDownRequest,
  keysKnownRequest,
  MASK_REQUEST,
  SYN_DROPPED,
  SYN_REPORT,
} from "./input-event.ts";

/** Events a reader may leave unread: what evdev keeps for a keyboard (EVDEV_BUF_PACKETS of evdev.c). */
const QUEUE_MAX = 64;

/** Linux stamps with wall time unless told otherwise: a stamp that is years off shows that nobody told it. */
const WALL_OFFSET_MS = 1_700_000_000_000;

/** The thread that reads a device takes a moment to end: seen on a loaded machine, longer than the pause that ends a code. */
const END_AFTER_MS = 400;

type Client = {
  clock: number;
  /** Kinds of events that this reader asked not to be given. */
  masked: number[];
  grabbed: boolean;
  queue: InputEvent[];
  end: ((error: NodeJS.ErrnoException | null) => void) | null;
  onRecords: (bytes: Buffer) => void;
};

export type FakeDevice = {
  readonly path: string;
  /** Key goes down (1), up (0) or repeats (2), in a report of its own. */
  readonly key: (code: number, value: number) => void;
  /** A key that was down before the device was opened, and that nothing tells. */
  readonly hold: (code: number) => void;
  /** The next requests and opens are answered with this error. */
  readonly failWith: (code: string | null) => void;
  /** Everything another program read of it. */
  readonly overheard: () => number;
  readonly unplug: () => void;
};

export type FakeInput = {
  readonly system: InputSystem;
  readonly folders: InputFolders;
  readonly plug: (device: {
    readonly name: string;
    readonly link?: string;
    readonly keys: readonly number[];
  }) => FakeDevice;
  /** Descriptors that are open and that nobody closed. */
  readonly openDescriptors: () => number;
  readonly remove: () => void;
};

export function errorOf(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: faked`), { code });
}

export function fakeInput(): FakeInput {
  const root = mkdtempSync(join(tmpdir(), "faccine-input-"));
  const folders = { dev: join(root, "dev"), sys: join(root, "sys") };
  mkdirSync(join(folders.dev, "by-id"), { recursive: true });
  mkdirSync(folders.sys, { recursive: true });
  const devices = new Map<string, FakeKernelDevice>();
  const { system, openDescriptors } = fakeSystem(devices);
  let plugged = 0;

  const plug: FakeInput["plug"] = ({ name, link, keys }) => {
    const event = `event${++plugged}`;
    mkdirSync(join(folders.sys, event, "device"), { recursive: true });
    writeFileSync(join(folders.sys, event, "device", "name"), `${name}\n`);
    const path = link === undefined ? join(folders.dev, event) : join(folders.dev, "by-id", link);
    writeFileSync(path, "");
    const device = new FakeKernelDevice(keys);
    devices.set(path, device);
    return {
      path,
      key: (code, value) => device.key(code, value),
      hold: (code) => device.set(code, true),
      failWith: (code) => {
        device.failure = code;
      },
      overheard: () => device.overheard,
      unplug: () => {
        devices.delete(path);
        rmSync(path);
        rmSync(join(folders.sys, event), { recursive: true });
        device.vanish();
      },
    };
  };
  return {
    system,
    folders,
    plug,
    openDescriptors,
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

function fakeSystem(devices: ReadonlyMap<string, FakeKernelDevice>) {
  const open = new Map<number, { device: FakeKernelDevice; client: Client }>();
  let opened = 0;
  const at = (fd: number) => {
    const found = open.get(fd);
    if (found === undefined) throw errorOf("EBADF");
    return found;
  };
  const close = (fd: number) => {
    const { device, client } = at(fd);
    device.clients.delete(client);
    open.delete(fd);
  };
  const system: InputSystem = {
    open: (path) => {
      const device = devices.get(path);
      if (device === undefined) throw errorOf("ENOENT");
      if (device.failure !== null) throw errorOf(device.failure);
      open.set(++opened, { device, client: device.join() });
      return opened;
    },
    ioctl: (fd, request, argument) => {
      const { device, client } = at(fd);
      return device.asked(client, request, argument);
    },
    close,
    readRecords: ({ fd, onRecords, onEnd }): RecordReader => {
      const { device, client } = at(fd);
      client.onRecords = onRecords;
      client.end = (error) => {
        close(fd);
        onEnd(error);
      };
      if (client.queue.length > 0) device.deliverSoon(client);
      return {
        isAlive: () => true,
        close: async () => {
          client.end = null;
          client.onRecords = () => undefined;
          if (open.has(fd)) close(fd);
        },
      };
    },
  };
  return { system, openDescriptors: () => open.size };
}

class FakeKernelDevice {
  readonly clients = new Set<Client>();
  failure: string | null = null;
  overheard = 0;
  readonly #known = Buffer.alloc(KEY_BITS_BYTES);
  readonly #down = Buffer.alloc(KEY_BITS_BYTES);
  #isGone = false;

  constructor(keys: readonly number[]) {
    for (const code of keys) setBit(this.#known, code, true);
  }

  join(): Client {
    const client: Client = {
      clock: 0,
      masked: [],
      grabbed: false,
      queue: [],
      end: null,
      onRecords: () => undefined,
    };
    this.clients.add(client);
    return client;
  }

  asked(client: Client, request: number, argument: Buffer | number): number {
    if (this.#isGone) throw errorOf("ENODEV");
    if (this.failure !== null) throw errorOf(this.failure);
    if (request === GRAB_REQUEST) {
      if ([...this.clients].some((other) => other !== client && other.grabbed)) throw errorOf("EBUSY");
      client.grabbed = argument === 1;
      return 0;
    }
    if (typeof argument === "number") throw errorOf("EFAULT");
    if (request === CLOCK_REQUEST) client.clock = argument.readInt32LE(0);
    else if (request === MASK_REQUEST) client.masked.push(argument.readUInt32LE(0));
    else if (request === keysKnownRequest(argument.length)) this.#known.copy(argument);
    else if (request === keysDownRequest(argument.length)) {
      this.#down.copy(argument);
      client.queue = client.queue.filter((event) => event.type !== EV_KEY);
    } else throw errorOf("EINVAL");
    return 0;
  }

  key(code: number, value: number): void {
    if (this.#isGone) return;
    if (value !== 2) this.set(code, value === 1);
    for (const [type, what, how] of [
      [EV_MSC, 4, 0x70000 + code],
      [EV_KEY, code, value],
      [EV_SYN, SYN_REPORT, 0],
    ] as const) {
      this.#tell(type, what, how);
    }
  }

  set(code: number, down: boolean): void {
    setBit(this.#down, code, down);
  }

  vanish(): void {
    this.#isGone = true;
    for (const client of this.clients) {
      // What is still queued can no longer be read: evdev_read asks first whether the device is there.
      client.queue = [];
      setTimeout(() => client.end?.(errorOf("ENODEV")), END_AFTER_MS);
    }
  }

  deliverSoon(client: Client): void {
    setTimeout(() => {
      const events = client.queue.splice(0);
      if (events.length > 0) client.onRecords(Buffer.concat(events.map(inputEventBytes)));
    }, 0);
  }

  #tell(type: number, code: number, value: number): void {
    const grabber = [...this.clients].find((client) => client.grabbed);
    if (grabber === undefined) this.overheard += 1;
    for (const client of grabber === undefined ? this.clients : [grabber]) {
      if (client.masked.includes(type)) continue;
      const atMs = performance.now() + (client.clock === 1 ? 0 : WALL_OFFSET_MS);
      if (client.queue.length === 0) this.deliverSoon(client);
      client.queue.push({ type, code, value, atMs });
      // evdev throws everything away but the newest, behind a mark.
      if (client.queue.length >= QUEUE_MAX) {
        client.queue = [
          { type: EV_SYN, code: SYN_DROPPED, value: 0, atMs },
          { type, code, value, atMs },
        ];
      }
    }
  }
}

function setBit(bits: Buffer, code: number, on: boolean): void {
  const mask = 1 << (code & 7);
  const byte = bits[code >> 3] ?? 0;
  bits[code >> 3] = on ? byte | mask : byte & ~mask;
}
