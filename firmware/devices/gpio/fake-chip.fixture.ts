/**
 * A GPIO chip that misbehaves as the real one does, below everything that is ours: it answers the same calls with the same
 * bytes and errors. Debounces and stamps like the kernel, bounces, keeps few events, is held by others, and is unplugged.
 * Its time is handed in, so that fake timers move it.
 */
import type { GpioSystem } from "./gpio-system.ts";
import {
  answerLineRequest,
  type ReadRequest,
  readLineConfig,
  readLineInfoOffset,
  readLineRequest,
  writeChipInfo,
  writeEvent,
  writeLineInfo,
} from "./kernel-side.fixture.ts";

/** Flags and numbers of gpio.h, written here a second time on purpose. */
const USED = 1n;
const ACTIVE_LOW = 2n;
const OUTPUT = 8n;
const EDGES = 48n;
const PULL_UP = 256n;
const ATTR_OUTPUT_VALUES = 2;
const ATTR_DEBOUNCE = 3;
const CHIPINFO = 0x8044b401;
const LINEINFO = 0xc100b405;
const GET_LINE = 0xc250b407;
const SET_CONFIG = 0xc110b40d;
const GET_VALUES = 0xc010b40e;
const SET_VALUES = 0xc010b40f;

type Held = {
  readonly request: ReadRequest;
  readonly fd: number;
  debounceMs: number;
  /** Debounced physical levels. */
  readonly settled: Map<number, boolean>;
  readonly timers: Map<number, NodeJS.Timeout>;
  readonly lineSeqnos: Map<number, number>;
  seqno: number;
  buffer: Buffer[];
  onRecords: ((bytes: Buffer) => void) | null;
  onEnd: ((error: NodeJS.ErrnoException | null) => void) | null;
};

export type FakeChip = {
  readonly system: GpioSystem;
  /** Moves a line from outside, as a contact does: high or low, physically. */
  readonly drive: (offset: number, high: boolean) => void;
  /** Physical levels of lines held as outputs. */
  readonly outputs: () => ReadonlyMap<number, boolean>;
  /** Nobody reads for a while, as with a thread that hangs; then what is left of the events arrives at once. */
  readonly stall: () => void;
  readonly resume: () => void;
  /** The chip is unbound: readers end with ENODEV, its path is gone. */
  readonly unplug: () => void;
  /** It is bound again, under the next number, its lines as they were driven. */
  readonly replug: () => void;
  /** Another program holds a line; null lets it go. */
  readonly hold: (offset: number, consumer: string | null) => void;
  readonly allow: (allowed: boolean) => void;
  /** Held lines cannot be set otherwise: they tell no edge afterwards, as when the kernel stops halfway. */
  readonly refuseConfig: () => void;
  /** Descriptors that nobody closed. */
  readonly openFds: () => number;
  readonly paths: () => readonly string[];
};

export function fakeChip(options: {
  readonly nowMs: () => number;
  readonly label?: string;
  readonly lines?: number;
  readonly lineNames?: boolean;
  /** Smaller than what is asked for, to be overflown quickly. */
  readonly eventBufferSize?: number;
}): FakeChip {
  return new Chip(options).asFake();
}

class Chip {
  readonly #nowMs: () => number;
  readonly #label: string;
  readonly #lines: number;
  readonly #hasNames: boolean;
  readonly #bufferMax: number;
  readonly #driven = new Map<number, boolean>();
  readonly #others = new Map<number, string>();
  readonly #chipFds = new Set<number>();
  readonly #held = new Map<number, Held>();
  readonly #outputs = new Map<number, boolean>();
  #number = 0;
  #nextFd = 100;
  #isPlugged = true;
  #isAllowed = true;
  #isStalled = false;
  #refusesConfig = false;

  constructor(options: Parameters<typeof fakeChip>[0]) {
    this.#nowMs = options.nowMs;
    this.#label = options.label ?? "fake-header";
    this.#lines = options.lines ?? 28;
    this.#hasNames = options.lineNames ?? true;
    this.#bufferMax = options.eventBufferSize ?? Number.POSITIVE_INFINITY;
  }

