import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { plainYaml } from "#schemas/read-settings.ts";
import { openMetrics } from "../metrics.ts";

const guide = (name: string) => readFileSync(join(import.meta.dirname, name), "utf8");
type Rules = {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly alert: string;
      readonly expr: string;
      readonly annotations: { readonly summary: string };
    }[];
  }[];
};
type Dashboard = {
  readonly panels: readonly { readonly id: number; readonly targets: readonly { readonly expr: string }[] }[];
};

/** Every name the gateway tells, as Prometheus stores it. */
async function toldNames(): Promise<ReadonlySet<string>> {
  const metrics = openMetrics();
  metrics.counted("entries" as never, 1);
  metrics.refused("credentials");
  metrics.answered("/", 200, 0.1);
  metrics.note({ totems: 1, online: 1, alarms: 0 });
  const text = await metrics.text();
  return new Set([...text.matchAll(/^(faccine_\w+)/gm)].map(([, name = ""]) => name));
}
const namesIn = (text: string) => [...text.matchAll(/\bfaccine_\w+/g)].map(([name]) => name);

describe("the files for Prometheus and Grafana", () => {
  it("ask for nothing but what the gateway tells", async () => {
    const told = await toldNames();
    for (const name of ["prometheus-rules.yml", "grafana-dashboard.json"]) {
      const asked = namesIn(guide(name));
      expect(asked.length).toBeGreaterThan(5);
      for (const one of asked) expect(told.has(one), `${name}: ${one}`).toBe(true);
    }
  });

  it("have each alert once, with what it means; each panel a place and something to show", () => {
    const rules = (plainYaml(guide("prometheus-rules.yml")) as Rules).groups.flatMap((group) => group.rules);
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { alert, annotations } of rules) expect(annotations.summary.length, alert).toBeGreaterThan(20);
    const { panels } = JSON.parse(guide("grafana-dashboard.json")) as Dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { targets } of panels) expect(targets.length).toBeGreaterThan(0);
  });

  it("would be told of a name that nobody tells: the check can fail", async () => {
    expect((await toldNames()).has("faccine_faces")).toBe(false);
  });
});
