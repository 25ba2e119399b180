/**
 * Talks to the service manager that started this program (sd_notify(3)): started, stopping, how it goes, still alive.
 * Speaks the protocol itself, a datagram on a local socket, because Node has no such sockets and a totem need not have
 * libsystemd. Without a manager every word is said to nobody. Never waits: a manager that does not listen must not stop
 * a citizen from voting.
 */
import { getSystemErrorName } from "node:util";

/** Longest status handed over: it is one line of `systemctl status`. */
export const STATUS_CHARACTERS_MAX = 200;

/** From bits/socket.h and bits/socket_type.h, the same on x64 and arm64. */
const AF_UNIX = 1;
const SOCK_DGRAM = 2;
/** No child inherits it. */
const SOCK_CLOEXEC = 0o2000000;
const MSG_DONTWAIT = 0x40;
/** A manager that is gone is an error, never a signal that ends the totem. */
const MSG_NOSIGNAL = 0x4000;

/** struct sockaddr_un: two bytes of family, then the path (unix(7)). */
const FAMILY_BYTES = 2;
const PATH_BYTES_MAX = 108;

export type ServiceManager = {
  /** How often it wants to hear of life, at the least; null when it does not ask. */
  readonly watchdogMs: number | null;
  readonly ready: () => void;
  readonly stopping: () => void;
  /** One line on how it goes. Never a choice, never a scanned text: anybody on the machine may read it. */
  readonly status: (text: string) => void;
  /** Still alive. */
  readonly feed: () => void;
  readonly close: () => void;
};

type Environment = Record<string, string | undefined>;

/** What one start hands down; a child that inherited it would speak in this program's name. */
const VARIABLES = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"] as const;

/**
 * The manager this program was started by, as the environment names it; the names are taken out of it.
 * @param pid this process: a watchdog meant for another one is not fed.
 * @throws when a manager is named that cannot be spoken to: it would wait for a word that never comes.
 */
export async function openServiceManager(env: Environment, pid: number): Promise<ServiceManager> {
  const { NOTIFY_SOCKET: socket, WATCHDOG_USEC, WATCHDOG_PID } = env;
  for (const name of VARIABLES) delete env[name];
  if (socket === undefined || socket === "") return NOBODY;
  const mouth = await openMouth(socketAddress(socket));
  const isMine = WATCHDOG_PID === undefined || WATCHDOG_PID === String(pid);
  return managerBehind(mouth, isMine ? watchdogMs(WATCHDOG_USEC) : null);
}

/** For programs started by hand. */
const NOBODY: ServiceManager = {
  watchdogMs: null,
  ready: () => undefined,
  stopping: () => undefined,
  status: () => undefined,
  feed: () => undefined,
  close: () => undefined,
};

type Mouth = {
  /** True when the manager has it. */
  readonly say: (words: string) => boolean;
  readonly close: () => void;
};

/** Keeps what the manager had no room for, and says it with the next word: it would wait for READY=1 for ever. */
function managerBehind(mouth: Mouth, ms: number | null): ServiceManager {
  // One of each kind at most, the newest: it cannot grow.
  let unsaid: Readonly<Record<string, string>> = {};
  const tell = (name: string, value: string) => {
    unsaid = { ...unsaid, [name]: value };
    const words = Object.entries(unsaid).map(([key, text]) => `${key}=${text}`);
    if (mouth.say(words.join("\n"))) unsaid = {};
  };
  return {
    watchdogMs: ms,
    ready: () => tell("READY", "1"),
    stopping: () => tell("STOPPING", "1"),
    status: (text) => tell("STATUS", oneLine(text)),
    feed: () => tell("WATCHDOG", "1"),
    close: mouth.close,
  };
}

/** A line's end would begin another assignment. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ").slice(0, STATUS_CHARACTERS_MAX);
}

/** Whole milliseconds of a time in microseconds; null for none, 0 and what is no number. */
function watchdogMs(microseconds: string | undefined): number | null {
  if (microseconds === undefined || !/^[1-9]\d{0,15}$/.test(microseconds)) return null;
  return Math.max(1, Math.floor(Number(microseconds) / 1_000));
}

/** @throws for an address that is no local socket's. */
export function socketAddress(socket: string): Buffer {
  const isAbstract = socket.startsWith("@");
  if (!isAbstract && !socket.startsWith("/")) {
    throw new Error(`NOTIFY_SOCKET=${socket}: must be a path from the root, or @ and an abstract name`);
  }
  // An abstract name begins with a zero byte and ends with the address; a path ends with a zero byte.
  const path = Buffer.from(isAbstract ? `\0${socket.slice(1)}` : `${socket}\0`);
  if (path.length > PATH_BYTES_MAX) {
    throw new Error(`NOTIFY_SOCKET is longer than the ${PATH_BYTES_MAX} bytes that a socket's address holds`);
  }
  const address = Buffer.alloc(FAMILY_BYTES + path.length);
  // Both processors Node is pinned for are little-endian.
  address.writeUInt16LE(AF_UNIX);
  path.copy(address, FAMILY_BYTES);
  return address;
}

async function openMouth(address: Buffer): Promise<Mouth> {
  // Loaded only when there is somebody to speak to: a demo's totem does without its memory.
  const { default: koffi } = await import("koffi");
  const libc = koffi.load("libc.so.6");
  const socket = libc.func("int socket(int, int, int)");
  const sendTo = libc.func("long sendto(int, const void *, unsigned long, int, const void *, unsigned int)");
  const close = libc.func("int close(int)");
  const descriptor: number = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) {
    throw new Error(`no socket for the service manager: ${getSystemErrorName(-koffi.errno())}`);
  }
  let isOpen = true;
  return {
    say: (words) => {
      if (!isOpen) return true;
      const bytes = Buffer.from(words);
      const flags = MSG_DONTWAIT | MSG_NOSIGNAL;
      return Number(sendTo(descriptor, bytes, bytes.length, flags, address, address.length)) === bytes.length;
    },
    close: () => {
      if (isOpen) close(descriptor);
      isOpen = false;
    },
  };
}
