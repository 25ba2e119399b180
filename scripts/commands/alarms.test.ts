import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { openSqliteStore } from "#gateway/store/sqlite/sqlite-store.ts";
import { fullTownSettings } from "../bench/town.ts";
import { ALARMS } from "./alarms.ts";

let dataDir = "";
let said = "";
let settings: readonly string[] = [];
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "faccine-alarms-"));
  const store = openSqliteStore(join(dataDir, "gateway.db"), 0);
  await store.raiseAlarm("statement-differs", "totem-1", "what it states of 2026-11-24 is another", 60_000);
  await store.raiseAlarm("statement-differs", "totem-1", "what it states of 2026-11-25 is another", 120_000);
  await store.close();
  const file = join(dataDir, "settings.yaml");
  writeFileSync(file, JSON.stringify({ ...fullTownSettings(), dataDir }));
  settings = ["--settings", file];
  said = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    said += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(dataDir, { recursive: true });
});

it("lists what stands, and its exit code says that something does", async () => {
  expect(await ALARMS.run(["list", ...settings])).toBe(1);
  expect(said).toBe(
    "statement-differs  totem-1  1970-01-01T00:01Z to 1970-01-01T00:02Z, 2 times  what it states of 2026-11-25 is another\n",
  );
});

it("clears one that was looked into, writes down that somebody did, and knows no other", async () => {
  await expect(ALARMS.run(["clear", "forked", ...settings])).rejects.toThrow("no alarm forked stands");
  await expect(ALARMS.run(["clear", "statement-differs", ...settings])).rejects.toThrow(
    "faccine alarms list",
  );
  expect(await ALARMS.run(["clear", "statement-differs", "totem-1", ...settings])).toBe(0);
  said = "";
  expect(await ALARMS.run(["list", ...settings])).toBe(0);
  expect(said).toBe("No alarm stands.\n");
  const store = openSqliteStore(join(dataDir, "gateway.db"), 0);
  expect((await store.held()).find(({ id }) => id === "gateway-access")).toMatchObject({ rows: 1 });
  await store.close();
});

it("writes down who looks after one, and with what note", async () => {
  const acknowledge = ["acknowledge", "statement-differs", "totem-1", ...settings];
  await expect(ALARMS.run([...acknowledge, "--note", "x".repeat(201)])).rejects.toThrow("at most 200");
  expect(await ALARMS.run([...acknowledge, "--note", "its card is on the way"])).toBe(0);
  said = "";
  expect(await ALARMS.run(["list", ...settings])).toBe(1);
  expect(said).toContain("seen by command: its card is on the way\n");
  await expect(ALARMS.run(["acknowledge", "forked", ...settings])).rejects.toThrow("no alarm forked stands");
});

it("says what it understands", async () => {
  await expect(ALARMS.run(["mute", ...settings])).rejects.toThrow("say: list, acknowledge");
});
