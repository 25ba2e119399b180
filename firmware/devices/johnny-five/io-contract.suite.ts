/**
 * What the plugin must do over any back-end: run here over the fake, and over a kernel's simulated chip where there is
 * one. A plain list, so that it needs no test runner; each case has lines of its own that nothing else has touched.
 */
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { Level } from "../line-level.ts";
import type { Five, FiveBoard } from "./five.ts";
import { GpiochipIO } from "./gpiochip-io.ts";
import { openBoard } from "./open-board.ts";
import type { PinBackEnd } from "./pin-back-end.ts";

export type IoContractContext = {
  readonly five: Five;
  readonly backEnd: PinBackEnd;
  /** Drives a line from outside, as a switch does. */
  readonly drive: (offset: number, level: Level) => void | Promise<void>;
  /** What an output's line is at, seen from outside. */
  readonly sense: (offset: number) => Level | null | Promise<Level | null>;
  /** Lets so much time pass. */
  readonly wait: (ms: number) => Promise<void>;
};

export type IoContractCase = {
  readonly name: string;
  readonly run: (context: IoContractContext) => Promise<void>;
};

type Bench = IoContractContext & { readonly io: GpiochipIO; readonly board: FiveBoard };

/** How long any back-end may need until outputs are held, and longer than any edge takes that must not come. */
const SETTLE_MS = 100;

/** A thread that reads edges starts late on a busy machine; the kernel keeps them meanwhile. */
const PATIENCE_MS = 60_000;

/** More than anybody presses while a loop is blocked. */
const PRESSES = 20;

/** Longer than a simulated chip's tick, after which it tells the next edge. */
const BLOCK_MS = 4;

function blockLoop(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Waits until both are equal; the last difference is the error. */
async function comesTo({ wait }: IoContractContext, actual: () => unknown, expected: unknown): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += 20) {
    try {
      assert.deepEqual(actual(), expected);
      return;
    } catch (error) {
      if (waitedMs >= PATIENCE_MS) throw error;
    }
    await wait(20);
  }
}

const onABoard = (name: string, run: (bench: Bench) => Promise<void>): IoContractCase => ({
  name,
  run: async (context) => {
    const io = new GpiochipIO({ backEnd: context.backEnd });
    try {
      await run({ ...context, io, board: await openBoard(context.five, io) });
    } finally {
      await io.close();
    }
  },
});

