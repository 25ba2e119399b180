import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeBackEnd } from "./fake-back-end.fixture.ts";
import { loadFive } from "./five.ts";
import { GpiochipIO } from "./gpiochip-io.ts";
import { IO_CONTRACT } from "./io-contract.suite.ts";
import { openBoard } from "./open-board.ts";
import { CHECK_MS } from "./outputs.ts";
import { WAITING_MAX } from "./replay.ts";

const five = loadFive();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const passes = (ms: number) => vi.advanceTimersByTimeAsync(ms);

const bench = async (options: { isSpaced?: boolean } = {}) => {
  const backEnd = new FakeBackEnd();
  const io = new GpiochipIO({ backEnd, ...options });
  const said: string[] = [];
  io.on("lost", ({ pins, error }) => said.push(`lost ${pins}: ${error.message}`));
  io.on("held", ({ pins }) => said.push(`held ${pins}`));
  const board = await openBoard(five, io);
  const button = async (pin: string, more: object = { isPullup: true }) => {
    const made = new five.Button({ board, pin, ...more });
    const heard: string[] = [];
    for (const event of ["down", "up", "hold"] as const) made.on(event, () => heard.push(event));
    await passes(0);
    return { made, heard };
  };
  return { backEnd, io, board, said, button };
};

describe("the plugin, over any back-end", () => {
  for (const { name, run } of IO_CONTRACT) {
    it(name, async () => {
      const backEnd = new FakeBackEnd();
      await run({
        five,
        backEnd,
        drive: (offset, level) => backEnd.drive(offset, level),
        sense: (offset) => backEnd.shown(offset),
        wait: async (ms) => void (await passes(ms)),
      });
    });
  }
});

