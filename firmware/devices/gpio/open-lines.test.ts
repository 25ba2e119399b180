import { describe, expect, it, vi } from "vitest";
import { lineOffset } from "#hardware/pins.ts";
import { LAMP_PINS } from "#hardware/wiring.ts";
import { fakeChip } from "./fake-chip.fixture.ts";
import type { ChipChoice } from "./find-chip.ts";
import type { GpioSystem } from "./gpio-system.ts";
import { headerPins } from "./header-pins-back-end.ts";
import { type LineEdge, LineError, type OutputLines } from "./lines.ts";
import { gpioBackEnd } from "./open-lines.ts";

const nowMs = () => performance.now();
const LABELLED: ChipChoice = { labels: ["fake-header"], isSettled: true };
const BOARDS_LABELS: ChipChoice = {
  labels: ["pinctrl-rp1", "pinctrl-bcm2711", "pinctrl-bcm2835"],
  isSettled: false,
};

/** Several chips of one machine, each at a path of its own. */
function machine(chips: readonly (readonly [path: string, system: GpioSystem])[]): GpioSystem {
  const owner = new Map<number, { readonly system: GpioSystem; readonly fd: number }>();
  let next = 1_000;
  const add = (system: GpioSystem, fd: number) => {
    owner.set(++next, { system, fd });
    return next;
  };
  const of = (fd: number) => owner.get(fd) ?? { system: GONE, fd };
  return {
    chipPaths: () => chips.map(([path]) => path),
    open: (path) => {
      const system = chips.find(([at]) => at === path)?.[1] ?? GONE;
      return add(system, system.open(system.chipPaths()[0] ?? path));
    },
    close: (fd) => of(fd).system.close(of(fd).fd),
    ioctl: (fd, request, argument) => {
      const answer = of(fd).system.ioctl(of(fd).fd, request, argument);
      // The descriptor of the lines lies in the last 4 of a request's 592 bytes.
      if (typeof argument !== "number" && argument.length === 592) {
        argument.writeInt32LE(add(of(fd).system, argument.readInt32LE(588)), 588);
      }
      return answer;
    },
    readRecords: (reading) => of(reading.fd).system.readRecords({ ...reading, fd: of(reading.fd).fd }),
  };
}

const GONE: GpioSystem = fakeChip({ nowMs }).system;

function failure(ask: () => unknown): LineError {
  try {
    ask();
  } catch (error) {
    if (error instanceof LineError) return error;
    throw error;
  }
  throw new Error("the lines were had");
}

const LAMP = new Map([[12, 0 as const]]);

describe("the header's chip", () => {
  it("is found by its label, whatever its number", () => {
    const header = fakeChip({ nowMs, label: "pinctrl-rp1" });
    const others = [0, 1, 4].map((at) => fakeChip({ nowMs, label: `gpio-brcmstb@${at}`, lineNames: false }));
    for (const place of [0, 1, 2, 3]) {
      const systems = others.map(({ system }) => system).toSpliced(place, 0, header.system);
      const system = machine(systems.map((one, at) => [`/dev/gpiochip${(at * 7) % 11}`, one]));
      const lines = gpioBackEnd(BOARDS_LABELS, system).openOutputs(LAMP);
      expect([...header.outputs()]).toEqual([[12, false]]);
      lines.close();
    }
    for (const chip of [header, ...others]) expect(chip.openFds()).toBe(0);
  });

  it("is found by the names of its lines when no label is known", () => {
    const other = fakeChip({ nowMs, label: "raspberrypi-exp-gpio", lineNames: false });
    const header = fakeChip({ nowMs, label: "pinctrl-of-2030" });
    const system = machine([
      ["/dev/gpiochip0", other.system],
      ["/dev/gpiochip3", header.system],
    ]);
    gpioBackEnd(BOARDS_LABELS, system).openOutputs(LAMP).close();
    expect([other.openFds(), header.openFds()]).toEqual([0, 0]);
  });

  it("is preferred by its label to one that only has the names", () => {
    const named = fakeChip({ nowMs, label: "expander" });
    const header = fakeChip({ nowMs, label: "pinctrl-bcm2711" });
    const system = machine([
      ["/dev/gpiochip0", named.system],
      ["/dev/gpiochip1", header.system],
    ]);
    gpioBackEnd(BOARDS_LABELS, system).openOutputs(LAMP);
    expect([named.outputs().size, header.outputs().size]).toEqual([0, 1]);
    expect(named.openFds()).toBe(0);
  });

  it("is none but the one that the settings name", () => {
    const header = fakeChip({ nowMs, label: "pinctrl-rp1" });
    const error = failure(() =>
      gpioBackEnd({ labels: ["my-expander"], isSettled: true }, header.system).openOutputs(LAMP),
    );
    expect(error).toMatchObject({
      kind: "no-chip",
      message:
        'no GPIO chip labelled "my-expander", only "pinctrl-rp1": correct board.chipLabel in the settings, or leave it out',
    });
    expect(header.openFds()).toBe(0);
  });

  it("that is absent is told with the labels that were seen", () => {
    const other = fakeChip({ nowMs, label: "ftdi", lineNames: false });
    const of = (system: GpioSystem) => failure(() => gpioBackEnd(BOARDS_LABELS, system).openOutputs(LAMP));
    expect(of(other.system).message).toBe(
      'no GPIO chip labelled "pinctrl-rp1" or "pinctrl-bcm2711" or "pinctrl-bcm2835", only "ftdi": name the header\'s chip as board.chipLabel in the settings',
    );
    expect(of(machine([])).message).toMatch(/^no GPIO chip below \/dev, .*: is this a board\?$/);
  });

  it("that may not be opened is told with what to do", () => {
    const chip = fakeChip({ nowMs });
    chip.allow(false);
    expect(failure(() => gpioBackEnd(LABELLED, chip.system).openOutputs(LAMP))).toMatchObject({
      kind: "not-allowed",
      message: "not allowed to open /dev/gpiochip0: the service's user must be in the group gpio",
    });
  });

  it("is looked for among 64 chips, not more", () => {
    const chip = fakeChip({ nowMs, lineNames: false, label: "other" });
    const opened: string[] = [];
    const system: GpioSystem = {
      ...chip.system,
      chipPaths: () => Array.from({ length: 65 }, (_, at) => `/dev/gpiochip${at}`),
      open: (path) => {
        opened.push(path);
        return chip.system.open("/dev/gpiochip0");
      },
    };
    failure(() => gpioBackEnd(LABELLED, system).openOutputs(LAMP));
    expect(opened).toHaveLength(64);
    expect(chip.openFds()).toBe(0);
  });
});

