import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { GATEWAY_DEFAULTS, GATEWAY_SETTINGS } from "#schemas/gateway-settings.ts";
import { readSettings } from "#schemas/read-settings.ts";
import { RETENTION } from "#schemas/retention.ts";
import { liveThrough } from "../demo/history.ts";
import { planDemo } from "../demo/plan.ts";
import { provisionDemo } from "../demo/provision.ts";
import { DPO_REPORT } from "./dpo-report.ts";

const SETTINGS = join(import.meta.dirname, "../demo/comune.yaml");
const NOW_MS = Date.parse("2026-11-05T10:00:00Z");

let dataDir = "";
let said = "";
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "faccine-dpo-"));
  const planned = planDemo([], { FACCINE_DATA_DIR: dataDir, FACCINE_PANEL_PORT: "0" });
  const read = readSettings({
    ...{ shape: GATEWAY_SETTINGS, defaults: GATEWAY_DEFAULTS, env: {} },
    yaml: readFileSync(SETTINGS, "utf8"),
  });
  if (!planned.ok || !read.ok) throw new Error("the demo cannot be planned");
  await provisionDemo(planned.value, NOW_MS);
  await liveThrough(planned.value, read.value, { fromDay: "2026-11-02", nowMs: NOW_MS }, () => undefined);
  vi.stubEnv("FACCINE_DATA_DIR", planned.value.gatewayDir);
  said = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    said += text;
    return true;
  });
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(dataDir, { recursive: true });
});

describe("faccine dpo-report", () => {
  it("says of every row of the retention table what is held, since when, until when and why", async () => {
    expect(await DPO_REPORT.run(["--settings", SETTINGS])).toBe(0);
    for (const { id, why } of RETENTION) {
      expect(said).toContain(`${id}: `);
      expect(said).toContain(`why: ${why}`);
    }
    // Only the open days' votes are held as they came.
    expect(said).toMatch(/^gateway-votes: .*\n {2}held now: [1-9]\d*, the oldest of 2026-11-04$/m);
    expect(said).toMatch(/^gateway-marks: .*\n {2}held now: [1-9]\d*, the oldest of 2026-11-02$/m);
  });

  it("says the same as JSON, and no figure of any vote", async () => {
    expect(await DPO_REPORT.run(["--settings", SETTINGS, "--json"])).toBe(0);
    const rows = JSON.parse(said) as { id: string; now: { rows: number } | null }[];
    expect(rows.map(({ id }) => id)).toEqual(RETENTION.map(({ id }) => id));
    for (const { id, now } of rows) expect(now === null).toBe(id.startsWith("totem-"));
    expect(said).not.toMatch(/green|yellow/);
  });
});
