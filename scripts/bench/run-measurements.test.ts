import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { outsideTool } from "../outside-tools.ts";
import type { Measurement } from "./measurement.ts";
import { MEASUREMENTS } from "./measurements.ts";
import { told } from "./row.ts";
import { runMeasurements } from "./run-measurements.ts";

const root = mkdtempSync(join(tmpdir(), "faccine-bench-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const NOBODY_LISTENS = () => undefined;

describe("a run of measurements", () => {
  it("gives each a folder of its own and leaves nothing behind", async () => {
    const dirs: string[] = [];
    const writes: Measurement = {
      name: "writes",
      about: "writes a file",
      run: async (_, { dir }) => {
        dirs.push(dir);
        expect(readdirSync(dir)).toEqual([]);
        writeFileSync(join(dir, "file"), "");
        return [told("row", 1, "x")];
      },
    };
    await runMeasurements([writes, writes], { size: "tiny", root, say: NOBODY_LISTENS });
    expect(new Set(dirs).size).toBe(2);
    expect(dirs.filter((dir) => existsSync(dir))).toEqual([]);
  });

  it("goes on when one breaks, and says so with a row that is not ok", async () => {
    const breaks: Measurement = {
      name: "breaks",
      about: "breaks",
      run: async () => {
        throw new Error("planted");
      },
    };
    const works: Measurement = { name: "works", about: "works", run: async () => [told("row", 1, "x")] };
    const rows = await runMeasurements([breaks, works], { size: "full", root, say: NOBODY_LISTENS });
    expect(rows).toMatchObject([
      { name: "breaks broke", value: null, ok: false, note: "Error: planted" },
      { name: "row", ok: true },
    ]);
  });

  it("marks every row of a short run as one", async () => {
    const works: Measurement = { name: "works", about: "works", run: async () => [told("row", 1, "x")] };
    const rows = await runMeasurements([works], { size: "short", root, say: NOBODY_LISTENS });
    expect(rows.map(({ name }) => name)).toEqual(["row (short run)"]);
  });
});

const sqlite = outsideTool("sqlite3", "the bench's export beside sqlite3 -csv");

/** How many rows each has; nothing is said about any time. */
const ROWS: Readonly<Record<string, number>> = {
  judge: 3,
  proof: 4,
  publish: 2,
  press: 4,
  drain: 4,
  report: 2,
  pages: 2,
  // Without sqlite3 the export has its memory, and a row that says what is missing.
  export: sqlite === null ? 2 : 4,
  firmware: 3,
  fleet: 3,
  faults: 2,
  kills: 2,
};
describe("each measurement still runs, at a size that measures nothing", () => {
  it.each(MEASUREMENTS.map((measurement) => [measurement.name, measurement] as const))(
    "%s",
    async (name, measurement) => {
      const rows = await runMeasurements([measurement], { size: "tiny", root, say: NOBODY_LISTENS });
      expect(rows).toHaveLength(ROWS[name] ?? 0);
      const unmeasured = rows.filter(({ value }) => value === null).map(({ note }) => note);
      expect(unmeasured).toEqual(
        name === "export" && sqlite === null ? [expect.stringContaining("needs sqlite3")] : [],
      );
    },
  );
});
