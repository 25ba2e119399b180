import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { describeWithTool } from "./outside-tools.ts";

const GOLDEN = fileURLToPath(new URL("../gateway/reports/golden/", import.meta.url));

describeWithTool("python3", "the golden report files", (python) => {
  const folder = mkdtempSync(join(tmpdir(), "faccine-golden-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("are what the second implementation writes, byte for byte", () => {
    execFileSync(python, [join(GOLDEN, "generate.py"), folder]);
    const committed = readdirSync(GOLDEN).filter((name) => name.endsWith(".csv"));
    expect(committed.length).toBeGreaterThan(10);
    expect(readdirSync(folder).sort()).toEqual(committed.sort());
    for (const name of committed) {
      expect(readFileSync(join(folder, name)).equals(readFileSync(join(GOLDEN, name))), name).toBe(true);
    }
  });
});
