import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { lineOffset } from "#hardware/pins.ts";
import { BUZZER_PIN, HEADPHONES_PIN, LAMP_PINS, PICTOGRAM_PINS } from "#hardware/wiring.ts";
import type { DeviceFault, Voice } from "../../ports.ts";
import { RULES } from "../../session/session.fixture.ts";
import { INITIAL_SESSION } from "../../session/state.ts";
import { LAMP_KEYS, type Lamp, type View, viewOf } from "../../session/view.ts";
import { FakeBackEnd } from "../johnny-five/fake-back-end.fixture.ts";
import { type BoardIndicators, openBoardIndicators } from "./board-indicators.ts";
import { LOOK_EVERY_MS } from "./headphones.ts";
import { BLINK_MS, LAMP_OUTPUTS, litOf } from "./lit-of.ts";

const PINS: Readonly<Record<string, `GPIO${number}`>> = {
  ...LAMP_PINS,
  ...PICTOGRAM_PINS,
  buzzer: BUZZER_PIN,
};
const HEADPHONES = lineOffset(HEADPHONES_PIN);
const BUZZER = lineOffset(BUZZER_PIN);
const lines = (outputs: Iterable<string>) =>
  [...outputs].map((output) => lineOffset(PINS[output] as `GPIO${number}`)).sort((a, b) => a - b);

const IDLE = viewOf(INITIAL_SESSION, RULES);
const showing = (lamps: Partial<View["lamps"]>, pictograms: Partial<View["pictograms"]> = {}): View => ({
  ...IDLE,
  lamps: { ...IDLE.lamps, ...lamps },
  pictograms: { ...IDLE.pictograms, showReceipt: "off", ...pictograms },
});

const opened: BoardIndicators[] = [];
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
});
afterEach(async () => {
  for (const indicators of opened.splice(0)) await indicators.close();
  vi.useRealTimers();
});

const passes = (ms: number) => vi.advanceTimersByTimeAsync(ms);

const mute = (): Voice & { readonly said: string[]; readonly breaks: (fault: DeviceFault) => void } => {
  const listeners = new Set<(fault: DeviceFault) => void>();
  const said: string[] = [];
  return {
    said,
    say: (phrase) => said.push(phrase.say),
    onFault: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => undefined,
    breaks: (fault) => {
      for (const listener of listeners) listener(fault);
    },
  };
};

const open = async (backEnd = new FakeBackEnd(), hasHeadphones = true) => {
  const voice = mute();
  const indicators = await openBoardIndicators({ backEnd, voice, hasHeadphones });
  opened.push(indicators);
  const faults: string[] = [];
  const stopFaults = indicators.onFault(({ code, state, part }) => faults.push(`${code} ${state} ${part}`));
  await passes(0);
  backEnd.writes.length = 0;
  return { backEnd, voice, indicators, faults, stopFaults };
};

