/**
 * Reads records of one size from a device, in a thread of its own that waits in poll(). Never through Node's file calls
 * or streams: those park a thread of libuv's small pool at each quiet device, until names, files and other devices starve,
 * and process.exit() waits for them. Refuses to know what a record means.
 */
import { closeSync, writeSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { eventFd } from "../native/system-calls.ts";
import {
  ALIVE_AT,
  HANDED_OVER,
  type Heartbeat,
  type ReaderData,
  type ReaderMessage,
} from "./reader-words.ts";

export type RecordReader = {
  /** Stops at once, even while the device is silent, and closes the descriptor. Nothing is told afterwards. */
  readonly close: () => Promise<void>;
  /** False when the thread has not come by for much longer than it waits: for a watchdog to ask. */
  readonly isAlive: () => boolean;
};

/** The thread comes by once a second; a loaded machine may be late, a healthy one not ten times. */
export const SILENT_MAX_MS = 10_000;

/** The thread only copies bytes: a few MB are plenty, and a board has 512 in all. */
const THREAD_LIMITS = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 16 };

const NS_PER_MS = 1_000_000n;

/** How to stop each running thread. A process that ends would wait for threads that wait for a device. */
const running = new Set<() => void>();
process.on("exit", () => {
  for (const stop of running) stop();
});

/**
 * Takes over the descriptor and reads it until it ends, fails or is closed.
 * @param onRecords whole records in the order they were read, many at a time; the buffer is the listener's to keep.
 * @param onEnd once, after the last records and after the descriptor is closed: null at the end of the file, else what
 *   reading failed with ("ENODEV": unplugged). Not called after `close`. A record cut short by the end is dropped.
 * @throws when the machine gives no thread: the descriptor is the caller's still.
 */
export function readRecords(options: {
  readonly fd: number;
  readonly recordBytes: number;
  readonly onRecords: (bytes: Buffer) => void;
  readonly onEnd: (error: NodeJS.ErrnoException | null) => void;
}): RecordReader {
  const { fd, recordBytes, onRecords, onEnd } = options;
  const stopFd = eventFd();
  const heartbeat = newHeartbeat();
  const worker = startThread({ fd, stopFd, recordBytes, heartbeat });
  const stop = () => {
    wake(stopFd);
    Atomics.notify(heartbeat.handed, HANDED_OVER);
  };
  running.add(stop);
  let failure: NodeJS.ErrnoException | null = null;
  let isClosing = false;
  worker.on("message", (message: ReaderMessage) => {
    if ("failure" in message) {
      failure = Object.assign(new Error(message.failure.message), message.failure);
      return;
    }
    Atomics.sub(heartbeat.handed, HANDED_OVER, message.bytes.byteLength / recordBytes);
    Atomics.notify(heartbeat.handed, HANDED_OVER);
    if (!isClosing) onRecords(Buffer.from(message.bytes));
  });
  // A thread that dies of itself ends the reading as a failing device does: whoever listens tries again.
  worker.on("error", (error: Error) => {
    failure = error;
  });
  const over = new Promise<void>((resolve) => {
    worker.on("exit", () => {
      running.delete(stop);
      closeSync(stopFd);
      closeSync(fd);
      resolve();
      if (!isClosing) onEnd(failure);
    });
  });
  return {
    close: () => {
      if (!isClosing && running.has(stop)) stop();
      isClosing = true;
      return over;
    },
    isAlive: () => running.has(stop) && silentForMs(heartbeat) <= SILENT_MAX_MS,
  };
}

function startThread(data: ReaderData): Worker {
  try {
    return new Worker(new URL("./reader-thread.mjs", import.meta.url), {
      workerData: data,
      resourceLimits: THREAD_LIMITS,
    });
  } catch (error) {
    closeSync(data.stopFd);
    throw error;
  }
}

function newHeartbeat(): Heartbeat {
  const aliveAtNs = new BigInt64Array(new SharedArrayBuffer(8));
  aliveAtNs[ALIVE_AT] = process.hrtime.bigint();
  return { aliveAtNs, handed: new Int32Array(new SharedArrayBuffer(4)) };
}

function silentForMs({ aliveAtNs }: Heartbeat): number {
  return Number((process.hrtime.bigint() - Atomics.load(aliveAtNs, ALIVE_AT)) / NS_PER_MS);
}

function wake(stopFd: number): void {
  const one = Buffer.alloc(8);
  one.writeBigUInt64LE(1n);
  writeSync(stopFd, one);
}
