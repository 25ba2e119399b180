import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { AUTOMATIC_CHECKS } from "#schemas/self-test.ts";
import { automaticChecks, type CheckParts, temperatureCheck } from "./automatic-checks.ts";
import { machineOf } from "./machine.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "faccine-checks-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function check(over: Partial<CheckParts> = {}) {
  const checks = await automaticChecks({
    clock: { entryTime: () => ({ clock: "trusted" }) as never },
    journal: { probe: async () => ({ ok: true, value: null }) },
    dataDir: folder,
    minFreeBytes: 0,
    isConnected: () => true,
    sys: folder,
    ...over,
  });
  expect(checks.map(({ item }) => item)).toEqual(AUTOMATIC_CHECKS);
  return Object.fromEntries(checks.map(({ item, result, problem }) => [item, problem ?? result]));
}

/** A Raspberry Pi's own watch over its supply, as the kernel shows it. */
function supply(alarm: string): void {
  mkdirSync(join(folder, "class/hwmon/hwmon1"), { recursive: true });
  mkdirSync(join(folder, "class/hwmon/hwmon0"), { recursive: true });
  writeFileSync(join(folder, "class/hwmon/hwmon0/name"), "cpu_thermal\n");
  writeFileSync(join(folder, "class/hwmon/hwmon1/name"), "rpi_volt\n");
  writeFileSync(join(folder, "class/hwmon/hwmon1/in0_lcrit_alarm"), alarm);
}

it("A machine that is well passes, and what it does not have is noted", async () => {
  expect(await check()).toMatchObject({
    clock: "passed",
    disk: "passed",
    journal: "passed",
    gateway: "passed",
    temperature: "not-fitted",
    power: "not-fitted",
  });
});

it("Without a network the clock and the centre are noted: neither keeps a totem from being ready", async () => {
  const checks = await automaticChecks({
    clock: { entryTime: () => ({ clock: "untrusted" }) as never },
    journal: { probe: async () => ({ ok: true, value: null }) },
    dataDir: folder,
    minFreeBytes: 0,
    isConnected: () => false,
    sys: folder,
  });
  const noted = checks.filter(({ result }) => result === "noted").map(({ item, problem }) => [item, problem]);
  expect(noted).toContainEqual(["clock", "clock-untrusted"]);
  expect(noted).toContainEqual(["gateway", "not-connected"]);
});

it("Too little room, a journal that does not commit, too little voltage and too much heat fail", async () => {
  supply("1\n");
  mkdirSync(join(folder, "class/thermal/thermal_zone0"), { recursive: true });
  writeFileSync(join(folder, "class/thermal/thermal_zone0/temp"), "80000\n");
  const found = await check({
    minFreeBytes: Number.MAX_SAFE_INTEGER,
    journal: { probe: async () => ({ ok: false, problem: "journal-failed" }) },
  });
  expect(found).toMatchObject({
    disk: "too-little-room",
    journal: "not-committed",
    power: "under-voltage",
    temperature: "too-hot",
  });
  supply("0\n");
  expect(await check()).toMatchObject({ power: "passed" });
  expect(temperatureCheck(79_999)).toEqual({ result: "passed", problem: null, found: "80.0 °C" });
});

it("A check that throws fails alone; a data folder that is gone is told as such", async () => {
  const found = await check({
    dataDir: join(folder, "gone"),
    clock: {
      entryTime: () => {
        throw new Error("no clock");
      },
    },
  });
  expect(found).toMatchObject({ clock: "broke", disk: "broke", "data-folder": "broke", journal: "passed" });
});

it("Memory dressed up as a disk is named", async () => {
  expect(await check({ dataDir: "/dev/shm" })).toMatchObject({ "data-folder": "volatile" });
});

it("The board says its model and number, without the zero byte at their end, or nothing at all", () => {
  writeFileSync(join(folder, "model"), "Raspberry Pi 4 Model B Rev 1.4\0");
  writeFileSync(join(folder, "serial-number"), "\0");
  expect(machineOf("pinctrl-bcm2711", folder)).toMatchObject({
    model: "Raspberry Pi 4 Model B Rev 1.4",
    serial: null,
    chipLabel: "pinctrl-bcm2711",
  });
  writeFileSync(join(folder, "model"), "x".repeat(201));
  expect(machineOf(null, folder).model).toHaveLength(200);
  expect(machineOf(null, join(folder, "none"))).toMatchObject({ model: null, serial: null, chipLabel: null });
});