export const IO_CONTRACT: readonly IoContractCase[] = [
  onABoard("is what johnny-five asks of an IO plugin", async ({ io }) => {
    assert.ok(io instanceof EventEmitter);
    assert.ok(io.isReady);
    assert.deepEqual(io.MODES, { INPUT: 0, OUTPUT: 1, ANALOG: 2, PWM: 3, SERVO: 4 });
    assert.ok(Object.isFrozen(io.MODES));
    assert.deepEqual([io.HIGH, io.LOW], [1, 0]);
    assert.ok(!["Firmata", "Mock"].includes(io.name));
    assert.deepEqual(io.analogPins, []);
    for (const pin of io.pins) assert.deepEqual(pin.supportedModes, [io.MODES.INPUT, io.MODES.OUTPUT]);
    assert.notEqual(io.pins[io.defaultLed], undefined);
  }),

  onABoard("a Led is off at first, on when told, and off again", async ({ five, board, sense, wait }) => {
    const led = new five.Led({ board, pin: "GPIO12" });
    await wait(SETTLE_MS);
    assert.equal(await sense(12), 0);
    led.on();
    assert.equal(await sense(12), 1, "written within the call");
    assert.equal(led.isOn, true);
    led.toggle();
    assert.equal(await sense(12), 0);
    assert.equal(led.isOn, false);
  }),

  onABoard("a Led told before its line is held is lit as soon as it is", async (bench) => {
    new bench.five.Led({ board: bench.board, pin: "P1-33" }).on();
    await bench.wait(SETTLE_MS);
    assert.equal(await bench.sense(13), 1);
  }),

  onABoard("a Relay closes high when normally open, low when normally closed", async (bench) => {
    const { five, board, sense, wait } = bench;
    const open = new five.Relay({ board, pin: "GPIO16" }).close();
    const closed = new five.Relay({ board, pin: "GPIO17", type: "NC" }).close();
    await wait(SETTLE_MS);
    assert.deepEqual([await sense(16), await sense(17)], [1, 0]);
    open.toggle();
    closed.toggle();
    assert.deepEqual([await sense(16), await sense(17)], [0, 1]);
  }),

  onABoard("a Button hears a press and its release", async (bench) => {
    const { five, board, drive, wait } = bench;
    const heard: string[] = [];
    const button = new five.Button({ board, pin: "GPIO4", isPullup: true });
    button.on("down", () => heard.push("down"));
    button.on("up", () => heard.push("up"));
    await drive(4, 1);
    await wait(SETTLE_MS);
    assert.deepEqual(heard, []);
    await drive(4, 0);
    await comesTo(bench, () => [heard, button.isDown], [["down"], true]);
    await drive(4, 1);
    await comesTo(bench, () => [heard, button.isDown], [["down", "up"], false]);
  }),

  onABoard("a Button found pressed says nothing, and works from its release on", async (bench) => {
    const { five, board, drive, wait, io } = bench;
    await drive(5, 0);
    const heard: string[] = [];
    const edges: Level[] = [];
    io.on("edge", ({ level }) => edges.push(level));
    // Without a pull of the line's own: on a simulated chip that would move the line.
    const button = new five.Button({ board, pin: "GPIO5", invert: true });
    for (const event of ["down", "up", "hold"] as const) button.on(event, () => heard.push(event));
    await wait(6 * SETTLE_MS);
    await drive(5, 1);
    await comesTo(bench, () => edges, [1]);
    await wait(SETTLE_MS);
    assert.deepEqual(heard, []);
    await drive(5, 0);
    await comesTo(bench, () => heard[0], "down");
    await drive(5, 1);
    await comesTo(bench, () => heard.filter((event) => event !== "hold"), ["down", "up"]);
  }),

  onABoard("every edge is told at once with the kernel's time, which never runs back", async (bench) => {
    const { io, drive, wait } = bench;
    const edges: { pin: number; level: Level; timestampNs: bigint }[] = [];
    io.on("edge", (edge) => edges.push(edge));
    io.pinMode("GPIO6", io.MODES.INPUT);
    io.digitalWrite("GPIO6", io.HIGH);
    io.digitalRead("GPIO6", () => undefined);
    await wait(SETTLE_MS);
    await drive(6, 0);
    await wait(SETTLE_MS);
    await drive(6, 1);
    const expected = [
      [6, 0],
      [6, 1],
    ];
    await comesTo(bench, () => edges.map(({ pin, level }) => [pin, level]), expected);
    assert.ok((edges[1]?.timestampNs ?? 0n) > (edges[0]?.timestampNs ?? 0n));
  }),

  onABoard("presses in one burst are all heard, as often as the kernel told them", async (bench) => {
    const { five, io, board, drive, wait } = bench;
    const heard: string[] = [];
    const levels: Level[] = [];
    io.on("edge", ({ level }) => levels.push(level));
    const button = new five.Button({ board, pin: "GPIO4", isPullup: true });
    button.on("down", () => heard.push("down"));
    button.on("up", () => heard.push("up"));
    await drive(4, 1);
    await wait(SETTLE_MS);
    for (let press = 0; press < PRESSES; press += 1) {
      for (const level of [0, 1] as const) {
        await drive(4, level);
        // Nothing else gets its turn meanwhile, as when something blocks the loop; the kernel stamps its edges.
        blockLoop(BLOCK_MS);
      }
    }
    await comesTo(bench, () => levels.length, 2 * PRESSES);
    // A kernel reads the level when it comes to handle the edge: on a busy machine it may tell the same one twice.
    const changes = levels.filter((level, index) => level !== (levels[index - 1] ?? 1));
    assert.ok(changes.length >= PRESSES, `only ${changes.length} changes: ${levels.join("")}`);
    await comesTo(
      bench,
      () => heard,
      changes.map((level) => (level === 0 ? "down" : "up")),
    );
  }),

  onABoard("lines set together change together", async ({ io, sense, wait }) => {
    for (const pin of [18, 19, 20]) io.pinMode(pin, io.MODES.OUTPUT);
    await wait(SETTLE_MS);
    io.together(() => {
      for (const pin of [18, 19, 20]) io.digitalWrite(pin, 1);
    });
    assert.deepEqual([await sense(18), await sense(19), await sense(20)], [1, 1, 1]);
  }),

  onABoard("a pull that is asked for is there", async ({ io, wait }) => {
    // Nothing drives these lines: what is read is the pull alone.
    const told: number[] = [];
    for (const [pin, level] of [
      ["GPIO7", 1],
      ["GPIO8", 0],
    ] as const) {
      io.pinMode(pin, io.MODES.INPUT);
      io.digitalWrite(pin, level);
      io.digitalRead(pin, (value) => told.push(value));
    }
    await wait(SETTLE_MS);
    assert.deepEqual(told, []);
  }),

  onABoard("the end leaves every output low and is told once", async ({ five, io, board, sense, wait }) => {
    let ends = 0;
    board.on("close", () => {
      ends += 1;
    });
    const led = new five.Led({ board, pin: "GPIO21" }).on();
    await wait(SETTLE_MS);
    assert.equal(await sense(21), 1);
    await io.close();
    await io.close();
    assert.equal((await sense(21)) ?? 0, 0);
    assert.equal(ends, 1);
    led.off();
    led.on();
  }),
];
