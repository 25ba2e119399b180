import { describe, expect, it } from "vitest";
import { BOARDS, HEADER, physicalPin, RESERVED } from "./boards.ts";
import type { Machine } from "./circuit.ts";
import type { Kind } from "./kinds/kind.ts";
import { type End, WIRING, type Wire } from "./nets.ts";
import { KINDS, PARTS, type Part } from "./parts.ts";
import { breachesOf, brokenWiringRules, MACHINES, RULES } from "./rules.ts";

const WHOLE = machineOn("pi-3");

function machineOn(id: string): Machine {
  const found = MACHINES.find(({ board }) => board.id === id);
  if (found === undefined) throw new Error(`no board ${id}`);
  return found;
}

/** The wiring with one end of some wires moved. */
function rewired(changes: Readonly<Record<string, End>>): Machine {
  const moved = (wire: Wire): Wire => ({
    ...wire,
    from: changes[wire.from] ?? wire.from,
    to: changes[wire.to] ?? wire.to,
  });
  return { ...WHOLE, wiring: WHOLE.wiring.map(moved) };
}

function without(from: End, to: End): Machine {
  const rest = WHOLE.wiring.filter((wire) => !(wire.from === from && wire.to === to));
  if (rest.length !== WHOLE.wiring.length - 1) throw new Error(`no wire ${from} - ${to}`);
  return { ...WHOLE, wiring: rest };
}

function redirected(from: End, to: End, instead: End): Machine {
  const { wiring } = without(from, to);
  return {
    ...WHOLE,
    wiring: [...wiring, { from, to: instead, colour: "RD", harness: "board", connector: null }],
  };
}

function withWire(from: End, to: End, connector: Wire["connector"] = null): Machine {
  const wire: Wire = { from, to, colour: "BK", harness: "board", connector };
  return { ...WHOLE, wiring: [...WHOLE.wiring, wire] };
}

function withKind(id: string, change: Partial<Kind>): Machine {
  return { ...WHOLE, kinds: KINDS.map((kind) => (kind.id === id ? { ...kind, ...change } : kind)) };
}

function withBoard(change: (board: Machine["board"]) => Partial<Machine["board"]>): Machine {
  return { ...WHOLE, board: { ...WHOLE.board, ...change(WHOLE.board) } };
}

const oneMore = (part: Part): readonly Part[] => [...PARTS, part];
const lamp = (ref: string): Part => ({
  ref,
  kind: "pictogram-lamp",
  name: { it: "", en: "" },
  spare: ["L+", "L-"],
});

