/** The README's own lines, run as a reader would. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { outsideTool } from "../outside-tools.ts";
import { demoFolder, ROOT, startDemo } from "./demo.fixture.ts";

const folder = demoFolder();
afterEach(folder.remove);

const MARK = "<!-- tested: scripts/end-to-end/readme.test.ts runs these lines -->";

/** The marked block of commands and the block of output that follows it. */
function shownInReadme(): { readonly commands: string; readonly output: string } {
  const text = readFileSync(join(ROOT, "README.md"), "utf8");
  const [, commands, output] =
    /```sh\n([\s\S]*?)```\n\n```\n([\s\S]*?)```/.exec(text.slice(text.indexOf(MARK))) ?? [];
  return { commands: commands ?? "", output: output ?? "" };
}

describe("the README", () => {
  it("shows commands that print exactly what it shows", async () => {
    const curl = outsideTool("curl", "the README's lines");
    const { commands, output } = shownInReadme();
    expect(commands).toContain("/panel/press");
    if (curl === null) return;
    const demo = await startDemo(join(folder.path, ".data"));
    try {
      const script = commands
        .replaceAll("http://127.0.0.1:8080", demo.url)
        .replaceAll("http://127.0.0.1:8081", demo.panels[0] ?? "");
      const run = spawnSync("bash", ["--norc", "-eu", "-c", script], {
        cwd: folder.path,
        encoding: "utf8",
        env: { PATH: `${process.env["PATH"]}:${dirname(curl)}`, TZ: "Europe/Rome" },
      });
      expect(run.stderr).toBe("");
      expect(run.stdout.replaceAll("\r", "")).toBe(output);
    } finally {
      await demo.stop();
    }
  });
});
