/** The page of threats names tests that exist, and says of every threat what remains. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const CELLS = 5;
const rows = readFileSync(join(ROOT, "schemas/THREATS.md"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| ---") && !line.startsWith("| Who "))
  .map((line) => line.slice(2, -2).split(" | "));

describe("a threat", () => {
  it("is one of many, each told once", () => {
    expect(rows.length).toBeGreaterThan(20);
    expect(new Set(rows.map(([who, tries]) => `${who} ${tries}`)).size).toBe(rows.length);
  });

  it.each(rows)("of %s, who %s: what stops it, what remains, and tests that exist", (...cells) => {
    expect(cells).toHaveLength(CELLS);
    for (const cell of cells) expect(cell.length).toBeGreaterThan(3);
    const paths = [...(cells.at(-1) ?? "").matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");
    expect(paths.length).toBeGreaterThan(0);
    expect(paths.filter((path) => !/\.test\.ts$/.test(path) || !existsSync(join(ROOT, path)))).toEqual([]);
  });
});
