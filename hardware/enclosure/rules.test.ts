import { describe, expect, it } from "vitest";
import { CASE, type Case, type CaseKey, type CitizenKey } from "./case.ts";
import { CASE_RULES, type CaseRule, caseProblems } from "./rules.ts";

function withKey(name: CitizenKey, change: Partial<CaseKey>): Case {
  return { ...CASE, keys: CASE.keys.map((key) => (key.key === name ? { ...key, ...change } : key)) };
}

function withBraille(text: string, change: Partial<Case["braille"][number]>): Case {
  return {
    ...CASE,
    braille: CASE.braille.map((label) => (label.text === text ? { ...label, ...change } : label)),
  };
}

/** A fault for every rule, and where it must be found. */
const PLANTED: Readonly<Record<CaseRule, { readonly built: Case; readonly where: string }>> = {
  "every-key-has-its-place": {
    built: { ...CASE, keys: CASE.keys.filter(({ key }) => key !== "staff") },
    where: "staff",
  },
  "controls-within-reach": {
    built: { ...CASE, plate: { ...CASE.plate, lowerEdgeAboveFloor: 930 } },
    where: "green",
  },
  "caps-apart": { built: withKey("wait", { x: 118 }), where: "wait" },
  "caps-told-apart": { built: withKey("yellow", { shape: "circle" }), where: "yellow" },
  "keys-light-enough": { built: { ...CASE, keyForceN: { min: 2.5, max: 23 } }, where: "keys" },
  "braille-readable": { built: withBraille("esito", { text: "esito 4" }), where: "esito 4" },
  "braille-beside-keys": { built: withBraille("attesa", { y: 325 }), where: "Braille attesa" },
  "openings-inside-plate": {
    built: { ...CASE, headphones: { ...CASE.headphones, x: 397 } },
    where: "headphones",
  },
  "material-between-openings": {
    built: { ...CASE, scannerWindow: { ...CASE.scannerWindow, y: 330 } },
    where: "return",
  },
  "caps-cover-their-holes": { built: withKey("wait", { holeMm: 36 }), where: "wait" },
  "wings-hide-keys": {
    built: { ...CASE, wings: { ...CASE.wings, upperDepth: 120, lowerDepth: 120 } },
    where: "wait",
  },
  "hoods-hide-lamps": { built: { ...CASE, hoods: { ...CASE.hoods, setBack: 3 } }, where: "wait" },
  "hoods-show-lamps": { built: { ...CASE, hoods: { ...CASE.hoods, setBack: 25 } }, where: "wait" },
  "pictograms-seen-seated": {
    built: { ...CASE, plate: { ...CASE.plate, tiltDegrees: 50 } },
    where: "showReceipt",
  },
};

describe("the case", () => {
  it("keeps every rule as it is drawn", () => {
    expect(caseProblems(CASE)).toEqual([]);
  });

  it.each(CASE_RULES)("with a fault planted against %s names the rule and the place", (rule) => {
    const { built, where } = PLANTED[rule];
    const found = caseProblems(built).filter((problem) => problem.rule === rule);
    expect(found.map((problem) => problem.where)).toContain(where);
  });
});

describe("reach", () => {
  const reach = (built: Case) =>
    caseProblems(built)
      .filter(({ rule }) => rule === "controls-within-reach")
      .map(({ where }) => where);

  it("is judged for the height the plate is mounted at, from both ends", () => {
    const at = (lowerEdgeAboveFloor: number) => ({ ...CASE, plate: { ...CASE.plate, lowerEdgeAboveFloor } });
    expect(reach(at(880))).toEqual([]);
    expect(reach(at(900))).toContain("red");
    expect(reach(at(340))).toEqual([]);
    expect(reach(at(300))).toContain("assist");
  });

  it("is shorter behind deep wings, and ends behind very deep ones", () => {
    const behind = (depth: number, lowerEdgeAboveFloor: number): Case => ({
      ...CASE,
      wings: { ...CASE.wings, upperDepth: depth, lowerDepth: depth },
      plate: { ...CASE.plate, lowerEdgeAboveFloor },
    });
    expect(reach(behind(254, 860))).toEqual([]);
    expect(reach(behind(255, 860))).toContain("green");
    expect(reach(behind(611, 700))).toEqual(["wings"]);
  });
});

describe("secrecy", () => {
  it("needs wings that reach above the plate: a tall neighbour looks over short ones", () => {
    const low: Case = { ...CASE, wings: { ...CASE.wings, aboveUpperEdge: -60 } };
    expect(caseProblems(low).some(({ rule }) => rule === "wings-hide-keys")).toBe(true);
  });
});