/** A fault for every rule: what is done to the machine, and what the rule then says. */
const PLANTED: readonly { readonly rule: string; readonly fault: Machine; readonly says: string }[] = [
  {
    rule: "pin-used-once",
    fault: rewired({ [`A1.${physicalPin("GPIO5")}`]: `A1.${physicalPin("GPIO4")}` }),
    says: "pin GPIO4 is used twice: for R11.1 and R12.1",
  },
  {
    rule: "pin-used-once",
    fault: rewired({ [`A1.${physicalPin("GPIO17")}`]: `A1.${physicalPin("GPIO18")}` }),
    says: "pin GPIO18 is used twice: for U1.IN1 and U1.IN2",
  },
  {
    rule: "no-reserved-pin",
    fault: rewired({ [`A1.${physicalPin("GPIO2")}`]: `A1.${physicalPin("GPIO3")}` }),
    says: "pin GPIO3 is reserved: wakes a halted board",
  },
  {
    rule: "ends-exist",
    fault: rewired({ "S1.NO": "S1.XY" }),
    says: "a wire leads to S1.XY, which no part has",
  },
  {
    rule: "ends-exist",
    fault: rewired({ "S1.NO": "S91.NO" }),
    says: "a wire leads to S91.NO, which no part has",
  },
  { rule: "no-dangling-end", fault: without("R11.2", "S1.NO"), says: "S1.NO is joined to nothing" },
  { rule: "no-dangling-end", fault: without("F1.2", "A2.5V"), says: "F1.2 is joined to nothing" },
  {
    rule: "one-source-per-net",
    fault: withWire("A2.3V3", "A2.GND"),
    says: "3.3 V and ground meet at",
  },
  {
    rule: "one-source-per-net",
    fault: withWire("U1.OUT1", "U1.OUT2"),
    says: "U1.OUT1 and U1.OUT2 meet at",
  },
  { rule: "connector-ways", fault: withWire("S1.NO", "S1.COM", "J1:1"), says: "way J1:1 takes two wires" },
  { rule: "connector-ways", fault: withWire("S1.NO", "S1.COM", "J1:13"), says: "there is no way J1:13" },
  { rule: "connector-ways", fault: withWire("S1.NO", "S1.COM", "J9:1"), says: "there is no way J9:1" },
  {
    rule: "one-break-reaches-all",
    fault: without("X1.COM", "A2.GND"),
    says: "with A2.GND - S1.COM broken, S1.COM, S2.COM",
  },
  {
    rule: "no-5-volts-on-a-line",
    fault: redirected("R1.1", "A2.3V3", "A2.5V"),
    says: "5 V reaches pin GPIO4, which bears 3.3 V",
  },
  {
    rule: "no-5-volts-on-a-line",
    fault: rewired({ "S2.NO": "S2.L-", "S2.L-": "S2.NO" }),
    says: "5 V reaches pin GPIO5, which bears 3.3 V",
  },
  {
    rule: "loads-get-their-volts",
    fault: rewired({ "A1.2": "A1.1", "A1.4": "A1.17" }),
    says: "H1.L+ needs 5 V and gets 3.3 V",
  },
  { rule: "loads-get-their-volts", fault: without("F1.2", "A2.5V"), says: "H1.L+ needs 5 V and gets none" },
  {
    rule: "dark-at-boot",
    fault: rewired({ [`A1.${physicalPin("GPIO17")}`]: `A1.${physicalPin("GPIO7")}` }),
    says: "pin GPIO7 starts high and switches on what hangs on U1.IN2",
  },
  { rule: "key-rests-high", fault: without("R6.1", "A2.3V3"), says: "S6 has no pull-up to 3.3 V" },
  { rule: "key-rests-high", fault: without("R16.2", "S6.NO"), says: "S6 reaches no line of the header" },
  {
    rule: "key-rests-high",
    fault: withKind("pull-up", { ways: [{ from: "1", to: "2", through: "resistor", ohms: 47_000 }] }),
    says: "S6 rests at 1.4 V against the pull-down of pin GPIO9",
  },
  {
    rule: "key-closes-to-ground",
    fault: rewired({ "S9.COM": "A2.3V3" }),
    says: "S9 does not close to ground",
  },
  {
    rule: "pin-current",
    fault: withBoard(({ limits }) => ({ limits: { ...limits, perPinMilliamps: 1 } })),
    says: "pin GPIO18 gives 2 mA, at most 1 mA",
  },
  {
    rule: "logic-current",
    fault: withKind("pull-up", { ways: [{ from: "1", to: "2", through: "resistor", ohms: 560 }] }),
    says: "lines and pull-ups draw 71 mA, at most 50 mA",
  },
  {
    rule: "contact-kept-clean",
    fault: withKind("pull-up", { ways: [{ from: "1", to: "2", through: "resistor", ohms: 10_000 }] }),
    says: "S1 carries 0.33 mA, at least 1 mA",
  },
  {
    rule: "driver-current",
    fault: withKind("pictogram-lamp", { draws: { from: "5V", milliamps: 350 } }),
    says: "U1.OUT3 carries 350 mA, at most 200 mA",
  },
  {
    rule: "fuse-holds",
    fault: {
      ...WHOLE,
      parts: [...PARTS, ...Array.from({ length: 11 }, (_, index) => lamp(`H${index + 20}`))],
    },
    says: "F1 holds 1350 mA and 1370 mA are drawn through it",
  },
  {
    rule: "usb-current",
    fault: withBoard(({ supply }) => ({ supply: { ...supply, usbMilliamps: 500 } })),
    says: "USB devices draw 600 mA, at most 500 mA on Raspberry Pi 3",
  },
  {
    rule: "supply-current",
    fault: {
      ...WHOLE,
      parts: oneMore({ ref: "U9", kind: "scanner", name: { it: "", en: "" }, spare: ["USB"] }),
    },
    says: "2530 mA are drawn, at most 2125 mA of the supply of Raspberry Pi 3",
  },
];

