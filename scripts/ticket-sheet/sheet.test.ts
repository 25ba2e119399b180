import { describe, expect, it } from "vitest";
import { SHEET_TICKETS_MAX, sheetHtml, sheetMinutes } from "./sheet.ts";

describe("a sheet of tickets", () => {
  it("has one for each few minutes, both ends included", () => {
    expect(sheetMinutes("09:00", "09:20", 10)).toEqual({ ok: true, value: [540, 550, 560] });
    expect(sheetMinutes("09:00", "09:00", 5)).toEqual({ ok: true, value: [540] });
  });

  it.each([
    ["without a beginning", undefined, "10:00", 10, "--from (not given)"],
    ["from no time of the day", "25:00", "26:00", 10, "--from 25:00"],
    ["that ends before it begins", "10:00", "09:59", 10, "--to 09:59"],
    ["of no step", "09:00", "10:00", 0, "--every"],
    ["of half minutes", "09:00", "10:00", 0.5, "--every"],
    ["that nobody cuts out", "00:00", "23:59", 1, `at most ${SHEET_TICKETS_MAX}`],
  ])("%s is refused, with what was wrong", (_, from, to, every, problem) => {
    const minutes = sheetMinutes(from, to, every);
    expect(minutes.ok ? "taken" : minutes.problem).toContain(problem);
  });

  it("is a page that loads nothing and takes no name for markup", () => {
    const page = sheetHtml([{ code: "F1TEST", clock: "09:00" }], {
      ...{ title: "<b>Anagrafe</b>", day: "2026-11-27", validMinutes: 60 },
    });
    expect(page).not.toMatch(/<b>Anagrafe|https?:\/\/(?!www\.w3\.org)/);
    expect(page.match(/<svg/g)).toHaveLength(1);
  });
});
