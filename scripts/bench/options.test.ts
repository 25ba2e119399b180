import { describe, expect, it } from "vitest";
import { MEASUREMENTS } from "./measurements.ts";
import { benchHelp, planBench } from "./options.ts";

describe("the command line of the bench", () => {
  it("measures everything, fully, for people, when nothing else is said", () => {
    expect(planBench([], MEASUREMENTS)).toEqual({
      ok: true,
      value: { size: "full", isJson: false, measurements: MEASUREMENTS },
    });
  });

  it("takes a short run, JSON and single measurements", () => {
    const plan = planBench(["--short", "--json", "--only", "report", "--only", "press"], MEASUREMENTS);
    expect(
      plan.ok && { ...plan.value, measurements: plan.value.measurements.map(({ name }) => name) },
    ).toEqual({
      size: "short",
      isJson: true,
      measurements: ["press", "report"],
    });
  });

  it("names what it does not know, and what there is", () => {
    const plan = planBench(["--only", "speed"], MEASUREMENTS);
    expect(plan).toMatchObject({
      ok: false,
      problem: expect.stringContaining("--only speed: must be one of judge, press"),
    });
    expect(planBench(["--fast"], MEASUREMENTS)).toMatchObject({
      ok: false,
      problem: expect.stringContaining("--fast"),
    });
  });

  it("tells in its help every measurement, and what it leaves to the lab", () => {
    const help = benchHelp(MEASUREMENTS);
    for (const { name, about } of MEASUREMENTS) expect(help).toContain(`${name.padEnd(9)} ${about}`);
    expect(help).toContain("belong to the lab");
  });
});
