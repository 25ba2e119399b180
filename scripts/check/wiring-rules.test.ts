import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "faccine-wiring-"));
  symlinkSync(resolve("node_modules"), join(root, "node_modules"));
  for (const part of ["package.json", "schemas", "hardware", "scripts/check"]) {
    cpSync(part, join(root, part), { recursive: true });
  }
});
afterEach(() => rmSync(root, { recursive: true }));

function judge() {
  const { status, stdout } = spawnSync(process.execPath, ["scripts/check/wiring-rules.ts"], {
    cwd: root,
    encoding: "utf8",
  });
  return { status, stdout };
}

describe("the step for the wiring", () => {
  it("passes what is there, and names the rule and the pin once a pin is written for two keys", () => {
    expect(judge()).toEqual({ status: 0, stdout: "" });
    const file = join(root, "hardware/wiring.ts");
    const doubled = readFileSync(file, "utf8").replace(/wait: "GPIO17"/, 'wait: "GPIO18"');
    writeFileSync(file, doubled);
    const { status, stdout } = judge();
    expect(status).toBe(1);
    expect(stdout).toContain("hardware/wiring.ts on Raspberry Pi 5: pin-used-once: pin GPIO18 is used twice");
  });
});
