/**
 * The whole self-test at the panel of a virtual totem: by its page's own requests, with nothing else.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { KEYS, type Key } from "#schemas/code-list.ts";
import type { PanelState } from "#schemas/panel.ts";
import { AUTOMATIC_CHECKS, READINESS_REPORT, SELF_TEST_ITEMS } from "#schemas/self-test.ts";
import { SESSION_DEFAULTS } from "#schemas/session-settings.ts";
import { openTestPanel, type TestPanel } from "./panel.fixture.ts";

let totem: TestPanel;
beforeEach(async () => {
  // The shortest lock-out there is: a test's fingers are quicker than people's.
  totem = await openTestPanel({ session: { ...SESSION_DEFAULTS, lockOutMs: 50 } });
});
afterEach(() => totem.close());

/** What the page shows a technician, who does it. */
async function obey(state: PanelState): Promise<void> {
  const { selfTestAsks: asks, lamps } = state;
  if (asks === null) return;
  const press = (key: Key) => totem.act("press", { key });
  if (asks.step === "keys") await press(asks.item.slice("key-".length) as Key);
  else if (asks.step === "lamps") {
    const lit = Object.entries(lamps).filter(([, lamp]) => lamp === "on");
    expect(lit).toHaveLength(1);
    await press(lit[0]?.[0] as Key);
  } else if (asks.step === "scanner") await totem.act("scan", { code: "8001090312345" });
  else if (asks.step !== "checks") await press("green");
}

it("The service key begins it, the page says what to do and how far it is, and at the end there is a report", async () => {
  expect((await totem.ask("/panel/self-test-report")).status).toBe(404);
  expect((await totem.act("press", { key: "service" })).selfTestAsks).toMatchObject({
    item: "key-green",
    number: 1,
  });
  const asked = new Set<string>();
  for (let looks = 0; looks < 400; looks += 1) {
    const state = await totem.state();
    if (state.selfTest !== "running") break;
    if (state.selfTestAsks !== null && !asked.has(state.selfTestAsks.item)) {
      asked.add(state.selfTestAsks.item);
      await obey(state);
    }
    // Let go of the key, and over the lock-out.
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const state = await totem.state();
  expect(state).toMatchObject({ selfTestAsks: null, selfTestReport: true, captured: 2, testMode: true });
  // The checks of the machine may be over before anybody looks.
  asked.delete("clock");
  expect([...asked]).toEqual(SELF_TEST_ITEMS.slice(0, -AUTOMATIC_CHECKS.length));

  const page = await totem.ask("/panel/self-test-report?lang=en");
  expect(page.headers["content-security-policy"]).toContain("style-src 'unsafe-inline'");
  expect((await totem.ask("/")).headers["content-security-policy"]).not.toContain("unsafe");
  expect(page.text).toContain("Readiness report");
  expect(page.text).not.toContain("8001090312345");
  const folder = join(totem.dataDir, "reports");
  const name = readdirSync(folder).find((file) => file.endsWith(".json")) ?? "";
  const report = JSON.parse(readFileSync(join(folder, name), "utf8")) as unknown;
  expect(READINESS_REPORT.is(report)).toBe(true);
  if (!READINESS_REPORT.is(report)) return;
  expect(report.bounce?.map(({ key }) => key)).toEqual(KEYS);
  expect(report.items.filter(({ result }) => result === "failed").map(({ problem }) => problem)).toEqual(
    // A machine whose temporary files lie in memory says so, and rightly.
    report.items.some(({ problem }) => problem === "volatile") ? ["volatile"] : [],
  );
});
