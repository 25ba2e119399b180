import { describe, expect, it } from "vitest";
import { STEPS } from "#firmware/steps.ts";
import { planCuts } from "./plan.ts";
import { runKills } from "./run-kills.ts";

/** A loaded machine starts a totem in seconds; a hundred of them take their time. */
const PATIENCE_MS = 280_000;

describe("a hundred power cuts of the real firmware, at every named step of a vote's way", () => {
  it("lose no vote that was thanked for, count none twice and none that was cut off before its commit", {
    timeout: PATIENCE_MS,
  }, async () => {
    const result = await runKills({ kills: 100, seed: 1 });
    const { lost, doubled, ghosts, changed, ticketsWrong, problems } = result;
    expect({ lost, doubled, ghosts, changed, ticketsWrong, problems }).toEqual({
      lost: [],
      doubled: [],
      ghosts: [],
      changed: [],
      ticketsWrong: [],
      problems: [],
    });
    expect(result.kills).toBe(100);
    for (const step of STEPS) expect(result.bySteps[step], step).toBeGreaterThanOrEqual(3);
    expect(result.thanked).toBeGreaterThanOrEqual(50);
    expect(result.counted).toBeGreaterThanOrEqual(result.thanked);
    expect(result.pruned).toBeGreaterThan(0);
  });
});

describe("a journal that says it has committed before it has", () => {
  it("is found out: the votes it lost are named", { timeout: PATIENCE_MS }, async () => {
    const cut = { step: "draft:before-commit", occurrence: 2 } as const;
    const result = await runKills({
      kills: 2,
      seed: 1,
      cuts: [cut, cut],
      totems: 1,
      preload: [new URL("./early-thanks.fixture.ts", import.meta.url).href],
    });
    expect(result.lost.length).toBeGreaterThan(0);
  });
});

describe("the plan of power cuts", () => {
  it("has every step equally often, and is the same for the same seed", () => {
    const cuts = planCuts(110, 7);
    for (const step of STEPS) expect(cuts.filter((cut) => cut.step === step)).toHaveLength(10);
    expect(planCuts(110, 7)).toEqual(cuts);
    expect(planCuts(110, 8)).not.toEqual(cuts);
  });
});
