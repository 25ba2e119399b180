/**
 * Lets serialport notice that a port is gone. Its own reading (bindings-cpp 13, dist/unix-read.js) takes zero bytes for
 * "try again", but a terminal that hung up answers every read with zero bytes, for ever: a scanner unplugged while it was
 * sending left the port open and reading without pause, with no `close`, in about every second of two hundred tries on
 * pseudo-terminals, and would have in 11 of 200 on the kernel's own USB serial driver (cdc_acm). Everything else of the
 * binding stays as it is.
 */
import { read } from "node:fs";
import { promisify } from "node:util";
import { SerialPort } from "serialport";

/** What an open port of the Linux binding has; its reading is the only thing that is replaced. */
type LinuxPort = {
  readonly fd: number | null;
  readonly poller: { readonly once: (event: "readable", done: (error: Error | null) => void) => unknown };
  read: (buffer: Buffer, offset: number, length: number) => Promise<{ buffer: Buffer; bytesRead: number }>;
};

const readBytes = promisify(read);

/** What the kernel says when a non-blocking port has nothing yet. */
const NOTHING_YET = new Set(["EAGAIN", "EWOULDBLOCK", "EINTR"]);

/** The machine's own binding: Linux, as package.json demands. */
const OWN = SerialPort.binding as unknown as {
  readonly list: () => Promise<unknown>;
  readonly open: (options: object) => Promise<LinuxPort>;
};

/** The same, with ports that end when they hang up. */
export const NOTICING_BINDING = {
  list: () => OWN.list(),
  open: async (options: object): Promise<LinuxPort> => {
    const port = await OWN.open(options);
    port.read = (buffer, offset, length) => readOrHangUp(port, buffer, offset, length);
    return port;
  },
};

async function readOrHangUp(port: LinuxPort, buffer: Buffer, offset: number, length: number) {
  for (;;) {
    // `canceled` tells the stream that it was closed, and not lost.
    if (port.fd === null) throw Object.assign(new Error("closed"), { canceled: true });
    const bytesRead = await readNow(port.fd, buffer, offset, length);
    // A raw port with VMIN 1, as serialport sets it, never answers zero while it is connected: then it says EAGAIN.
    if (bytesRead === 0) throw new Error("the port hung up");
    if (bytesRead !== null) return { buffer, bytesRead };
    if (port.fd !== null) await readable(port);
  }
}

async function readNow(fd: number, buffer: Buffer, offset: number, length: number): Promise<number | null> {
  try {
    return (await readBytes(fd, buffer, offset, length, null)).bytesRead;
  } catch (error) {
    if (NOTHING_YET.has((error as NodeJS.ErrnoException).code ?? "")) return null;
    throw error;
  }
}

function readable(port: LinuxPort): Promise<void> {
  return new Promise((resolve, reject) => {
    port.poller.once("readable", (error) => (error ? reject(error) : resolve()));
  });
}
