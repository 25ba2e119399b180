/**
 * One opened serial port: bytes, commands and its end, told once however the library tells it. Opens nothing again and
 * understands no byte.
 */
import { SerialPort, type SerialPortMock } from "serialport";
import type { PortProblem } from "./find-port.ts";
import { NOTICING_BINDING } from "./hang-up.ts";

export type PortOptions = { readonly path: string; readonly baudRate: number };
/** Makes a port that is not open yet. */
export type MakePort = (options: PortOptions) => SerialPort | SerialPortMock;

export type OpenedPort = {
  readonly isOpen: () => boolean;
  readonly write: (bytes: Uint8Array) => void;
  /** Ends it without telling. Never rejects, and waits no longer than `CLOSE_MS`. */
  readonly close: () => Promise<void>;
};

/** As much as the kernel keeps of a terminal's input (N_TTY_BUF_SIZE): reading more at once brings nothing. */
const READ_BYTES = 4_096;

/** The kernel may hold a port back that has something left to send; a program that ends need not wait for it. */
const CLOSE_MS = 1_000;

/** A port of this machine. 8N1 without flow control: what the manuals of all three families give. */
export const makeRealPort: MakePort = ({ path, baudRate }) => {
  const options = {
    path,
    baudRate,
    autoOpen: false,
    binding: NOTICING_BINDING,
    highWaterMark: READ_BYTES,
    dataBits: 8,
    parity: "none" as const,
    stopBits: 1 as const,
    // flock: a second totem on the same scanner is refused. It does not stop programs that lock nothing (ModemManager).
    lock: true,
    // The line drops when the port closes (DTR low): a USB scanner then knows that nobody listens and keeps no code for
    // later, when it would be somebody else's. Opening raises it again, and throws away what waited in the kernel.
    hupcl: true,
  };
  // The type leaves the binding out, though the constructor takes it.
  return new SerialPort(options as ConstructorParameters<typeof SerialPort>[0]);
};

/**
 * Opens a port. @throws PortProblem, as the rejection's value. `onLost` comes at most once, and only after it resolved.
 */
export async function openPort(
  make: MakePort,
  options: PortOptions,
  ends: { readonly onBytes: (bytes: Uint8Array) => void; readonly onLost: (message: string) => void },
): Promise<OpenedPort> {
  const port = make(options);
  let open = false;
  const end = (message: string) => {
    if (!open) return;
    open = false;
    if (port.isOpen) port.close(() => undefined);
    ends.onLost(message);
  };
  // A listener for ever: an error without one would end the program.
  port.on("error", (error: Error) => end(error.message));
  port.on("close", (error?: Error | null) => end(error?.message ?? "closed"));
  port.on("data", (bytes: Buffer) => {
    if (open) ends.onBytes(bytes);
    // The library keeps its buffers for a while; a code is not to lie in them.
    bytes.fill(0);
  });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => {
      if (error) return reject(problemOf(error, options.path));
      open = true;
      resolve();
    });
  });
  return {
    isOpen: () => open,
    write: (bytes) => {
      if (open) port.write(Buffer.from(bytes));
    },
    close: async () => {
      open = false;
      if (!port.isOpen) return;
      const closed = new Promise<void>((resolve) => port.close(() => resolve()));
      await Promise.race([closed, new Promise<void>((resolve) => setTimeout(resolve, CLOSE_MS).unref())]);
    },
  };
}

/** The library hands over the kernel's words only, without their code. */
function problemOf(error: Error, path: string): PortProblem {
  const said = error.message.replace(/^(Error:? ?)+/, "");
  if (/permission denied|operation not permitted/i.test(said)) {
    const message = `${path} may not be opened (${said}). Put the program's user into the group dialout.`;
    return { kind: "no-permission", message };
  }
  if (/cannot lock|resource busy|temporarily unavailable/i.test(said)) {
    const message = `${path} is held by another program (${said}). Is a second totem running, or ModemManager?`;
    return { kind: "busy", message };
  }
  return { kind: "not-opened", message: `${path} could not be opened: ${said}` };
}
