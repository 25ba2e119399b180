import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import koffi from "koffi";
import { afterEach, describe, expect, it } from "vitest";
import { openServiceManager, type ServiceManager, STATUS_CHARACTERS_MAX, socketAddress } from "./notify.ts";

const libc = koffi.load("libc.so.6");
const socket = libc.func("int socket(int, int, int)");
const bind = libc.func("int bind(int, const void *, unsigned int)");
const recv = libc.func("long recv(int, void *, unsigned long, int)");
const closeDescriptor = libc.func("int close(int)");

const folders: string[] = [];
const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function pathName(): string {
  const folder = mkdtempSync(join(tmpdir(), "notify-"));
  folders.push(folder);
  return join(folder, "socket");
}

const abstractName = () => `@faccine-${randomUUID()}`;

/** A service manager's end of the socket: what it was told, oldest first, and whether there is more is not waited for. */
function managerAt(name: string): () => string[] {
  const descriptor: number = socket(1, 2, 0);
  const address = socketAddress(name);
  expect(bind(descriptor, address, address.length)).toBe(0);
  closers.push(() => closeDescriptor(descriptor));
  return () => {
    const heard: string[] = [];
    const buffer = Buffer.alloc(4_096);
    for (;;) {
      const length = Number(recv(descriptor, buffer, buffer.length, 0x40));
      if (length < 0) return heard;
      heard.push(buffer.toString("utf8", 0, length));
    }
  };
}

async function open(env: Record<string, string | undefined>, pid = process.pid): Promise<ServiceManager> {
  const manager = await openServiceManager(env, pid);
  closers.push(manager.close);
  return manager;
}

describe.each([
  ["a path", pathName],
  ["an abstract name", abstractName],
])("a service manager at %s", (_, makeName) => {
  it("hears every word as it is said", async () => {
    const name = makeName();
    const heard = managerAt(name);
    const manager = await open({ NOTIFY_SOCKET: name });
    manager.status("opening the journal");
    manager.ready();
    manager.feed();
    manager.stopping();
    expect(heard()).toEqual(["STATUS=opening the journal", "READY=1", "WATCHDOG=1", "STOPPING=1"]);
  });
});

describe("a status", () => {
  it("cannot say anything but itself, and is cut", async () => {
    const name = abstractName();
    const heard = managerAt(name);
    const manager = await open({ NOTIFY_SOCKET: name });
    manager.status("fine\nWATCHDOG=1");
    manager.status("x".repeat(STATUS_CHARACTERS_MAX + 1));
    expect(heard()).toEqual(["STATUS=fine WATCHDOG=1", `STATUS=${"x".repeat(STATUS_CHARACTERS_MAX)}`]);
  });
});

describe("a manager that does not listen", () => {
  it("makes nobody wait, and hears what it missed with the next word", async () => {
    const name = abstractName();
    const manager = await open({ NOTIFY_SOCKET: name });
    manager.ready();
    manager.status("first");
    manager.status("second");
    const heard = managerAt(name);
    manager.feed();
    manager.feed();
    expect(heard()).toEqual(["READY=1\nSTATUS=second\nWATCHDOG=1", "WATCHDOG=1"]);
  });

  it("makes nobody wait when its queue is full", async () => {
    const name = abstractName();
    const heard = managerAt(name);
    const manager = await open({ NOTIFY_SOCKET: name });
    // More than any kernel's net.unix.max_dgram_qlen holds by default (10, or 512 under systemd).
    for (let times = 0; times < 1_000; times++) manager.feed();
    manager.stopping();
    expect(heard().length).toBeLessThan(1_000);
    manager.feed();
    expect(heard().at(-1)).toContain("STOPPING=1");
  });

  it("is not spoken to once this end is closed", async () => {
    const name = abstractName();
    const heard = managerAt(name);
    const manager = await open({ NOTIFY_SOCKET: name });
    manager.close();
    manager.close();
    manager.feed();
    expect(heard()).toEqual([]);
  });
});

describe("without a manager", () => {
  it.each([{}, { NOTIFY_SOCKET: "" }])("every word is said to nobody: %j", async (env) => {
    const manager = await open({ ...env, WATCHDOG_USEC: "30000000" });
    manager.ready();
    manager.status("fine");
    manager.feed();
    manager.stopping();
    expect(manager.watchdogMs).toBeNull();
  });
});

describe("the watchdog's time", () => {
  const asked = async (env: Record<string, string>) =>
    (await open({ NOTIFY_SOCKET: abstractName(), ...env }, 4_711)).watchdogMs;

  it.each<[Record<string, string>, number | null]>([
    [{ WATCHDOG_USEC: "30000000" }, 30_000],
    [{ WATCHDOG_USEC: "30000000", WATCHDOG_PID: "4711" }, 30_000],
    [{ WATCHDOG_USEC: "30000000", WATCHDOG_PID: "4712" }, null],
    [{ WATCHDOG_USEC: "1" }, 1],
    [{ WATCHDOG_USEC: "0" }, null],
    [{ WATCHDOG_USEC: "soon" }, null],
    [{}, null],
  ])("%j is %s", async (env, ms) => {
    expect(await asked(env)).toBe(ms);
  });
});

describe("an address", () => {
  it.each(["vsock:2:1234", "socket", "./socket"])(
    "%s cannot be spoken to: the start says so",
    async (name) => {
      await expect(open({ NOTIFY_SOCKET: name })).rejects.toThrow(/^NOTIFY_SOCKET=.*: must be a path/);
    },
  );

  it("holds 107 bytes of either kind, and one more is refused", () => {
    for (const first of ["/", "@"]) {
      expect(socketAddress(first + "x".repeat(106)).length).toBeLessThanOrEqual(110);
      expect(() => socketAddress(first + "x".repeat(108))).toThrow(/longer than the 108 bytes/);
    }
  });

  it("of any name is its family and the name, and ends as its kind does", () => {
    fc.assert(
      fc.property(fc.constantFrom("/", "@"), fc.stringMatching(/^[\x21-\x7e]{0,106}$/), (first, rest) => {
        const address = socketAddress(first + rest);
        expect([address[0], address[1]]).toEqual([1, 0]);
        const expected = first === "@" ? `\0${rest}` : `/${rest}\0`;
        expect(address.subarray(2).toString("latin1")).toBe(expected);
      }),
    );
  });
});

it("a program says it in its own name, and its children inherit none of it", async () => {
  const name = abstractName();
  const heard = managerAt(name);
  const program = `
    import { execFileSync } from "node:child_process";
    import { openServiceManager } from "${import.meta.dirname}/notify.ts";
    const manager = await openServiceManager(process.env, process.pid);
    manager.ready();
    process.stdout.write(execFileSync("env", { encoding: "utf8" }));
  `;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module-typescript", "-e", program],
    { env: { PATH: process.env["PATH"], NOTIFY_SOCKET: name, WATCHDOG_USEC: "1", WATCHDOG_PID: "1" } },
  );
  expect(heard()).toEqual(["READY=1"]);
  expect(stdout).toMatch(/^PATH=/m);
  expect(stdout).not.toMatch(/NOTIFY_SOCKET|WATCHDOG/);
});
