import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSqliteStore } from "#gateway/store/sqlite/sqlite-store.ts";
import type { Store } from "#gateway/store/store.ts";
import { GATEWAY_DEFAULTS, GATEWAY_SETTINGS, type GatewaySettings } from "#schemas/gateway-settings.ts";
import { dayStartMs } from "#schemas/local-day.ts";
import { readSettings } from "#schemas/read-settings.ts";
import { checkProof } from "../verify/check-proof.ts";
import { filesOfFolder, readProof } from "../verify/read-proof.ts";
import { historyFromDay, liveThrough } from "./history.ts";
import { votesOfDay } from "./invented-votes.ts";
import { type DemoPlan, planDemo } from "./plan.ts";
import { provisionDemo } from "./provision.ts";

const ZONE = "Europe/Rome";
const FROM = "2026-09-28";
const NOW_MS = Date.parse("2026-11-05T10:00:00Z");

const read = readSettings({
  shape: GATEWAY_SETTINGS,
  defaults: GATEWAY_DEFAULTS,
  yaml: readFileSync(join(import.meta.dirname, "comune.yaml"), "utf8"),
  env: {},
});
if (!read.ok) throw new Error("the demo's settings are wrong");
const settings: GatewaySettings = read.value;

let dataDir: string;
let plan: DemoPlan;
let store: Store;
const said: string[] = [];
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "faccine-history-"));
  const planned = planDemo(["--totems", "3", "--history"], {
    FACCINE_DATA_DIR: dataDir,
    FACCINE_PANEL_PORT: "0",
  });
  if (!planned.ok) throw new Error(planned.problem);
  plan = planned.value;
  await provisionDemo(plan, NOW_MS, dayStartMs(FROM, ZONE));
  await liveThrough(plan, settings, { fromDay: FROM, nowMs: NOW_MS }, (line) => said.push(line));
  store = openSqliteStore(join(plan.gatewayDir, "gateway.db"), NOW_MS);
}, 120_000);
afterAll(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true });
});

describe("a history that was lived through", () => {
  it("is closed up to the day before yesterday, and everything adds up", async () => {
    expect(await store.closedThrough()).toBe("2026-11-03");
    const days = { fromDay: FROM, toDay: "2026-11-06" };
    expect([...(await store.recount(days)), ...(await store.recountTotems())]).toEqual([]);
    const votes = (await store.totemStatuses()).reduce((sum, { sums }) => sum + sums.received, 0);
    expect(votes).toBeGreaterThan(1_500);
    expect(said).toEqual([
      "Living through 2026-09 …",
      "Living through 2026-10 …",
      "Living through 2026-11 …",
    ]);
  });

  it("has its proof, in which every totem states every day and every figure opens", async () => {
    const proof = await readProof(filesOfFolder(join(plan.gatewayDir, "public", "proof")));
    const { months } = proof;
    expect(months.map(({ month }) => month)).toEqual(["2026-09", "2026-10"]);
    expect(checkProof(proof)).toMatchObject({ findings: [], missing: [] });
    for (const month of ["2026-09", "2026-10"])
      expect(existsSync(join(plan.gatewayDir, "public", month, "index.html")), month).toBe(true);
    // The service with few votes shows less than the others.
    const figures = months.flatMap(({ sums }) => [...Map.groupBy(sums, ({ row }) => row.service).values()]);
    expect(Math.max(...figures.map((sums) => sums.length))).toBe(9);
    expect(Math.min(...figures.map((sums) => sums.length))).toBeLessThan(9);
  });
});

it("Nine whole months lie before the present one", () => {
  expect(historyFromDay(NOW_MS, ZONE)).toBe("2026-02-01");
  expect(historyFromDay(Date.parse("2026-03-15T10:00:00Z"), ZONE)).toBe("2025-06-01");
});

it("Invented votes are the same for the same day, none at the weekend, and now and then a ticket is used twice", () => {
  expect(votesOfDay("2026-10-01", 5, settings)).toEqual(votesOfDay("2026-10-01", 5, settings));
  expect(votesOfDay("2026-10-03", 5, settings)).toEqual([]);
  const days = Array.from({ length: 28 }, (_, day) => `2026-10-${String(day + 1).padStart(2, "0")}`);
  const marks = days
    .flatMap((day) => votesOfDay(day, 5, settings))
    .flatMap(({ mark }) => (mark === null ? [] : [mark]));
  expect(marks.length).toBeGreaterThan(0);
  expect(new Set(marks).size * 2).toBe(marks.length);
});
