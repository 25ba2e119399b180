import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ALARM_CODES } from "#schemas/alarms.ts";
import { readRunbooks } from "./runbook.ts";

describe.each(["alarms.md", "alarms.it.md"])("the guide %s", (name) => {
  const text = readFileSync(join(import.meta.dirname, "../guides", name), "utf8");
  const runbooks = readRunbooks(text);

  it("is read whole: every alarm, each word of what it means and of every step", () => {
    expect([...runbooks.keys()]).toEqual([...ALARM_CODES]);
    const read = [...runbooks.values()].flatMap(({ meaning, steps }) => [meaning, ...steps]);
    const words = (all: string) => all.replaceAll("`", "").replace(/\s+/g, " ").trim();
    const kept = read.map((sentence) => words(sentence.map((piece) => piece.text).join("")));
    const written = text
      .split(/^## .*$/m)
      .slice(1)
      .flatMap((part) => part.split(/\n\n+/))
      .flatMap((block) => block.split(/^\d+\. /m))
      .map(words)
      .filter((block) => block !== "" && !/^(What to do|Che cosa fare):$/.test(block));
    expect(kept).toEqual(written);
  });

  it("tells code from words", () => {
    const steps = runbooks.get("backup-failed")?.steps ?? [];
    expect(steps[2]?.[0]).toEqual({ isCode: true, text: "faccine backup make" });
    expect(steps[2]?.[1]?.isCode).toBe(false);
  });
});

it("a part without steps is not taken for a runbook", () => {
  expect(() => readRunbooks("# x\n\n## forked\n\nOnly what it means.\n")).toThrow("too little of forked");
});
