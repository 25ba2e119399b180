/**
 * A serial line without a wire: a pseudo-terminal of the real kernel. The near end is a path that a serial port opens;
 * the far end is where a test plays the scanner. Closing the far end is pulling the plug: the near end hangs up, as a
 * USB serial port does.
 */
import { closeSync, constants, openSync, rmSync, symlinkSync, writeSync } from "node:fs";
import { ReadStream } from "node:tty";
import koffi from "koffi";

const libc = koffi.load("libc.so.6");
const grantpt = libc.func("int grantpt(int fd)");
const unlockpt = libc.func("int unlockpt(int fd)");
const ptsnameR = libc.func("int ptsname_r(int fd, _Out_ uint8_t *name, size_t size)");

const NAME_BYTES_MAX = 64;

export type Pty = {
  /** The near end, such as /dev/pts/3. */
  readonly path: string;
  /** The scanner sends bytes. False when the line is full because nobody reads. */
  readonly send: (bytes: Uint8Array | string) => boolean;
  /** Calls back with what the program wrote to the scanner. */
  readonly onReceived: (listener: (bytes: Buffer) => void) => void;
  readonly unplug: () => void;
  readonly isUnplugged: () => boolean;
};

/** Opens a line. @throws Error when the kernel has none. */
export function openPty(): Pty {
  const far = openSync("/dev/ptmx", constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  const name = Buffer.alloc(NAME_BYTES_MAX);
  if (grantpt(far) !== 0 || unlockpt(far) !== 0 || ptsnameR(far, name, NAME_BYTES_MAX) !== 0) {
    closeSync(far);
    throw new Error("no pseudo-terminal");
  }
  let stream: ReadStream | null = null;
  let plugged = true;
  return {
    path: name.toString("latin1", 0, name.indexOf(0)),
    send: (bytes) => {
      const sent = typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes;
      try {
        return writeSync(far, sent) === sent.length;
      } catch {
        return false;
      }
    },
    onReceived: (listener) => {
      stream ??= new ReadStream(far);
      // Without a near end the far one reads EIO; that is no news.
      stream.on("error", () => undefined);
      stream.on("data", listener);
    },
    isUnplugged: () => !plugged,
    unplug: () => {
      if (!plugged) return;
      plugged = false;
      if (stream === null) closeSync(far);
      else stream.destroy();
    },
  };
}

/** Makes a stable name for a line, as udev does below /dev/serial/by-id, or takes it away. */
export function nameIt(link: string, path: string | null): void {
  rmSync(link, { force: true });
  if (path !== null) symlinkSync(path, link);
}
