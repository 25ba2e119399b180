import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { loadFive } from "./five.ts";

const lock = JSON.parse(readFileSync(new URL("../../../package-lock.json", import.meta.url), "utf8")) as {
  packages: Record<string, { version?: string; name?: string }>;
};

/** Runs a program of its own: what johnny-five does to a process must be seen in a fresh one. */
const run = (program: string): string =>
  execFileSync(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: new URL("../../..", import.meta.url),
    encoding: "utf8",
    timeout: 30_000,
  });

describe("johnny-five", () => {
  it("is used in its own parts, not in copies", () => {
    const whole = createRequire(import.meta.url)("johnny-five") as Record<string, unknown>;
    expect(whole).toMatchObject(loadFive());
  });

  it("brings no second serialport: the lock holds exactly one, and the real Firmata not at all", () => {
    const names = Object.keys(lock.packages);
    expect(names.filter((name) => /(^|\/)node_modules\/serialport$/.test(name))).toEqual([
      "node_modules/serialport",
    ]);
    expect(lock.packages["node_modules/serialport"]?.version).toMatch(/^13\./);
    expect(
      names.filter((name) => name.startsWith("node_modules/johnny-five/node_modules/serialport")),
    ).toEqual([]);
    expect(names).not.toContain("node_modules/johnny-five/node_modules/firmata");
    expect(lock.packages["node_modules/firmata"]?.name).toBe("firmata-io");
    expect(lock.packages["node_modules/johnny-five"]?.version).toBe("2.1.0");
  });

  it("loads no serialport, no compiled addon, prints nothing and handles no signal", () => {
    const said = run(`
      import { createRequire } from "node:module";
      const { loadFive } = await import("./firmware/devices/johnny-five/five.ts");
      const { GpiochipIO } = await import("./firmware/devices/johnny-five/gpiochip-io.ts");
      const { openBoard } = await import("./firmware/devices/johnny-five/open-board.ts");
      const nobody = () => Promise.reject(new Error("absent"));
      const io = new GpiochipIO({ backEnd: { takeOutputs: nobody, takeInput: nobody } });
      const five = loadFive();
      const board = await openBoard(five, io);
      new five.Led({ board, pin: "GPIO12" }).on();
      new five.Button({ board, pin: "GPIO4", isPullup: true });
      await new Promise((resolve) => setTimeout(resolve, 20));
      const { cache } = createRequire(import.meta.url);
      const loaded = Object.keys(cache);
      const signals = process.eventNames().filter((name) => String(name).startsWith("SIG"));
      const unwanted = loaded.filter((path) => /serialport|firmata|nanotimer|\\.node$/.test(path));
      console.log(JSON.stringify({ unwanted, signals }));
      await io.close();
    `);
    expect(JSON.parse(said)).toEqual({ unwanted: [], signals: [] });
    expect(said.trim().split("\n")).toHaveLength(1);
  });

  it("would print and take SIGINT if a board were made its own way: the trap is there", () => {
    const said = run(`
      const { loadFive } = await import("./firmware/devices/johnny-five/five.ts");
      const { GpiochipIO } = await import("./firmware/devices/johnny-five/gpiochip-io.ts");
      const nobody = () => Promise.reject(new Error("absent"));
      const { Board } = loadFive();
      const board = new Board({
        io: new GpiochipIO({ backEnd: { takeOutputs: nobody, takeInput: nobody } }),
        repl: false,
      });
      board.once("ready", () => console.log(process.listenerCount("SIGINT") + " SIGINT"));
    `);
    expect(said).toContain("gpiochip");
    expect(said).toContain("1 SIGINT");
  });
});