  asFake(): FakeChip {
    return {
      system: {
        chipPaths: () => this.#paths(),
        open: (path) => this.#open(path),
        close: (fd) => this.#close(fd),
        ioctl: (fd, request, argument) => this.#ioctl(fd, request, argument),
        readRecords: (reading) => this.#read(reading),
      },
      drive: (offset, high) => this.#drive(offset, high),
      outputs: () => this.#outputs,
      stall: () => {
        this.#isStalled = true;
      },
      resume: () => {
        this.#isStalled = false;
        for (const held of this.#held.values()) this.#deliver(held);
      },
      unplug: () => this.#unplug(),
      replug: () => {
        this.#isPlugged = true;
        this.#number += 1;
      },
      hold: (offset, consumer) => {
        if (consumer === null) this.#others.delete(offset);
        else this.#others.set(offset, consumer);
      },
      allow: (allowed) => {
        this.#isAllowed = allowed;
      },
      refuseConfig: () => {
        this.#refusesConfig = true;
      },
      openFds: () => this.#chipFds.size + this.#held.size,
      paths: () => this.#paths(),
    };
  }

  #paths(): readonly string[] {
    return this.#isPlugged ? [`/dev/gpiochip${this.#number}`] : [];
  }

  #open(path: string): number {
    if (!this.#paths().includes(path)) throw systemError("ENOENT", "open");
    if (!this.#isAllowed) throw systemError("EACCES", "open");
    const fd = this.#nextFd++;
    this.#chipFds.add(fd);
    return fd;
  }

  #close(fd: number): void {
    if (this.#chipFds.delete(fd)) return;
    const held = this.#held.get(fd);
    if (held === undefined) throw systemError("EBADF", "close");
    for (const timer of held.timers.values()) clearTimeout(timer);
    for (const offset of held.request.offsets) this.#outputs.delete(offset);
    this.#held.delete(fd);
  }

  #ioctl(fd: number, request: number, argument: Buffer | number): number {
    if (!this.#isPlugged) throw systemError("ENODEV", "ioctl");
    if (typeof argument === "number") throw systemError("EINVAL", "ioctl");
    const held = this.#held.get(fd);
    if (held === undefined && !this.#chipFds.has(fd)) throw systemError("EBADF", "ioctl");
    if (held === undefined) this.#askChip(request, argument);
    else if (request === SET_CONFIG) this.#configure(held, readLineConfig(argument));
    else this.#askLines(held, request, argument);
    return 0;
  }

  #askChip(request: number, bytes: Buffer): void {
    if (request === CHIPINFO) {
      writeChipInfo(bytes, { name: `gpiochip${this.#number}`, label: this.#label, lines: this.#lines });
    } else if (request === LINEINFO) {
      const offset = readLineInfoOffset(bytes);
      if (offset >= this.#lines) throw systemError("EINVAL", "ioctl");
      const consumer = this.#consumer(offset);
      const flags = consumer === null ? 0n : USED;
      writeLineInfo(bytes, { name: this.#hasNames ? `GPIO${offset}` : "", consumer: consumer ?? "", flags });
    } else if (request === GET_LINE) answerLineRequest(bytes, this.#request(readLineRequest(bytes)));
    else throw systemError("EINVAL", "ioctl");
  }

  #consumer(offset: number): string | null {
    const held = [...this.#held.values()].find(({ request }) => request.offsets.includes(offset));
    return held?.request.consumer ?? this.#others.get(offset) ?? null;
  }

  #request(request: ReadRequest): number {
    for (const offset of request.offsets) {
      if (offset >= this.#lines) throw systemError("EINVAL", "ioctl");
      if (this.#consumer(offset) !== null) throw systemError("EBUSY", "ioctl");
    }
    const fd = this.#nextFd++;
    const attribute = (id: number) => request.attributes.find((one) => one.id === id)?.value ?? 0n;
    const isHigh = (offset: number, index: number) =>
      (request.flags & OUTPUT) === 0n
        ? this.#level(offset, request)
        : ((attribute(ATTR_OUTPUT_VALUES) >> BigInt(index)) & 1n) === 1n;
    const settled = new Map(request.offsets.map((offset, index) => [offset, isHigh(offset, index)]));
    if ((request.flags & OUTPUT) !== 0n)
      for (const [offset, high] of settled) this.#outputs.set(offset, high);
    this.#held.set(fd, {
      request,
      fd,
      debounceMs: Number(attribute(ATTR_DEBOUNCE)) / 1_000,
      settled,
      timers: new Map(),
      lineSeqnos: new Map(),
      seqno: 0,
      buffer: [],
      onRecords: null,
      onEnd: null,
    });
    return fd;
  }

  /** The debounce starts anew at the level of now (gpiolib-cdev.c, edge_detector_update): what was settling is forgotten. */
  #configure(held: Held, { flags, attributes }: ReturnType<typeof readLineConfig>): void {
    if (flags !== held.request.flags) throw systemError("EINVAL", "ioctl");
    if (this.#refusesConfig) {
      held.onRecords = null;
      throw systemError("ENOMEM", "ioctl");
    }
    const debounceUs = attributes.find(({ id }) => id === ATTR_DEBOUNCE)?.value ?? 0n;
    held.debounceMs = Number(debounceUs) / 1_000;
    for (const timer of held.timers.values()) clearTimeout(timer);
    for (const offset of held.request.offsets) held.settled.set(offset, this.#level(offset, held.request));
  }

  #askLines({ request: { offsets, flags }, settled }: Held, request: number, bytes: Buffer): void {
    const turned = (flags & ACTIVE_LOW) !== 0n;
    const mask = bytes.readBigUInt64LE(8);
    let bits = bytes.readBigUInt64LE(0);
    for (const [index, offset] of offsets.entries()) {
      const bit = 1n << BigInt(index);
      if ((mask & bit) === 0n) continue;
      if (request === GET_VALUES) {
        // With debounce the kernel answers the debounced level (gpiolib-cdev.c, linereq_get_values).
        if ((settled.get(offset) ?? false) !== turned) bits |= bit;
      } else if (request === SET_VALUES && (flags & OUTPUT) !== 0n) {
        settled.set(offset, (bits & bit) !== 0n);
        this.#outputs.set(offset, (bits & bit) !== 0n);
      } else throw systemError("EPERM", "ioctl");
    }
    bytes.writeBigUInt64LE(bits, 0);
  }

  #level(offset: number, request: ReadRequest): boolean {
    return this.#driven.get(offset) ?? (request.flags & PULL_UP) !== 0n;
  }

  #drive(offset: number, high: boolean): void {
    this.#driven.set(offset, high);
    for (const held of this.#held.values()) {
      if (!held.request.offsets.includes(offset)) continue;
      if ((held.request.flags & EDGES) === 0n) {
        // Without edges there is no debounce either, and what is asked for is the level itself.
        if ((held.request.flags & OUTPUT) === 0n) held.settled.set(offset, high);
        continue;
      }
      if (held.debounceMs === 0) this.#settle(held, offset);
      else {
        // Each change starts the period anew (gpiolib-cdev.c, debounce_irq_handler).
        clearTimeout(held.timers.get(offset));
        held.timers.set(
          offset,
          setTimeout(() => this.#settle(held, offset), held.debounceMs),
        );
      }
    }
  }

  #settle(held: Held, offset: number): void {
    const high = this.#level(offset, held.request);
    if (!this.#isPlugged || held.settled.get(offset) === high) return;
    held.settled.set(offset, high);
    held.seqno += 1;
    const lineSeqno = (held.lineSeqnos.get(offset) ?? 0) + 1;
    held.lineSeqnos.set(offset, lineSeqno);
    const rising = high !== ((held.request.flags & ACTIVE_LOW) !== 0n);
    const timestampNs = BigInt(Math.round(this.#nowMs() * 1_000_000));
    held.buffer.push(writeEvent({ timestampNs, rising, offset, seqno: held.seqno, lineSeqno }));
    // The oldest goes (gpiolib-cdev.c, linereq_put_event).
    const max = Math.min(held.request.eventBufferSize || 16 * held.request.offsets.length, this.#bufferMax);
    if (held.buffer.length > max) held.buffer.shift();
    this.#deliver(held);
  }

  #deliver(held: Held): void {
    if (this.#isStalled || held.buffer.length === 0 || held.onRecords === null) return;
    const bytes = Buffer.concat(held.buffer);
    held.buffer = [];
    held.onRecords(bytes);
  }

  #read({ fd, onRecords, onEnd }: Parameters<GpioSystem["readRecords"]>[0]) {
    const held = this.#held.get(fd);
    if (held === undefined) throw systemError("EBADF", "read");
    held.onRecords = onRecords;
    held.onEnd = onEnd;
    return {
      isAlive: () => !this.#isStalled,
      close: async () => {
        if (this.#held.has(fd)) this.#close(fd);
      },
    };
  }

  #unplug(): void {
    this.#isPlugged = false;
    for (const held of [...this.#held.values()]) {
      // Only who reads is told; outputs notice at their next write.
      if (held.onEnd === null) continue;
      this.#close(held.fd);
      held.onEnd(systemError("ENODEV", "read"));
    }
  }
}

function systemError(code: string, syscall: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${syscall} failed`), { code, syscall, errno: -1 });
}
