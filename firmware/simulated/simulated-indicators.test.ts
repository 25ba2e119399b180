import { describe, expect, it, vi } from "vitest";
import { RULES } from "../session/session.fixture.ts";
import { INITIAL_SESSION } from "../session/state.ts";
import { viewOf } from "../session/view.ts";
import { simulatedClock } from "./simulated-clock.ts";
import { simulatedIndicators } from "./simulated-indicators.ts";

describe("simulated indicators", () => {
  it("keep the last view, and what was heard in order, numbered without gaps", () => {
    const indicators = simulatedIndicators();
    const changed = vi.fn();
    const stop = indicators.onChange(changed);
    const view = viewOf(INITIAL_SESSION, RULES);
    expect(indicators.view()).toBeNull();
    indicators.show(view);
    indicators.play("click");
    indicators.say({ say: "choose" }, "en");
    expect(indicators.view()).toBe(view);
    expect(indicators.heard()).toEqual([
      { number: 1, sound: "click" },
      { number: 2, phrase: { say: "choose" }, language: "en" },
    ]);
    expect(changed).toHaveBeenCalledTimes(3);
    stop();
    indicators.play("click");
    expect(changed).toHaveBeenCalledTimes(3);
  });

  it("forget what was heard long ago: one over the limit drops the oldest", () => {
    const indicators = simulatedIndicators();
    for (let sound = 0; sound < 33; sound += 1) indicators.play("click");
    expect(indicators.heard()).toHaveLength(32);
    expect(indicators.heard()[0]?.number).toBe(2);
  });

  it("tell of headphones when they change, and at once when they are in already", () => {
    const indicators = simulatedIndicators();
    const told: boolean[] = [];
    const stop = indicators.onHeadphones((plugged) => told.push(plugged));
    indicators.plugHeadphones(true);
    indicators.onHeadphones((plugged) => told.push(plugged));
    expect(told).toEqual([true, true]);
    stop();
    indicators.plugHeadphones(false);
    expect(told).toEqual([true, true, false]);
  });
});

describe("a simulated clock", () => {
  it("can be set wrong and stop being vouched for, while its monotonic time goes on", () => {
    const clock = simulatedClock(() => 1_000_000);
    const before = clock.readings();
    expect(before).toMatchObject({ wallMs: 1_000_000, synchronized: true });
    clock.set(-500_000, false);
    const after = clock.readings();
    expect(after).toMatchObject({ wallMs: 500_000, synchronized: false, bootId: before.bootId });
    expect(after.monotonicUs).toBeGreaterThanOrEqual(before.monotonicUs);
    expect([clock.offsetMs(), clock.isSynchronized()]).toEqual([-500_000, false]);
  });

  it("of each start is a boot of its own", () => {
    expect(simulatedClock().readings().bootId).not.toBe(simulatedClock().readings().bootId);
  });
});