describe("lines", () => {
  it("in use are told with who uses them", () => {
    const chip = fakeChip({ nowMs });
    chip.hold(17, "spi0 CS1");
    chip.hold(18, "");
    const ask = () =>
      gpioBackEnd(LABELLED, chip.system).openOutputs(
        new Map([
          [16, 0],
          [17, 0],
          [18, 0],
        ]),
      );
    expect(failure(ask)).toMatchObject({
      kind: "line-taken",
      message:
        "GPIO17 is in use by 'spi0 CS1', GPIO18 is in use by a program without a name on /dev/gpiochip0 (\"fake-header\"): stop that program or overlay",
    });
    expect(chip.openFds()).toBe(0);
  });

  it("that the chip has not are told with how many it has", () => {
    const chip = fakeChip({ nowMs, lines: 8 });
    expect(failure(() => gpioBackEnd(LABELLED, chip.system).openOutputs(LAMP))).toMatchObject({
      kind: "no-line",
      message:
        'GPIO12 is not on /dev/gpiochip0 ("fake-header"), which has 8 lines: is this the header\'s chip?',
    });
    expect(chip.openFds()).toBe(0);
  });

  it("of one totem more than a request can hold are refused before any chip is asked", () => {
    const chip = fakeChip({ nowMs, lines: 100 });
    const levels = new Map(Array.from({ length: 65 }, (_, offset) => [offset, 0 as const]));
    expect(() => gpioBackEnd(LABELLED, chip.system).openOutputs(levels)).toThrow(RangeError);
  });
});

describe("outputs", () => {
  const lamps = Object.values(LAMP_PINS).map(lineOffset);

  it("start as they are asked to, and change together in one call", () => {
    const chip = fakeChip({ nowMs });
    const ioctl = vi.fn(chip.system.ioctl);
    const lines: OutputLines = gpioBackEnd(LABELLED, { ...chip.system, ioctl }).openOutputs(
      new Map(lamps.map((offset, index) => [offset, index === 1 ? 1 : 0])),
    );
    const high = () => lamps.filter((offset) => chip.outputs().get(offset));
    expect(high()).toEqual([lamps[1]]);
    const callsBefore = ioctl.mock.calls.length;
    lines.write(new Map(lamps.slice(1, 4).map((offset, index) => [offset, index === 0 ? 0 : 1])));
    expect(high()).toEqual(lamps.slice(2, 4));
    lines.write(new Map());
    expect(ioctl.mock.calls.length - callsBefore).toBe(1);
    lines.close();
    lines.close();
    expect(chip.openFds()).toBe(0);
  });

  it("refuse a line that is not theirs: another lamp would have lit", () => {
    const chip = fakeChip({ nowMs });
    const lines = gpioBackEnd(LABELLED, chip.system).openOutputs(LAMP);
    expect(() => lines.write(new Map([[13, 1]]))).toThrow("GPIO13 is not among the lines held: GPIO12");
  });

  it("tell at the next write that their chip is gone, and that they were let go", () => {
    const chip = fakeChip({ nowMs });
    const ioctl = vi.fn(chip.system.ioctl);
    const lines = gpioBackEnd(LABELLED, { ...chip.system, ioctl }).openOutputs(LAMP);
    chip.unplug();
    expect(failure(() => lines.write(new Map([[12, 1]])))).toMatchObject({
      kind: "lost",
      message: "GPIO12: the lines are gone (ENODEV)",
    });
    lines.close();
    ioctl.mockClear();
    expect(failure(() => lines.write(new Map([[12, 1]]))).kind).toBe("lost");
    expect(ioctl).not.toHaveBeenCalled();
  });
});

