import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWithTool } from "../outside-tools.ts";
import { LIES, liarWith, writeReadProof } from "./lies.fixture.ts";
import { filesOfFolder, type ReadProof, readProof } from "./read-proof.ts";
import { liveThroughMonth, type Town } from "./town.fixture.ts";

const SCRIPT = join(import.meta.dirname, "second_checker.py");

describeWithTool("python3", "a second checker, written from PROOF.md alone", (python) => {
  let town: Town;
  let honest: ReadProof;
  beforeAll(async () => {
    town = await liveThroughMonth();
    honest = await readProof(filesOfFolder(town.folder));
  }, 120_000);
  afterAll(async () => {
    await town.store.close();
    rmSync(town.folder, { recursive: true });
  });
  const check = (folder: string) => {
    const { status, stdout, stderr } = spawnSync(python, [SCRIPT, folder], { encoding: "utf8" });
    return { status, said: stdout + stderr };
  };

  it("finds nothing wrong with an honest proof", () => {
    expect(check(town.folder)).toEqual({ status: 0, said: "" });
  });

  it.each(LIES)("finds out a gateway that %s, and says where", (lie) => {
    const folder = mkdtempSync(join(tmpdir(), "faccine-lie-"));
    try {
      writeReadProof(folder, liarWith(honest, town.key).lie(lie));
      const { status, said } = check(folder);
      expect(status).toBe(1);
      expect(said).toMatch(/^(line \d+|checkpoint of|not all lines|2026-10: )/m);
      expect(said).not.toContain("Traceback");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
