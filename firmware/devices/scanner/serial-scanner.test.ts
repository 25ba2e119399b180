import { readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { SerialPortMock } from "serialport";
import { afterEach, describe, expect, it } from "vitest";
import { openPty } from "./pty.fixture.ts";
import { SCANNER_CONTRACT } from "./scanner-contract.fixture.ts";
import { type ScannerOnPty, scannerOnPty } from "./serial-scanner.fixture.ts";
import { openSerialScanner } from "./serial-scanner.ts";

let open: ScannerOnPty[] = [];
afterEach(async () => {
  for (const on of open) await on.close();
  open = [];
});

async function onPty(...parameters: Parameters<typeof scannerOnPty>) {
  const on = await scannerOnPty(...parameters);
  open.push(on);
  return on;
}

/** A clock that stands still: no pause ends a code, however slow the machine is. */
const NO_PAUSES = { nowMs: () => 0 };

describe("a scanner on a serial line of the kernel", () => {
  for (const { name, run } of SCANNER_CONTRACT) it(name, async () => run(await onPty()));

  it("is ready as soon as it is opened, and says in the log where", async () => {
    const { scanner, log, folders } = await onPty();
    expect(scanner.isReady()).toBe(true);
    expect(log).toEqual([
      {
        event: "scanner-opened",
        fields: { path: join(folders.serial, "usb-Lab_Scanner-if00"), baudRate: 9_600 },
      },
    ]);
  });

  it("without a terminator is understood after a pause", async () => {
    const { line, events, until } = await onPty();
    line().send("ABC");
    await until(() => events.length === 1);
    expect(events).toEqual([{ type: "scanned", text: "ABC" }]);
  });

  it("that comes later is found, and its absence is logged once", async () => {
    const { scanner, log, plug, until } = await onPty({}, false);
    expect(scanner.isReady()).toBe(false);
    await until(() => log.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(log.map(({ event }) => event)).toEqual(["scanner-not-found"]);
    await plug();
    await until(() => scanner.isReady());
  });

  it("unplugged in the middle of a code two hundred times tells no half code and leaves no descriptor", async () => {
    const { line, events, plug, unplug, until, scanner } = await onPty({}, true, {
      waitMs: () => 1,
      ...NO_PAUSES,
    });
    const before = readdirSync("/proc/self/fd").length;
    for (let round = 0; round < 200; round += 1) {
      line().send("F1HALFACODE");
      // Now and then the half code is read before the plug is out, now and then while it is pulled.
      if (round % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 3));
      if (round % 3 === 1) await new Promise((resolve) => setImmediate(resolve));
      unplug();
      await plug();
      await until(() => events.length === 2 * round + 2 && scanner.isReady());
    }
    expect(events.filter(({ type }) => type === "scanned")).toEqual([]);
    expect(readdirSync("/proc/self/fd").length).toBeLessThanOrEqual(before + 2);
    line().send("ABC\r");
    await until(() => events.at(-1)?.type === "scanned");
  });

  it("keeps no more than a code's length of a line that never stops talking", async () => {
    const { line, events, until } = await onPty({}, true, NO_PAUSES);
    const garbage = Buffer.alloc(1_024, "x");
    for (let sent = 0; sent < 2_000; ) {
      if (line().send(garbage)) sent += 1;
      else await new Promise((resolve) => setImmediate(resolve));
    }
    while (!line().send("\r")) await new Promise((resolve) => setImmediate(resolve));
    await until(() => events.length === 1);
    line().send("ABC\r");
    await until(() => events.length === 2);
    expect(events[0]?.type).toBe("overlong");
    expect(events[1]).toEqual({ type: "scanned", text: "ABC" });
  });
});

describe("what keeps a scanner from being opened is said", () => {
  it("when several devices are there and none is named", async () => {
    const on = await onPty({}, false);
    for (const name of ["usb-B", "usb-A"]) symlinkSync(on.line().path, join(on.folders.serial, name));
    await on.until(() => on.log.length === 2);
    expect(on.log[1]?.fields["kind"]).toBe("several");
    expect(on.log[1]?.fields["message"]).toMatch(/2 serial devices .*: usb-A, usb-B\. .*scanner\.path/);
  });

  it("when another program holds it", async () => {
    const first = await onPty();
    const second = await onPty({ path: first.line().path });
    expect(second.scanner.isReady()).toBe(false);
    expect(second.log[0]?.fields).toMatchObject({ kind: "busy" });
    await first.scanner.close();
    await second.until(() => second.scanner.isReady());
  });

  it("when it is no serial port at all", async () => {
    const on = await onPty({ path: "/dev/null" });
    expect(on.log[0]?.fields).toMatchObject({ kind: "not-opened" });
  });
});

describe("a GM65 on the line", () => {
  const reply = (value: number, crc: readonly [number, number]) => Buffer.from([2, 0, 0, 1, value, ...crc]);
  const OK = reply(0, [0x33, 0x31]);

  it("is asked at its opening, set where needed, and read meanwhile with its replies glued to codes", async () => {
    const on = await onPty({ family: "gm65" }, false);
    const asked: string[] = [];
    on.line().onReceived((bytes) => {
      asked.push(bytes.toString("hex"));
      // Mode: by a key (0xd4). Its end of codes: CR (0x00). The CRC as modules send it.
      const answers = [reply(0xd4, [0x33, 0x31]), OK, OK];
      on.line().send(
        Buffer.concat([
          Buffer.from(`F1${asked.length}31`),
          answers[asked.length - 1] ?? OK,
          Buffer.from("0031\r"),
        ]),
      );
    });
    await on.plug();
    await on.until(() => on.events.length === 4);
    expect(asked.map((hex) => hex.slice(0, 14))).toEqual([
      "7e000701000001",
      "7e0008010000d6",
      "7e000701006001",
    ]);
    expect(on.events.slice(1)).toEqual([
      { type: "scanned", text: "F11310031" },
      { type: "scanned", text: "F12310031" },
      { type: "scanned", text: "F13310031" },
    ]);
    expect(on.log.filter(({ event }) => event === "scanner-setting")).toEqual([]);
  });

  it("that does not answer is said in the log and read all the same", async () => {
    const on = await onPty({ family: "gm65" });
    on.line().send("ABC\r");
    await on.until(() => on.log.some(({ event }) => event === "scanner-setting"));
    expect(on.log.at(-1)?.fields).toEqual({ name: "reading-mode", result: "silent" });
    expect(on.events).toEqual([{ type: "scanned", text: "ABC" }]);
  });

  it("unplugged while it is being installed says so to whoever installs it", async () => {
    const on = await onPty({ family: "de2120" });
    const installing = on.scanner.install();
    on.unplug();
    await expect(installing).rejects.toThrow(/unplugged/);
    await expect(on.scanner.install()).rejects.toThrow(/not plugged in/);
  });
});

describe("on serialport's own mock", () => {
  it("codes come out and an unplugging is told", async () => {
    const path = "/dev/null";
    SerialPortMock.binding.createPort(path, { record: true });
    const ports: SerialPortMock[] = [];
    const scanner = await openSerialScanner({
      settings: { path, family: "generic", baudRate: 9_600 },
      nowMs: () => performance.now(),
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      makePort: (options) => {
        const port = new SerialPortMock({ ...options, autoOpen: false });
        ports.push(port);
        return port;
      },
    });
    const events: string[] = [];
    scanner.onEvent((event) => events.push(event.type));
    ports[0]?.port?.emitData(Buffer.from("ABC\r"));
    await expect.poll(() => events).toEqual(["scanned"]);
    ports[0]?._disconnected(new Error("pulled"));
    await expect.poll(() => events).toEqual(["scanned", "unplugged", "plugged"]);
    await scanner.close();
    SerialPortMock.binding.reset();
  });
});

it("a line that is opened and closed is free again", () => {
  const line = openPty();
  line.unplug();
  expect(line.send("ABC")).toBe(false);
});