describe("the wiring", () => {
  it.each(MACHINES.map((machine) => [machine.board.name, machine] as const))(
    "keeps every rule on a %s",
    (_, machine) => {
      expect(breachesOf(machine)).toEqual([]);
    },
  );

  it("breaks a rule by name for every fault planted", () => {
    for (const { rule, fault, says } of PLANTED) {
      const problems = breachesOf(fault)
        .filter((breach) => breach.rule === rule)
        .map(({ problem }) => problem);
      expect(problems.join("\n"), `${rule}: ${says}`).toContain(says);
    }
  });

  it("has a planted fault for every rule, and every rule a name of its own and a reason", () => {
    const names = RULES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect([...new Set(PLANTED.map(({ rule }) => rule))].toSorted()).toEqual(names.toSorted());
    for (const { reason } of RULES) expect(reason).toMatch(/^[A-Z].*\.$/);
  });

  it("says board, rule, problem and reason of a breach in one line", () => {
    expect(brokenWiringRules()).toEqual([]);
    expect(brokenWiringRules([without("R6.1", "A2.3V3")])).toContain(
      "hardware/wiring.ts on Raspberry Pi 3 Model B / B+: key-rests-high: S6 has no pull-up to 3.3 V. A key at rest must be read as high, also against the pull-down its line starts with.",
    );
  });

  it("breaks a rule for whatever wire is taken away, but one of a double connection", () => {
    const doubled = new Set(["A1.2 - F1.1", "A1.4 - F1.1"]);
    for (const wire of WIRING) {
      const name = `${wire.from} - ${wire.to}`;
      const spareGround = wire.from.startsWith("A1.") && wire.to === "A2.GND";
      const broken = breachesOf({ ...WHOLE, wiring: WIRING.filter((each) => each !== wire) });
      if (doubled.has(name) || spareGround || name === "X1.S - U5.ING") continue;
      expect(broken, name).not.toEqual([]);
    }
  });
});

describe("the boards", () => {
  it("have 40 pins, and every line from 0 to 27 once", () => {
    expect(HEADER).toHaveLength(40);
    const lines = HEADER.filter((pin) => pin.startsWith("GPIO"));
    expect(lines.toSorted()).toEqual(Array.from({ length: 28 }, (_, line) => `GPIO${line}`).toSorted());
    expect(HEADER.filter((pin) => pin === "GND")).toHaveLength(8);
    expect(physicalPin("GPIO17")).toBe(11);
    expect(physicalPin("GPIO21")).toBe(40);
  });

  it("are all called untried, name their source, and leave the reserved lines alone", () => {
    expect(BOARDS.map(({ id }) => id)).toEqual(["pi-3", "pi-4", "pi-5", "zero-2-w"]);
    for (const board of BOARDS) {
      expect(board.triedOnHardware).toBe(false);
      expect(board.limits.source).not.toBe("");
    }
    expect(RESERVED.map(({ pin }) => pin)).toEqual(["GPIO0", "GPIO1", "GPIO3", "GPIO14", "GPIO15"]);
  });
});

describe("the parts", () => {
  it("have a reference and a kind each, and every kind is used", () => {
    const refs = PARTS.map(({ ref }) => ref);
    expect(new Set(refs).size).toBe(refs.length);
    const kinds = new Set(PARTS.map(({ kind }) => kind));
    expect([...kinds].toSorted()).toEqual(KINDS.map(({ id }) => id).toSorted());
  });
});
