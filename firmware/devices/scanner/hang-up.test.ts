import { SerialPort } from "serialport";
import { describe, expect, it } from "vitest";
import { type MakePort, makeRealPort } from "./open-port.ts";
import { openPty } from "./pty.fixture.ts";

const ROUNDS = 20;

/** Pulls the plug while the port is reading, some times; says how often its end was noticed. */
async function endsNoticed(make: MakePort): Promise<number> {
  let noticed = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const line = openPty();
    const port = make({ path: line.path, baudRate: 9_600 });
    const closed = new Promise<boolean>((resolve) => port.once("close", () => resolve(true)));
    port.on("error", () => undefined);
    port.on("data", () => line.unplug());
    await new Promise((resolve) => port.open(resolve));
    line.send("HALFACODE");
    const inTime = await Promise.race([closed, new Promise<boolean>((r) => setTimeout(() => r(false), 400))]);
    if (inTime) noticed += 1;
    else port.close(() => undefined);
  }
  return noticed;
}

describe("a plug pulled while its port is being read", () => {
  it("is noticed every time", async () => {
    expect(await endsNoticed(makeRealPort)).toBe(ROUNDS);
  });

  it("is not, with the library's own reading", async () => {
    const plain: MakePort = (options) => new SerialPort({ ...options, autoOpen: false });
    expect(await endsNoticed(plain)).toBeLessThan(ROUNDS);
  });
});
