import { spawnSync } from "node:child_process";
import { fstatSync, openSync, readdirSync, writeFileSync, writeSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ioctl } from "../native/system-calls.ts";
import { type Fifo, makeFifo } from "./record-reader.fixture.ts";
import { type RecordReader, readRecords, SILENT_MAX_MS } from "./record-reader.ts";

/** An input event's size; it divides no buffer evenly by chance. */
const RECORD_BYTES = 24;

/** FIONREAD of asm-generic/ioctls.h: how many bytes wait to be read. */
const FIONREAD = 0x541b;

const fifos: Fifo[] = [];
const readers: RecordReader[] = [];
afterEach(async () => {
  for (const reader of readers.splice(0)) await reader.close();
  for (const fifo of fifos.splice(0)) fifo.remove();
});

function fifo(): Fifo {
  const made = makeFifo();
  fifos.push(made);
  return made;
}

/** A record whose bytes all say its number. */
function record(value: number): Buffer {
  return Buffer.alloc(RECORD_BYTES, value);
}

/** Keeps this thread busy, as a slow disk or a long computation would. */
function blockFor(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** A reader whose records and end can be waited for. */
function reading(fd: number) {
  const values: number[] = [];
  const waiting: (() => void)[] = [];
  let ended: NodeJS.ErrnoException | null | undefined;
  const tell = () => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  const reader = readRecords({
    fd,
    recordBytes: RECORD_BYTES,
    onRecords: (bytes) => {
      expect(bytes.length % RECORD_BYTES).toBe(0);
      for (let at = 0; at < bytes.length; at += RECORD_BYTES) {
        const one = bytes.subarray(at, at + RECORD_BYTES);
        expect(one.equals(record(one[0] ?? 0))).toBe(true);
        values.push(one[0] ?? 0);
      }
      tell();
    },
    onEnd: (error) => {
      ended = error;
      tell();
    },
  });
  readers.push(reader);
  const until = async (is: () => boolean) => {
    while (!is()) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  return {
    reader,
    values,
    ended: () => ended,
    untilRead: (count: number) => until(() => values.length >= count),
    untilEnd: async () => {
      await until(() => ended !== undefined);
      return ended;
    },
  };
}

describe("reading records", () => {
  it("hands over whole records, however the bytes were cut", async () => {
    const { readFd, writeFd } = fifo();
    const { values, untilRead } = reading(readFd);
    const bytes = Buffer.concat([record(1), record(2), record(3)]);
    for (const [from, to] of [
      [0, 5],
      [5, 30],
      [30, 31],
      [31, 72],
    ] as const) {
      writeSync(writeFd, bytes.subarray(from, to));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await untilRead(3);
    expect(values).toEqual([1, 2, 3]);
  });

  it("ends without an error at the end of the file, after the last records, and drops one cut short", async () => {
    const { readFd, writeFd, closeWriter } = fifo();
    writeSync(writeFd, Buffer.concat([record(7), record(8).subarray(0, 10)]));
    closeWriter();
    const { values, untilEnd } = reading(readFd);
    expect(await untilEnd()).toBeNull();
    expect(values).toEqual([7]);
  });

  it("ends with the device's own error, and has closed the descriptor by then", async () => {
    const fd = openSync("/", "r");
    const { reader, untilEnd } = reading(fd);
    expect(await untilEnd()).toMatchObject({ code: "EISDIR", syscall: "read" });
    expect(() => fstatSync(fd)).toThrow(expect.objectContaining({ code: "EBADF" }));
    expect(reader.isAlive()).toBe(false);
  });

  it("stops at once while the device is silent, closes the descriptor and tells no end", async () => {
    const { readFd, writeFd } = fifo();
    const { reader, untilRead, ended } = reading(readFd);
    writeSync(writeFd, record(1));
    await untilRead(1);
    const begun = performance.now();
    await Promise.all([reader.close(), reader.close()]);
    // Without being woken, the thread would have waited for a second more.
    expect(performance.now() - begun).toBeLessThan(900);
    expect(() => fstatSync(readFd)).toThrow(expect.objectContaining({ code: "EBADF" }));
    expect(ended()).toBeUndefined();
    await reader.close();
  });

  it("leaves no descriptor behind", async () => {
    const before = readdirSync("/proc/self/fd").length;
    for (let times = 0; times < 3; times++) {
      const { readFd, closeWriter } = fifo();
      const { reader } = reading(readFd);
      await reader.close();
      closeWriter();
    }
    expect(readdirSync("/proc/self/fd").length).toBeLessThanOrEqual(before);
  });

  it("keeps at most 1024 records while the listener is busy: the rest stays with the kernel, and nothing is lost", async () => {
    const { readFd, writeFd } = fifo();
    const { values, untilRead } = reading(readFd);
    writeSync(writeFd, record(0));
    await untilRead(1);
    // Fits into a pipe, and is twice as many.
    const count = 2_048;
    writeSync(writeFd, Buffer.concat(Array.from({ length: count }, (_, index) => record(index % 256))));
    blockFor(500);
    const waiting = Buffer.alloc(4);
    ioctl(readFd, FIONREAD, waiting);
    expect(waiting.readInt32LE()).toBeGreaterThanOrEqual((count - 16 * 64) * RECORD_BYTES);
    await untilRead(1 + count);
    expect(values).toEqual([0, ...Array.from({ length: count }, (_, index) => index % 256)]);
  });

  it("takes records that come one by one out of the kernel's short queue, however busy the listener is", async () => {
    const { readFd, writeFd } = fifo();
    const { untilRead } = reading(readFd);
    writeSync(writeFd, record(0));
    await untilRead(1);
    const count = 200;
    for (let index = 0; index < count; index += 1) {
      writeSync(writeFd, record(1));
      blockFor(1);
    }
    blockFor(200);
    const waiting = Buffer.alloc(4);
    ioctl(readFd, FIONREAD, waiting);
    expect(waiting.readInt32LE()).toBe(0);
    await untilRead(1 + count);
  });

  it("can be closed while nobody takes what was read", async () => {
    const { readFd, writeFd } = fifo();
    const { reader, untilRead, values } = reading(readFd);
    writeSync(writeFd, record(0));
    await untilRead(1);
    writeSync(writeFd, Buffer.alloc(2_048 * RECORD_BYTES));
    blockFor(200);
    const taken = values.length;
    await reader.close();
    expect(values.length).toBe(taken);
  });

  it("leaves Node's own threads free: five silent devices, one more than it has, keep no file from being read", async () => {
    const silent = Array.from({ length: 5 }, fifo);
    const opened = silent.map(({ readFd }) => reading(readFd));
    for (const [index, { writeFd }] of silent.entries()) writeSync(writeFd, record(index));
    await Promise.all(opened.map(({ untilRead }) => untilRead(1)));
    expect(await readFile("/proc/self/comm", "utf8")).not.toBe("");
  });

  it("is not alive when its thread has been silent for too long", async () => {
    const { readFd, writeFd } = fifo();
    const { reader, untilRead } = reading(readFd);
    writeSync(writeFd, record(1));
    await untilRead(1);
    expect(reader.isAlive()).toBe(true);
    const later = process.hrtime.bigint() + BigInt(SILENT_MAX_MS + 2_000) * 1_000_000n;
    vi.spyOn(process.hrtime, "bigint").mockReturnValue(later);
    expect(reader.isAlive()).toBe(false);
    vi.restoreAllMocks();
  });
});

describe("a process that ends while it reads a silent device", () => {
  it.each([
    ["by process.exit", "process.exit(3);", 3],
    ["by an error nobody caught", "throw new Error('planted');", 1],
    ["before the thread has begun", "", 0],
  ])("ends at once: %s", (_, ending, status) => {
    const { path } = fifo();
    const early = "process.exit(0);";
    const script = `
      import { openSync, writeSync, constants } from "node:fs";
      import { readRecords } from ${JSON.stringify(new URL("./record-reader.ts", import.meta.url).href)};
      const fd = openSync(${JSON.stringify(path)}, constants.O_RDWR);
      readRecords({ fd, recordBytes: 1, onRecords: () => { ${ending} }, onEnd: () => process.exit(99) });
      writeSync(fd, "x");
      ${ending === "" ? early : ""}`;
    const file = join(dirname(path), "reading.mjs");
    writeFileSync(file, script);
    const child = spawnSync(process.execPath, [file], { timeout: 30_000 });
    expect({ status: child.status, signal: child.signal }).toEqual({ status, signal: null });
  });
});
