import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ALARM_CODES } from "#schemas/alarms.ts";

const ROOT = join(import.meta.dirname, "../..");
const guide = (name: string) => readFileSync(join(import.meta.dirname, name), "utf8");
/** Each alarm's part: its code and what stands below it. */
const partsOf = (text: string) =>
  new Map(
    text
      .split(/^## /m)
      .slice(1)
      .map((part) => [part.slice(0, part.indexOf("\n")), part]),
  );

describe.each([
  ["alarms.md", "What to do:"],
  ["alarms.it.md", "Che cosa fare:"],
])("%s", (name, todo) => {
  it("tells of every alarm there is, and of no other, what it means and what to do", () => {
    const parts = partsOf(guide(name));
    expect([...parts.keys()]).toEqual([...ALARM_CODES]);
    for (const [code, part] of parts) {
      expect(part, code).toContain(todo);
      expect(part.match(/^\d\. /gm)?.length, code).toBeGreaterThan(1);
    }
  });

  it("leads only to alarms, commands and settings that there are", () => {
    const text = guide(name);
    const commands = readFileSync(join(ROOT, "scripts/faccine.ts"), "utf8");
    for (const [, command = ""] of text.matchAll(/`faccine (\w[\w-]*)/g))
      expect(commands.includes(`/${command}.ts`), command).toBe(true);
    const settings = readFileSync(join(ROOT, "schemas/gateway-settings.ts"), "utf8");
    for (const [, setting = ""] of text.matchAll(/`(?:backup|alerts)\.(\w+)`/g))
      expect(settings).toContain(setting);
    for (const [, other = ""] of text.matchAll(/\b(?:[Ss]ee|[Vv]edi|and|e) `([a-z]+(?:-[a-z]+)+)`/g))
      expect(ALARM_CODES as readonly string[], other).toContain(other);
    expect(existsSync(join(ROOT, "SECURITY.md"))).toBe(true);
  });
});
