import { describe, expect, it } from "vitest";
import { CASE } from "../case.ts";
import { caseDrawings } from "./all.ts";
import { frontDrawing } from "./front.ts";
import { sideDrawing } from "./side.ts";
import { templateDrawing } from "./template.ts";

describe("the case's drawings", () => {
  it("exist in Italian and in English, each a sheet in millimetres that says nothing was built yet", () => {
    expect(caseDrawings().map(({ name }) => name)).toHaveLength(8);
    for (const { name, text } of caseDrawings()) {
      const [, width, height] =
        /width="(\d+)mm" height="(\d+)mm" viewBox="0 0 (?:\1) (?:\2)"/.exec(text) ?? [];
      expect([name, Number(width) > 0 && Number(height) > 0]).toEqual([name, true]);
      expect(text).toContain(
        name.includes(".it.") ? "nessuna cassa è ancora stata costruita" : "no case has been built yet",
      );
      expect(text).not.toMatch(/NaN|undefined/);
    }
  });

  it("write an Italian figure with a comma", () => {
    const touch = caseDrawings().find(({ name }) => name === "case-touch.it.svg")?.text ?? "";
    expect(touch).toContain(">2,5<");
    expect(touch).not.toMatch(/>\d+\.\d+</);
  });

  it("follow the numbers: another position and another height are drawn and written", () => {
    const lower = { ...CASE, plate: { ...CASE.plate, lowerEdgeAboveFloor: 700 } };
    expect(frontDrawing(CASE, "en")).toContain("floor + 720");
    expect(frontDrawing(lower, "en")).toContain("floor + 700");
    expect(sideDrawing(lower, "it")).toContain(">700<");
    const moved = { ...CASE, headphones: { ...CASE.headphones, x: 150 } };
    expect(templateDrawing(moved, "it")).toContain('<circle cx="150" cy="442" r="4"');
  });

  it("are true to scale: on the template every hole is as wide as it will be cut", () => {
    const template = templateDrawing(CASE, "it");
    expect(template).toContain('width="420mm" height="594mm"');
    expect(template).toContain("scale(1)");
    for (const { x, y, holeMm } of CASE.keys) {
      expect(template).toContain(`<circle cx="${x}" cy="${y}" r="${holeMm / 2}"`);
    }
  });
});
