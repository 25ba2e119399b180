import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { underVoltage } from "./power.ts";

let sys: string;
beforeEach(() => {
  sys = mkdtempSync(join(tmpdir(), "faccine-sys-"));
});
afterEach(() => rmSync(sys, { recursive: true, force: true }));

function device(folder: string, files: Readonly<Record<string, string>>): void {
  const path = join(sys, "class/hwmon", folder);
  mkdirSync(path, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
}

describe("the watch over the supply", () => {
  it("says what the kernel's alarm says, found by its name among other devices", () => {
    device("hwmon0", { name: "cpu_thermal\n", in0_lcrit_alarm: "1\n" });
    device("hwmon1", { name: "rpi_volt\n", in0_lcrit_alarm: "0\n" });
    expect(underVoltage(sys)).toBe(false);
    device("hwmon1", { in0_lcrit_alarm: "1\n" });
    expect(underVoltage(sys)).toBe(true);
  });

  it("is not there on other boards, nor where it cannot be read", () => {
    expect(underVoltage(sys)).toBeNull();
    device("hwmon0", { name: "rpi_volt\n" });
    expect(underVoltage(sys)).toBeNull();
  });
});
