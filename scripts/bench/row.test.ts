import { describe, expect, it } from "vitest";
import { type Goal, isDefect, jsonOf, judged, notMeasured, tableOf, told } from "./row.ts";

const AT_MOST: Goal = { kind: "at most", value: 30, reason: "a test" };
const AT_LEAST: Goal = { kind: "at least", value: 0.5, reason: "a test" };

describe("a row", () => {
  it("is judged by its goal, the goal itself included", () => {
    expect(judged("press", 30, "ms", { goal: AT_MOST }).ok).toBe(true);
    expect(judged("press", 30.001, "ms", { goal: AT_MOST }).ok).toBe(false);
    expect(judged("drain", 0.5, "x", { goal: AT_LEAST }).ok).toBe(true);
    expect(judged("drain", 0.499, "x", { goal: AT_LEAST }).ok).toBe(false);
  });

  it("is judged by what was measured, not by what is told of it", () => {
    expect(judged("press", 30.04, "ms", { goal: AT_MOST })).toMatchObject({ value: 30, ok: false });
  });

  it("of a peer is judged by nothing", () => {
    expect(told("peer", 12_345.6, "votes/s")).toEqual({
      name: "peer",
      value: 12_346,
      unit: "votes/s",
      goal: null,
      ok: true,
      note: "",
    });
  });

  it("that could not be measured is not ok", () => {
    expect(notMeasured("export", "x", { goal: AT_LEAST, why: "needs sqlite3" })).toMatchObject({
      value: null,
      ok: false,
      note: "not measured: needs sqlite3",
    });
  });
});

describe("a defect", () => {
  const goal = { kind: "at most", value: 0, reason: "none may be lost" } as const;

  it("is a lost vote or a figure that could not be had, never a slow machine", () => {
    expect(isDefect(judged("votes lost", 1, "votes", { goal }))).toBe(true);
    expect(isDefect(judged("votes lost", 0, "votes", { goal }))).toBe(false);
    expect(isDefect(judged("start", 9, "ms", { goal }))).toBe(false);
    expect(isDefect(notMeasured("export", "x", { goal, why: "no sqlite3" }))).toBe(true);
  });
});

describe("all rows", () => {
  const rows = [
    judged("press", 3.1234, "ms", { goal: AT_MOST, note: "simulated" }),
    told("limit", 2, "ms"),
    judged("drain", 0.25, "x", { goal: AT_LEAST }),
  ];

  it("are printed for machines with exactly the five fields", () => {
    expect(JSON.parse(jsonOf(rows))).toEqual([
      { name: "press", value: 3.12, unit: "ms", goal: "<= 30", ok: true },
      { name: "limit", value: 2, unit: "ms", goal: null, ok: true },
      { name: "drain", value: 0.25, unit: "x", goal: ">= 0.5", ok: false },
    ]);
  });

  it("are printed for people with their notes, and what missed its goal stands out", () => {
    const lines = tableOf(rows).split("\n");
    expect(lines).toEqual([
      "ok    3.12 ms  <= 30   press",
      "      simulated",
      "         2 ms          limit",
      "MISS  0.25 x   >= 0.5  drain",
    ]);
  });
});