describe("inputs", () => {
  it("that are lost are never asked again: their number may be somebody else's file", () => {
    const chip = fakeChip({ nowMs });
    const losses: string[] = [];
    const ioctl = vi.fn(chip.system.ioctl);
    const lines = gpioBackEnd(LABELLED, { ...chip.system, ioctl }).openInputs({
      offsets: [4],
      activeLow: true,
      bias: "pull-up",
      debounceMs: 0,
      onEdges: () => undefined,
      onLost: ({ message }) => losses.push(message),
    });
    expect([...lines.levels()]).toEqual([[4, false]]);
    chip.unplug();
    chip.replug();
    expect(losses).toEqual(["GPIO4: the lines are gone (ENODEV)"]);
    ioctl.mockClear();
    expect(failure(() => lines.levels()).kind).toBe("lost");
    expect(ioctl).not.toHaveBeenCalled();
  });

  it("tell missing edges for as long as they are missing", () => {
    const chip = fakeChip({ nowMs, eventBufferSize: 2 });
    const told: (readonly [edges: readonly LineEdge[], missing: number])[] = [];
    gpioBackEnd(LABELLED, chip.system).openInputs({
      offsets: [4, 5],
      activeLow: false,
      bias: "pull-up",
      debounceMs: 0,
      onEdges: (edges, missing) => told.push([edges, missing]),
      onLost: () => undefined,
    });
    chip.drive(4, false);
    chip.stall();
    for (const high of [true, false, true, false]) chip.drive(5, !high);
    chip.resume();
    expect(told.map(([edges, missing]) => [edges.length, missing])).toEqual([
      [1, 0],
      [2, 2],
    ]);
  });
});

describe("lines whose reader cannot be started", () => {
  it("are let go, so that the next try gets them", () => {
    const chip = fakeChip({ nowMs });
    const request = {
      offsets: [4],
      activeLow: true,
      bias: "pull-up",
      debounceMs: 0,
      onEdges: () => undefined,
      onLost: () => undefined,
    } as const;
    const readRecords = () => {
      throw new Error("no thread to be had");
    };
    const without = gpioBackEnd(LABELLED, { ...chip.system, readRecords });
    expect(() => without.openInputs(request)).toThrow("no thread to be had");
    expect(chip.openFds()).toBe(0);
    expect(() => gpioBackEnd(LABELLED, chip.system).openInputs(request)).not.toThrow();
  });
});

describe("lines that are only looked at", () => {
  it("are read without a reader, as they are now, and are lost at the look that finds their chip gone", async () => {
    const chip = fakeChip({ nowMs });
    const readRecords = vi.fn(chip.system.readRecords);
    const pins = headerPins(LABELLED, gpioBackEnd(LABELLED, { ...chip.system, readRecords }));
    const ask = { offset: 7, bias: "pull-up" } as const;
    const line = await pins.takeLevel(ask);
    expect(line.level()).toBe(1);
    chip.drive(7, false);
    expect(line.level()).toBe(0);
    await expect(pins.takeLevel(ask)).rejects.toThrow("GPIO7 is in use by 'faccine'");
    chip.unplug();
    expect(failure(line.level)).toMatchObject({
      kind: "lost",
      message: "GPIO7: the lines are gone (ENODEV)",
    });
    await line.close();
    await line.close();
    expect(failure(line.level).message).toBe("GPIO7: the lines are gone");
    chip.replug();
    expect((await pins.takeLevel(ask)).level()).toBe(0);
    expect(readRecords).not.toHaveBeenCalled();
  });
});

describe("the plugin's pins", () => {
  it("are the same lines: a level at the start, then the kernel's edges and times", async () => {
    const chip = fakeChip({ nowMs: () => 1_234 });
    chip.drive(2, false);
    const pins = headerPins(LABELLED, gpioBackEnd(LABELLED, chip.system));
    const edges: unknown[] = [];
    const lost: string[] = [];
    const input = await pins.takeInput(
      { offset: 2, bias: "pull-up", debounceMs: 0 },
      { edge: (edge) => edges.push(edge), lost: ({ message }) => lost.push(message) },
    );
    expect(input.level).toBe(0);
    chip.drive(2, true);
    expect(edges).toEqual([{ level: 1, timestampNs: 1_234_000_000n }]);
    await expect(
      pins.takeInput({ offset: 2, bias: "none", debounceMs: 0 }, { edge: vi.fn(), lost: vi.fn() }),
    ).rejects.toThrow("GPIO2 is in use by 'faccine'");
    chip.unplug();
    expect(lost).toEqual(["GPIO2: the lines are gone (ENODEV)"]);
    await expect(pins.takeOutputs(LAMP, vi.fn())).rejects.toThrow("no GPIO chip below /dev");
  });
});
