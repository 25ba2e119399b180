/**
 * The few calls to the system that Node does not offer, through koffi on the C library: ioctl, poll and eventfd. Says
 * what went wrong as Node's own file calls do. Refuses to know what any request means: layouts belong to the devices.
 */
import { getSystemErrorName } from "node:util";
import koffi from "koffi";

/** glibc's name on every Debian; loaded once a thread, when this file is. */
const libc = koffi.load("libc.so.6");

// ioctl takes a varying third argument. On x64 and arm64 Linux it travels like a named one (AAPCS64 section 6.4.2, System V
// AMD64 ABI section 3.5.7), so one declaration for each kind will do.
const ioctlWithBuffer = libc.func("int ioctl(int, unsigned long, void *)");
const ioctlWithNumber = libc.func("ioctl", "int", ["int", "unsigned long", "long"]);
const pollCall = libc.func("int poll(void *, unsigned long, int)");
const eventFdCall = libc.func("int eventfd(unsigned int, int)");

/** From poll.h: the events asked for and answered with. */
export const POLLIN = 0x1;
export const POLLERR = 0x8;
export const POLLHUP = 0x10;
export const POLLNVAL = 0x20;

/** struct pollfd: int fd, short events, short revents. */
const POLLFD_BYTES = 8;

/** EFD_CLOEXEC | EFD_NONBLOCK of sys/eventfd.h: no child inherits it, and no write to it ever waits. */
const EVENTFD_FLAGS = 0o2000000 | 0o4000;

/**
 * Asks a device for something. The buffer is read and written in place.
 * @returns what the device answered, 0 or more.
 * @throws an Error with `code` ("EBUSY"), `errno` (negative, as Node's) and `syscall`.
 */
export function ioctl(fd: number, request: number, argument: Buffer | number): number {
  const answer: number =
    typeof argument === "number"
      ? ioctlWithNumber(fd, request, argument)
      : ioctlWithBuffer(fd, request, argument);
  if (answer < 0) throw systemError("ioctl");
  return answer;
}

/**
 * Waits until one of the descriptors can be read or has ended, blocking this thread.
 * @param timeoutMs -1 waits for ever.
 * @returns the answered events of each descriptor, 0 where nothing happened; all 0 after the time or a signal.
 */
export function poll(fds: readonly number[], timeoutMs: number): readonly number[] {
  const asked = Buffer.alloc(fds.length * POLLFD_BYTES);
  for (const [index, fd] of fds.entries()) {
    asked.writeInt32LE(fd, index * POLLFD_BYTES);
    asked.writeInt16LE(POLLIN, index * POLLFD_BYTES + 4);
  }
  const answer: number = pollCall(asked, fds.length, timeoutMs);
  if (answer < 0) {
    const error = systemError("poll");
    if (error.code !== "EINTR") throw error;
  }
  return fds.map((_, index) => asked.readInt16LE(index * POLLFD_BYTES + 6));
}

/** A descriptor that becomes readable for good once eight bytes that are no zero are written to it. */
export function eventFd(): number {
  const fd: number = eventFdCall(0, EVENTFD_FLAGS);
  if (fd < 0) throw systemError("eventfd");
  return fd;
}

/** Must be called before anything else that could fail in this thread. */
function systemError(syscall: string): NodeJS.ErrnoException {
  const errno = -koffi.errno();
  const code = getSystemErrorName(errno);
  return Object.assign(new Error(`${code}: ${syscall} failed`), { errno, code, syscall });
}