describe("the indicators of a real totem", () => {
  it("take all thirteen outputs in one request, low, and nothing is lit until a view is shown", async () => {
    const { backEnd } = await open();
    expect(backEnd.requests).toEqual([
      Object.fromEntries(lines([...LAMP_OUTPUTS, "buzzer"]).map((line) => [line, 0])),
    ]);
    expect(backEnd.high()).toEqual([]);
  });

  it("show a view in one write, within the call, and write only what changes", async () => {
    const { backEnd, indicators } = await open();
    indicators.show(showing({ green: "on", yellow: "on", red: "on" }, { choose: "on" }));
    expect(backEnd.writes).toEqual([
      Object.fromEntries(lines(["green", "yellow", "red", "choose"]).map((l) => [l, 1])),
    ]);
    indicators.show(showing({ green: "on", yellow: "on", red: "on" }, { thankYou: "on" }));
    expect(backEnd.writes.slice(1)).toEqual([
      { [lineOffset(PICTOGRAM_PINS.choose)]: 0, [lineOffset(PICTOGRAM_PINS.thankYou)]: 1 },
    ]);
    indicators.show(showing({ green: "on", yellow: "on", red: "on" }, { thankYou: "on" }));
    expect(backEnd.writes).toHaveLength(2);
  });

  it("blink in step, also what begins later, and write nothing once nothing blinks", async () => {
    const { backEnd, indicators } = await open();
    indicators.show(showing({ green: "blink", assist: "on" }));
    expect(backEnd.high()).toEqual(lines(["green", "assist"]));
    await passes(BLINK_MS + 100);
    expect(backEnd.high()).toEqual(lines(["assist"]));
    indicators.show(showing({ green: "blink", assist: "on" }, { notAccepted: "blink" }));
    expect(backEnd.high()).toEqual(lines(["assist"]));
    await passes(BLINK_MS - 100);
    expect(backEnd.high()).toEqual(lines(["green", "assist", "notAccepted"]));
    await passes(BLINK_MS);
    expect(backEnd.high()).toEqual(lines(["assist"]));
    indicators.show(showing({}));
    const writes = backEnd.writes.length;
    await passes(5 * BLINK_MS);
    expect(backEnd.writes).toHaveLength(writes);
  });

  it("show what the last view says, whatever was shown before and however it blinked", async () => {
    const { backEnd, indicators } = await open();
    const anyView = fc
      .array(fc.constantFrom<Lamp>("off", "on", "blink"), { minLength: 12, maxLength: 12 })
      .map((drawn) => {
        const all = Object.fromEntries(LAMP_OUTPUTS.map((output, index) => [output, drawn[index]]));
        return { ...IDLE, lamps: all, pictograms: all } as unknown as View;
      });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(anyView, fc.nat({ max: 1_200 })), { minLength: 1 }),
        async (shown) => {
          for (const [view, waitMs] of shown) {
            indicators.show(view);
            await passes(waitMs);
          }
          const last = shown.at(-1)?.[0] as View;
          const states = [litOf(last, true), litOf(last, false)].map((lit) => lines(lit));
          expect(states).toContainEqual(backEnd.high());
        },
      ),
      { numRuns: 50 },
    );
  });

  it("click within the call, and sound alike for every choice", async () => {
    const { backEnd, indicators } = await open();
    indicators.play("click");
    expect(backEnd.writes).toEqual([{ [BUZZER]: 1 }]);
    await passes(1_000);
    expect(backEnd.writes).toEqual([{ [BUZZER]: 1 }, { [BUZZER]: 0 }]);
  });

  it("hand what is to be said to the voice, and its faults to the totem", async () => {
    const { indicators, voice, faults, stopFaults } = await open();
    indicators.say({ say: "choose" }, "it");
    expect(voice.said).toEqual(["choose"]);
    voice.breaks({ code: "voice-failed", state: "failed", part: null });
    stopFaults();
    voice.breaks({ code: "voice-failed", state: "recovered", part: null });
    expect(faults).toEqual(["voice-failed failed null"]);
  });

  it("leave all outputs low at the end, in the middle of a sound and of a blink", async () => {
    const { backEnd, indicators } = await open();
    indicators.show(showing({ green: "blink", red: "on" }));
    indicators.play("fault");
    expect(backEnd.high()).toEqual(lines(["green", "red", "buzzer"]));
    const writes = backEnd.writes;
    await indicators.close();
    const left = Object.assign({}, ...writes);
    expect(left).toEqual(Object.fromEntries(lines(["green", "red", "buzzer"]).map((line) => [line, 0])));
    const end = writes.length;
    indicators.show(showing({ green: "blink" }));
    indicators.play("fault");
    await passes(10_000);
    expect(writes).toHaveLength(end);
  });
});

