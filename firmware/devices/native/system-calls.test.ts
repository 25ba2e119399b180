import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { eventFd, ioctl, POLLIN, POLLNVAL, poll } from "./system-calls.ts";

/** FIONREAD of asm-generic/ioctls.h: how many bytes wait to be read. */
const FIONREAD = 0x541b;
/** TCGETS: asks a terminal for its settings. */
const TCGETS = 0x5401;

function wake(fd: number): void {
  const one = Buffer.alloc(8);
  one.writeBigUInt64LE(1n);
  writeSync(fd, one);
}

describe("ioctl", () => {
  it("writes the device's answer into the buffer", () => {
    const fd = openSync("/etc/passwd", "r");
    const waiting = Buffer.alloc(4);
    expect(ioctl(fd, FIONREAD, waiting)).toBe(0);
    closeSync(fd);
    expect(waiting.readInt32LE()).toBeGreaterThan(0);
  });

  it("says what went wrong as Node's own calls do", () => {
    const fd = openSync("/dev/null", "r");
    try {
      expect(() => ioctl(fd, TCGETS, Buffer.alloc(64))).toThrow(
        expect.objectContaining({ code: "ENOTTY", errno: -25, syscall: "ioctl" }),
      );
    } finally {
      closeSync(fd);
    }
  });

  it("says so when the descriptor is not open, with a number as argument too", () => {
    expect(() => ioctl(9_999, FIONREAD, Buffer.alloc(4))).toThrow(expect.objectContaining({ code: "EBADF" }));
    expect(() => ioctl(9_999, FIONREAD, 1)).toThrow(expect.objectContaining({ code: "EBADF" }));
  });
});

describe("poll", () => {
  it("answers nothing when the time is over", () => {
    const fd = eventFd();
    expect(poll([fd], 0)).toEqual([0]);
    closeSync(fd);
  });

  it("tells which of the descriptors can be read", () => {
    const quiet = eventFd();
    const woken = eventFd();
    wake(woken);
    expect(poll([quiet, woken], -1)).toEqual([0, POLLIN]);
    closeSync(quiet);
    closeSync(woken);
  });

  it("tells a descriptor that is not open", () => {
    expect(poll([9_999], -1)).toEqual([POLLNVAL]);
  });
});

describe("eventFd", () => {
  it("never makes its writer wait, however often it is woken", () => {
    const fd = eventFd();
    for (let times = 0; times < 1_000; times++) wake(fd);
    expect(poll([fd], 0)).toEqual([POLLIN]);
    closeSync(fd);
  });

  it("is not inherited by children", () => {
    const fd = eventFd();
    const flags = /^flags:\s+(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, "utf8"))?.[1] ?? "0";
    closeSync(fd);
    expect(Number.parseInt(flags, 8) & 0o2000000).toBe(0o2000000);
  });
});