describe("presses that come in a burst after a blocked loop", () => {
  const burst = (backEnd: FakeBackEnd, presses: number) => {
    for (let press = 0; press < presses; press += 1) {
      backEnd.drive(4, 0);
      backEnd.drive(4, 1);
    }
  };
  const count = (heard: readonly string[], what: string) => heard.filter((event) => event === what).length;

  it("are all heard: twenty give twenty down and twenty up, in turn", async () => {
    const { backEnd, button } = await bench();
    const { heard } = await button("GPIO4");
    burst(backEnd, 20);
    await passes(1_000);
    expect(heard).toEqual(Array.from({ length: 20 }, () => ["down", "up"]).flat());
  });

  it("would be lost by johnny-five alone: the trap is there", async () => {
    const { backEnd, button } = await bench({ isSpaced: false });
    const { heard } = await button("GPIO4");
    burst(backEnd, 20);
    await passes(1_000);
    expect(count(heard, "down")).toBe(0);
    expect(count(heard, "up")).toBe(1);
  });

  it("are all heard when the loop is blocked again and again while they are told", async () => {
    vi.useRealTimers();
    const { backEnd, io, board } = await bench();
    const heard: string[] = [];
    const button = new five.Button({ board, pin: "GPIO4", isPullup: true });
    button.on("down", () => heard.push("down"));
    button.on("up", () => heard.push("up"));
    await new Promise((resolve) => setTimeout(resolve, 5));
    burst(backEnd, 5);
    const block = setInterval(() => {
      // Longer than spacing and debounce together, so that both timers are late at once.
      const until = performance.now() + 25;
      while (performance.now() < until);
    }, 12);
    try {
      await vi.waitUntil(() => heard.length >= 10, { timeout: 5_000, interval: 20 });
    } finally {
      clearInterval(block);
    }
    expect(heard).toEqual(Array.from({ length: 5 }, () => ["down", "up"]).flat());
    await io.close();
  });

  it("are all heard though the process is stopped just before johnny-five begins to wait", async () => {
    vi.useRealTimers();
    const { backEnd, io, board } = await bench();
    const heard: string[] = [];
    io.pinMode(4, io.MODES.INPUT);
    io.digitalWrite(4, io.HIGH);
    // A listener in front of the Button's stands for a scheduler that gives the time to somebody else.
    io.digitalRead(4, () => {
      const until = performance.now() + 6;
      while (performance.now() < until);
    });
    const button = new five.Button({ board, pin: 4, isPullup: true });
    button.on("down", () => heard.push("down"));
    button.on("up", () => heard.push("up"));
    await new Promise((resolve) => setTimeout(resolve, 5));
    burst(backEnd, 5);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(heard).toEqual(Array.from({ length: 5 }, () => ["down", "up"]).flat());
    await io.close();
  });

  it("carry their own times, at once, whenever they are told", async () => {
    const { backEnd, io, button } = await bench();
    await button("GPIO4");
    const times: bigint[] = [];
    io.on("edge", (edge) => times.push(edge.timestampNs));
    burst(backEnd, 3);
    expect(times).toHaveLength(6);
    expect(times.every((time, index) => index === 0 || time > (times[index - 1] ?? 0n))).toBe(true);
  });

  it("of one key do not hold up another", async () => {
    const { backEnd, button } = await bench();
    await button("GPIO4");
    const other = await button("GPIO5");
    burst(backEnd, 20);
    backEnd.drive(5, 0);
    await passes(7);
    expect(other.heard).toEqual(["down"]);
  });

  it("one over the limit drops one whole press, says so, and leaves no key down", async () => {
    const { backEnd, io, button } = await bench();
    const { made, heard } = await button("GPIO4");
    const dropped = vi.fn();
    io.on("dropped", dropped);
    // The first edge is told at once and does not wait.
    burst(backEnd, WAITING_MAX / 2);
    expect(dropped).not.toHaveBeenCalled();
    burst(backEnd, 1);
    expect(dropped).toHaveBeenCalledExactlyOnceWith({ pin: 4 });
    await passes(2_000);
    expect([count(heard, "down"), count(heard, "up")]).toEqual([WAITING_MAX / 2, WAITING_MAX / 2]);
    expect(made.isDown).toBe(false);
  });

  it("alternate and end at the line's level, whatever edges come, are lost or come twice", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            what: fc.constantFrom("press", "release", "again", "vanish"),
            waitMs: fc.nat({ max: 30 }),
          }),
          { maxLength: 60 },
        ),
        async (happenings) => {
          const { backEnd, io } = await bench();
          const told: number[] = [];
          io.pinMode(4, io.MODES.INPUT);
          io.digitalWrite(4, io.HIGH);
          io.digitalRead(4, (level) => told.push(level));
          await passes(0);
          for (const { what, waitMs } of happenings) {
            if (what === "press") backEnd.drive(4, 0);
            if (what === "release") backEnd.drive(4, 1);
            if (what === "again") backEnd.tellAgain(4);
            if (what === "vanish") backEnd.vanish();
            await passes(waitMs);
          }
          backEnd.drive(4, 1);
          await passes(60_000);
          expect(told.every((level, index) => index === 0 || level !== told[index - 1])).toBe(true);
          expect(told.at(-1) ?? 1).toBe(1);
          await io.close();
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("what johnny-five documents of its parts, on this plugin", () => {
  it("Button: press and release are down and up, value follows", async () => {
    const { backEnd, button } = await bench();
    const { made, heard } = await button("GPIO4");
    const aliases = vi.fn();
    made.on("press", aliases);
    made.on("release", aliases);
    backEnd.drive(4, 0);
    await passes(10);
    expect([heard, made.isDown, made.value]).toEqual([["down"], true, 1]);
    backEnd.drive(4, 1);
    await passes(10);
    expect([heard, made.isDown, made.value]).toEqual([["down", "up"], false, 0]);
    expect(aliases).toHaveBeenCalledTimes(2);
  });

  it("Button: without a pull-up, high is down", async () => {
    const { backEnd, button } = await bench();
    const { heard } = await button("GPIO4", {});
    backEnd.drive(4, 1);
    await passes(10);
    expect(heard).toEqual(["down"]);
    expect(backEnd.inputsAsked).toMatchObject([{ offset: 4, bias: "none" }]);
  });

  it("Button: a pull-down is asked of the line, and high is down", async () => {
    const { backEnd, button } = await bench();
    const { heard } = await button("GPIO4", { isPulldown: true });
    backEnd.drive(4, 1);
    await passes(10);
    expect(heard).toEqual(["down"]);
    expect(backEnd.inputsAsked).toMatchObject([{ bias: "pull-down" }]);
  });

  it("Button: hold repeats every holdtime until the release", async () => {
    const { backEnd, button } = await bench();
    const { heard } = await button("GPIO4", { isPullup: true, holdtime: 200 });
    backEnd.drive(4, 0);
    await passes(650);
    expect(heard).toEqual(["down", "hold", "hold", "hold"]);
    backEnd.drive(4, 1);
    await passes(1_000);
    expect(heard).toEqual(["down", "hold", "hold", "hold", "up"]);
  });

  it("Button: `invert` turns both round, and says nothing at the start either", async () => {
    const { backEnd, button } = await bench();
    const { made, heard } = await button("GPIO4", { invert: true });
    await passes(600);
    expect(heard).toEqual([]);
    backEnd.drive(4, 1);
    await passes(10);
    backEnd.drive(4, 0);
    await passes(10);
    expect([heard, made.isDown]).toEqual([["down"], true]);
  });

  it("Led: blink toggles at its interval until stop, which leaves it as it is", async () => {
    const { backEnd, board } = await bench();
    const led = new five.Led({ board, pin: "GPIO12" });
    led.blink(100);
    await passes(350);
    expect([led.isRunning, led.isOn, backEnd.shown(12)]).toEqual([true, true, 1]);
    led.stop();
    await passes(1_000);
    expect([led.isRunning, led.isOn, backEnd.shown(12)]).toEqual([false, true, 1]);
  });

  it("Led: on its own it is the first key's lamp, and any of a line's names will do", async () => {
    const { backEnd, board } = await bench();
    new five.Led({ board } as never).on();
    new five.Led({ board, pin: 13 }).on();
    new five.Led({ board, pin: "P1-36" }).on();
    await passes(0);
    expect(backEnd.high()).toEqual([12, 13, 16]);
  });

  it("Led: `isAnode` throws on a digital line, so a lamp lit by low needs its line turned round, not its Led", async () => {
    const { board } = await bench();
    const led = new five.Led({ board, pin: "GPIO12", isAnode: true });
    expect(() => led.on()).toThrow("not a valid PWM pin");
  });

  it("Led: what needs brightness throws on a digital line", async () => {
    const { board } = await bench();
    const led = new five.Led({ board, pin: "GPIO12" }) as unknown as { brightness: (level: number) => void };
    expect(() => led.brightness(128)).toThrow("not a valid PWM pin");
  });

  it("Relay: open, close and toggle turn round by type; isClosed and value follow", async () => {
    const { backEnd, board } = await bench();
    const open = new five.Relay({ board, pin: "GPIO16" });
    const closed = new five.Relay({ board, pin: "GPIO17", type: "NC" });
    expect([open.type, closed.type]).toEqual(["NO", "NC"]);
    const states = () => [open.isClosed, open.value, backEnd.shown(16), closed.isClosed, backEnd.shown(17)];
    open.open();
    closed.open();
    await passes(0);
    expect(states()).toEqual([false, 0, 0, false, 1]);
    open.toggle();
    closed.toggle();
    expect(states()).toEqual([true, 1, 1, true, 0]);
    open.toggle();
    closed.toggle();
    expect(states()).toEqual([false, 0, 0, false, 1]);
  });
});

describe("a key that is down before anybody looked", () => {
  it("says nothing, however long; its release says nothing either", async () => {
    const { backEnd, button } = await bench();
    backEnd.drive(4, 0);
    const { heard } = await button("GPIO4");
    await passes(5_000);
    backEnd.drive(4, 1);
    await passes(5_000);
    expect(heard).toEqual([]);
  });

  it("after its line was lost says nothing; one let go meanwhile is up", async () => {
    const { backEnd, button, said } = await bench();
    const { heard } = await button("GPIO4");
    backEnd.drive(4, 0);
    await passes(100);
    backEnd.vanish();
    backEnd.drive(4, 1);
    await passes(1_000);
    // Until the line was back nobody could know.
    expect(heard).toEqual(["down", "hold", "up"]);
    backEnd.vanish();
    backEnd.drive(4, 0);
    await passes(5_000);
    expect(heard).toEqual(["down", "hold", "up"]);
    expect(said).toEqual([
      "held 4",
      "lost 4: ENODEV: the chip is gone",
      "held 4",
      "lost 4: ENODEV: the chip is gone",
      "held 4",
    ]);
  });
});

describe("lines asked for and lost", () => {
  it("in one turn are taken in one request, those of another turn in another", async () => {
    const { backEnd, io } = await bench();
    for (const pin of [12, 13]) io.pinMode(pin, io.MODES.OUTPUT);
    io.digitalWrite(16, 1);
    await passes(0);
    io.pinMode(17, io.MODES.OUTPUT);
    await passes(0);
    expect(backEnd.requests).toEqual([{ 12: 0, 13: 0, 16: 1 }, { 17: 0 }]);
  });

  it("are written together where they are set together, and only where they change", async () => {
    const { backEnd, io } = await bench();
    for (const pin of [12, 13, 16]) io.pinMode(pin, io.MODES.OUTPUT);
    await passes(0);
    io.together(() => {
      io.digitalWrite(12, 1);
      io.together(() => io.digitalWrite(13, 1));
      io.digitalWrite(16, 0);
    });
    io.digitalWrite(13, 1);
    expect(backEnd.writes).toEqual([{ 12: 1, 13: 1 }]);
  });

  it("are asked for again, more and more slowly, and start with the levels wanted by then", async () => {
    const { backEnd, io, said } = await bench();
    backEnd.refuses = new Error("EBUSY: line 12 is held by another program");
    io.digitalWrite(12, 1);
    await passes(10_000);
    io.digitalWrite(12, 0);
    io.digitalWrite(12, 1);
    expect(said).toEqual(["lost 12: EBUSY: line 12 is held by another program"]);
    backEnd.refuses = null;
    await passes(30_000);
    expect(said).toHaveLength(2);
    expect(backEnd.requests).toEqual([{ 12: 1 }]);
    expect(io.areOutputsHeld()).toBe(true);
  });

  it("are found out by a write that fails, and nothing throws at whoever wrote", async () => {
    const { backEnd, io, said } = await bench();
    io.pinMode(12, io.MODES.OUTPUT);
    await passes(0);
    backEnd.vanishSilently();
    io.digitalWrite(12, 1);
    expect(io.areOutputsHeld()).toBe(false);
    expect(said).toEqual(["held 12", "lost 12: ENODEV: the chip is gone"]);
    backEnd.vanishSilently(false);
    await passes(500);
    expect([io.areOutputsHeld(), backEnd.shown(12)]).toEqual([true, 1]);
  });

  it("are found out though nothing changes, by writing now and then what is shown", async () => {
    const { backEnd, io, said } = await bench();
    io.digitalWrite(12, 1);
    await passes(0);
    backEnd.vanishSilently();
    await passes(CHECK_MS);
    expect(said).toEqual(["held 12", "lost 12: ENODEV: the chip is gone"]);
    expect(io.areOutputsHeld()).toBe(false);
  });

  it("that come and go are asked for ever more slowly, not told as often as they flap", async () => {
    const { backEnd, io, said } = await bench();
    io.pinMode(12, io.MODES.OUTPUT);
    await passes(0);
    for (let second = 0; second < 600; second += 1) {
      backEnd.vanish();
      await passes(1_000);
    }
    expect(said.length).toBeLessThan(70);
    await passes(60_000);
    expect(io.areOutputsHeld()).toBe(true);
  });

  it("lost errors reach the board's listener and end no process", async () => {
    const { backEnd, io, board } = await bench();
    const heard = vi.fn();
    board.on("error", heard);
    io.pinMode(12, io.MODES.OUTPUT);
    await passes(0);
    backEnd.vanish();
    expect(heard).toHaveBeenCalledOnce();
  });

  it("that arrive after the end are let go", async () => {
    const { backEnd, io } = await bench();
    io.digitalWrite(12, 1);
    await Promise.resolve();
    await io.close();
    await passes(60_000);
    expect(backEnd.shown(12)).toBeNull();
  });
});

describe("what is refused, with a reason", () => {
  it.each([
    "analogRead",
    "analogWrite",
    "servoWrite",
    "i2cConfig",
    "i2cWrite",
    "i2cRead",
    "i2cReadOnce",
  ] as const)("%s", async (what) => {
    const { io } = await bench();
    expect(() => io[what]()).toThrow(`unsupported: ${what}`);
  });

  it("modes that a line of the header has not", async () => {
    const { io } = await bench();
    for (const mode of [io.MODES.ANALOG, io.MODES.PWM, io.MODES.SERVO]) {
      expect(() => io.pinMode(12, mode)).toThrow("unsupported");
    }
  });

  it("turning round a line in use, either way", async () => {
    const { io } = await bench();
    io.pinMode(12, io.MODES.OUTPUT);
    expect(() => io.digitalRead(12, () => undefined)).toThrow("GPIO12 is an output in use");
    io.digitalRead(4, () => undefined);
    expect(() => io.pinMode(4, io.MODES.OUTPUT)).toThrow("GPIO4 is an input in use");
    expect(() => io.digitalWrite(4, io.HIGH)).toThrow("set its pull before reading it");
  });

  it("pins that are no lines, by name", async () => {
    const { io, board } = await bench();
    for (const pin of ["P1-1", "P1-6", "P1-41", "GPIO28", "A0", "", -1, 1.5, Number.NaN]) {
      expect(() => io.normalize(pin), String(pin)).toThrow(RangeError);
      expect(() => new five.Led({ board, pin })).toThrow("no line of the header");
    }
  });
});
