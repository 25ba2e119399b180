import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LAMP_PINS, PICTOGRAM_PINS } from "#hardware/wiring.ts";
import { RULES } from "../../session/session.fixture.ts";
import { INITIAL_SESSION } from "../../session/state.ts";
import { LAMP_KEYS, type Lamp, PICTOGRAMS, type View, viewOf } from "../../session/view.ts";
import { BLINK_MS, hasBlinking, LAMP_OUTPUTS, litOf } from "./lit-of.ts";

const IDLE = viewOf(INITIAL_SESSION, RULES);

const anyLamp = fc.constantFrom<Lamp>("off", "on", "blink");
const anyLamps = <K extends string>(names: readonly K[]) =>
  fc
    .array(anyLamp, { minLength: names.length, maxLength: names.length })
    .map((drawn) => Object.fromEntries(names.map((name, index) => [name, drawn[index]])) as Record<K, Lamp>);
const anyView: fc.Arbitrary<View> = fc
  .record({ lamps: anyLamps(LAMP_KEYS), pictograms: anyLamps(PICTOGRAMS), testMode: fc.boolean() })
  .map((drawn) => ({ ...IDLE, ...drawn }));

describe("what is lit", () => {
  it("is the receipt alone while a totem waits for a ticket", () => {
    expect([...litOf(IDLE, true)]).toEqual(["showReceipt"]);
  });

  it("in test mode is told from a vote by faces that blink", () => {
    const view = viewOf({ ...INITIAL_SESSION, mode: "test" }, RULES);
    expect([...litOf(view, true)]).toEqual(["green", "yellow", "red", "showReceipt"]);
    expect([...litOf(view, false)]).toEqual(["showReceipt"]);
    expect(hasBlinking(view)).toBe(true);
  });

  it("is on always, off never, and blinking with the common beat, whatever else is shown", () => {
    fc.assert(
      fc.property(anyView, fc.boolean(), (view, blinkOn) => {
        const lit = litOf(view, blinkOn);
        const shown: Record<string, Lamp> = { ...view.lamps, ...view.pictograms };
        for (const output of LAMP_OUTPUTS) {
          expect(lit.has(output)).toBe({ on: true, off: false, blink: blinkOn }[shown[output] ?? "off"]);
        }
        expect(hasBlinking(view)).toBe(Object.values(shown).includes("blink"));
      }),
    );
  });

  it("has a line for every name, and a name for every line", () => {
    expect([...LAMP_OUTPUTS].sort()).toEqual(Object.keys({ ...LAMP_PINS, ...PICTOGRAM_PINS }).sort());
    expect(new Set(LAMP_OUTPUTS).size).toBe(12);
  });

  it("flashes less often than three times a second, so that it sets off no seizure", () => {
    expect(1_000 / (2 * BLINK_MS)).toBeLessThan(3);
  });
});
