/**
 * The thread that reads one device: waits in poll() for records or for the word to stop, and hands records over. It
 * closes nothing: a number closed here could already be somebody else's file there.
 */
import { readSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { poll } from "../native/system-calls.ts";
import { ALIVE_AT, HANDED_OVER, type ReaderData, type ReaderMessage } from "./reader-words.ts";

/** Records read at once: a burst of bounces or a scanned code fits, and a device's own queue is no longer. */
const RECORDS_AT_ONCE = 64;

/**
 * Records handed over that nobody has taken yet, counted one by one: a scanner that types hands over a record or two at a
 * time, and a busy totem must not lose half a code after 16 of them. When this is full the kernel's own queue is the next
 * one to fill; it tells what it drops, and this memory ends.
 */
const HANDED_OVER_MAX = 16 * RECORDS_AT_ONCE;

/**
 * Longest wait. The thread shows once a second that it lives; and kernels before 6.6 do not wake who waits for a GPIO chip
 * that is removed, so that asking again is how it is noticed.
 */
const WAIT_MAX_MS = 1_000;

const { fd, stopFd, recordBytes, heartbeat } = workerData as ReaderData;

/** Bytes of a record whose rest has not come: pipes may cut anywhere, devices do not. */
let held = Buffer.alloc(0);

function say(message: ReaderMessage, transfer: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

/** Waits for room in the hand-over. */
function isStopped(): boolean {
  for (;;) {
    Atomics.store(heartbeat.aliveAtNs, ALIVE_AT, process.hrtime.bigint());
    const handed = Atomics.load(heartbeat.handed, HANDED_OVER);
    if (handed + RECORDS_AT_ONCE <= HANDED_OVER_MAX) return false;
    Atomics.wait(heartbeat.handed, HANDED_OVER, handed, WAIT_MAX_MS);
    const [stop] = poll([stopFd], 0);
    if (stop !== 0) return true;
  }
}

/** Reads what is there. @returns false at the end of the file. */
function readOnce(buffer: Buffer): boolean {
  const length = readAvailable(buffer);
  if (length === null) return true;
  if (length === 0) return false;
  const bytes = Buffer.concat([held, buffer.subarray(0, length)]);
  const whole = bytes.length - (bytes.length % recordBytes);
  held = Buffer.from(bytes.subarray(whole));
  if (whole === 0) return true;
  // A copy of its own, as a piece of Node's shared pool cannot be given away.
  const given = new Uint8Array(bytes.subarray(0, whole)).buffer;
  Atomics.add(heartbeat.handed, HANDED_OVER, whole / recordBytes);
  say({ bytes: given }, [given]);
  return true;
}

/** @returns null when there was nothing after all, 0 at the end of the file. */
function readAvailable(buffer: Buffer): number | null {
  try {
    return readSync(fd, buffer, 0, buffer.length, null);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EAGAIN" || code === "EINTR") return null;
    throw error;
  }
}

function readUntilTheEnd(): void {
  const buffer = Buffer.alloc(RECORDS_AT_ONCE * recordBytes);
  while (!isStopped()) {
    const [ready, stop] = poll([fd, stopFd], WAIT_MAX_MS);
    if (stop !== 0) return;
    // Readable, ended or failed: reading tells which.
    if (ready !== 0 && !readOnce(buffer)) return;
  }
}

try {
  readUntilTheEnd();
} catch (error) {
  const { message, code = "EIO", errno = 0, syscall = "read" } = error as NodeJS.ErrnoException;
  say({ failure: { message, code, errno, syscall } });
}