describe("lamps that cannot be had", () => {
  it("at the start are a fault told once, asked for again until they come, and then show the view", async () => {
    const backEnd = new FakeBackEnd();
    backEnd.refuses = new Error("EBUSY");
    const { indicators, faults } = await open(backEnd);
    expect(faults).toContain("lamps-unreachable failed null");
    indicators.show(showing({ green: "on" }));
    indicators.play("thanks");
    await passes(120_000);
    expect(faults).toHaveLength(2);
    const late: string[] = [];
    indicators.onFault(({ state, part }) => late.push(`${state} ${part}`));
    expect(late.sort()).toEqual(["failed headphones", "failed null"]);
    backEnd.refuses = null;
    await passes(60_000);
    expect(faults.slice(2).sort()).toEqual([
      "lamps-unreachable recovered headphones",
      "lamps-unreachable recovered null",
    ]);
    expect(backEnd.high()).toEqual(lines(["green"]));
  });

  it("lost in the middle throw at nobody, and are back with what is to be shown by then", async () => {
    const { backEnd, indicators, faults } = await open();
    indicators.show(showing({ green: "on" }));
    backEnd.vanishSilently();
    backEnd.refuses = new Error("ENODEV");
    indicators.show(showing({ red: "on" }));
    indicators.play("click");
    expect(faults).toEqual(["lamps-unreachable failed null"]);
    await passes(2_000);
    backEnd.vanishSilently(false);
    backEnd.refuses = null;
    await passes(30_000);
    // The contact of the headphones went with the same chip, and was found gone by the next look.
    expect(faults).toEqual([
      "lamps-unreachable failed null",
      "lamps-unreachable failed headphones",
      "lamps-unreachable recovered null",
      "lamps-unreachable recovered headphones",
    ]);
    expect(backEnd.high()).toEqual(lines(["red"]));
  });
});

describe("headphones", () => {
  it("are not looked for where no voice is fitted", async () => {
    const { backEnd, faults } = await open(new FakeBackEnd(), false);
    await passes(4 * LOOK_EVERY_MS);
    expect([backEnd.levelsAsked, faults]).toEqual([[], []]);
  });

  const listen = (indicators: BoardIndicators) => {
    const told: boolean[] = [];
    indicators.onHeadphones((plugged) => told.push(plugged));
    return told;
  };

  it("are told when they come and go, and at once when they are in already", async () => {
    const { backEnd, indicators } = await open();
    const told = listen(indicators);
    expect(told).toEqual([]);
    backEnd.drive(HEADPHONES, 0);
    await passes(2 * LOOK_EVERY_MS);
    expect([told, listen(indicators)]).toEqual([[true], [true]]);
    backEnd.drive(HEADPHONES, 1);
    await passes(LOOK_EVERY_MS);
    expect(told).toEqual([true, false]);
    await passes(60_000);
    expect(told).toEqual([true, false]);
  });

  it("that are in at the start are told, since they are no key", async () => {
    const backEnd = new FakeBackEnd();
    backEnd.drive(HEADPHONES, 0);
    const { indicators } = await open(backEnd);
    await passes(2 * LOOK_EVERY_MS);
    expect(listen(indicators)).toEqual([true]);
    expect(backEnd.levelsAsked).toEqual([{ offset: HEADPHONES, bias: "pull-up" }]);
  });

  it("are looked at without a thread that waits for edges", async () => {
    const { backEnd } = await open();
    expect(backEnd.inputsAsked).toEqual([]);
  });

  it("are not in yet while their plug scrapes along the contact, and out at the first look that finds none", async () => {
    const { backEnd, indicators } = await open();
    const told = listen(indicators);
    for (const level of [0, 1, 0, 1, 1] as const) {
      backEnd.drive(HEADPHONES, level);
      await passes(LOOK_EVERY_MS);
    }
    expect(told).toEqual([]);
    for (const level of [0, 0, 1, 0] as const) {
      backEnd.drive(HEADPHONES, level);
      await passes(LOOK_EVERY_MS);
    }
    expect(told).toEqual([true, false]);
  });

  it("are out while their contact cannot be read: a choice is not spoken into the room", async () => {
    const { backEnd, indicators, faults } = await open();
    const told = listen(indicators);
    backEnd.drive(HEADPHONES, 0);
    await passes(2 * LOOK_EVERY_MS);
    backEnd.refuses = new Error("ENODEV");
    backEnd.vanish();
    await passes(LOOK_EVERY_MS);
    expect(told).toEqual([true, false]);
    expect(faults).toContain("lamps-unreachable failed headphones");
    backEnd.refuses = null;
    await passes(30_000);
    expect(told).toEqual([true, false, true]);
    expect(faults).toContain("lamps-unreachable recovered headphones");
  });
});

it("every lamp the session knows has its own line", () => {
  expect(
    new Set(lines([...LAMP_KEYS, "showReceipt", "choose", "thankYou", "notAccepted", "buzzer"])).size,
  ).toBe(13);
});
