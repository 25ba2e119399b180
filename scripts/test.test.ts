import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { absenceReport, findTool, missingPackages, TOOL_NAMES } from "./outside-tools.ts";

let root: string;
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("npm test", () => {
  it("names what an absent tool kept from running, and ends well", () => {
    makeTree({ "tool.test.ts": NEEDS_CHROMIUM, "good.test.ts": GOOD });
    const { status, closing } = run({ PATH: "" });
    expect(closing.slice(-3)).toEqual([
      "not run: needs chromium (apt install chromium)",
      "  a page in a browser",
      "1 passed, 0 failed, 1 skipped",
    ]);
    expect(status).toBe(0);
  });

  it("fails for the absent tool where every tool is required", () => {
    makeTree({ "tool.test.ts": NEEDS_CHROMIUM, "good.test.ts": GOOD });
    const { status, closing } = run({ PATH: "", FACCINE_REQUIRE_TOOLS: "1" });
    expect(closing.at(-1)).toBe("1 passed, 1 failed");
    expect(closing).toContain("not run: needs chromium (apt install chromium)");
    expect(status).toBe(1);
  });

  it("runs the tests that need a tool when it is there, and hands them its path", () => {
    makeTree({ "tool.test.ts": NEEDS_CHROMIUM });
    mkdirSync(join(root, "bin"));
    writeFileSync(join(root, "bin", "chromium"), "", { mode: 0o755 });
    const { status, closing } = run({ PATH: join(root, "bin"), FACCINE_REQUIRE_TOOLS: "1" });
    expect(closing.at(-1)).toBe("1 passed, 0 failed");
    expect(closing.join("\n")).not.toContain("not run");
    expect(status).toBe(0);
  });

  it("runs one file when told which, and counts a file that cannot even be loaded as failed", () => {
    makeTree({ "good.test.ts": GOOD, "broken.test.ts": `throw new Error("not even loaded");` });
    const one = run({}, "scripts/good");
    expect([one.status, one.closing.at(-1)]).toEqual([0, "1 passed, 0 failed"]);
    const all = run({});
    expect([all.status, all.closing.at(-1)]).toEqual([1, "1 passed, 1 failed"]);
  });

  it("does not end well when nothing ran", () => {
    makeTree({ "good.test.ts": GOOD });
    const { status, closing } = run({}, "no-such-file");
    expect([status, closing.at(-1)]).toEqual([1, "0 passed, 0 failed"]);
  });
});

describe("a tool", () => {
  it("is found under any of its names and in the sbin beside a bin, and only if it can be run", () => {
    root = mkdtempSync(join(tmpdir(), "faccine-tools-"));
    for (const folder of ["bin", "sbin"]) mkdirSync(join(root, folder));
    const path = join(root, "bin");
    expect(findTool("chromium", path)).toBeNull();
    writeFileSync(join(root, "bin", "chromium"), "", { mode: 0o644 });
    expect(findTool("chromium", path)).toBeNull();
    writeFileSync(join(root, "bin", "google-chrome"), "", { mode: 0o755 });
    expect(findTool("chromium", path)).toBe(join(root, "bin", "google-chrome"));
    writeFileSync(join(root, "sbin", "mosquitto"), "", { mode: 0o755 });
    expect(findTool("mosquitto", path)).toBe(join(root, "sbin", "mosquitto"));
  });

  it("absent from many tests is told once, with each thing not run once", () => {
    const notes = "sqlite3\tspeed\npython3\toracle\nsqlite3\tspeed\nsqlite3\tsame rows\npython3\t\n";
    expect(absenceReport(notes)).toEqual([
      "not run: needs python3 (apt install python3)",
      "  oracle",
      "not run: needs sqlite3 (apt install sqlite3)",
      "  speed",
      "  same rows",
    ]);
    expect(absenceReport("")).toEqual([]);
  });

  it("has a package for every one, and those are asked for where there is none at all", () => {
    const path = process.env["PATH"];
    process.env["PATH"] = "";
    try {
      expect(missingPackages()).toHaveLength(TOOL_NAMES.length);
    } finally {
      process.env["PATH"] = path;
    }
  });
});

const GOOD = `
import { expect, it } from "vitest";
it("holds", () => expect(1).toBe(1));
`;

const NEEDS_CHROMIUM = `
import { expect, it } from "vitest";
import { describeWithTool } from "./outside-tools.ts";
describeWithTool("chromium", "a page in a browser", (path) => {
  it("opens", () => expect(path).toMatch(/chromium$/));
});
`;

/** A project of its own with our runner and these tests. */
function makeTree(tests: Readonly<Record<string, string>>): void {
  root = mkdtempSync(join(tmpdir(), "faccine-runner-"));
  mkdirSync(join(root, "scripts"));
  symlinkSync(resolve("node_modules"), join(root, "node_modules"));
  for (const file of ["vitest.config.ts", "package.json"]) cpSync(file, join(root, file));
  for (const file of ["test.ts", "outside-tools.ts"])
    cpSync(join("scripts", file), join(root, "scripts", file));
  for (const [file, text] of Object.entries(tests)) writeFileSync(join(root, "scripts", file), text);
}

function run(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const { FACCINE_REQUIRE_TOOLS: _, ...own } = process.env;
  const { status, stdout } = spawnSync(process.execPath, ["scripts/test.ts", ...args], {
    cwd: root,
    env: { ...own, ...env },
    encoding: "utf8",
  });
  return { status, closing: stdout.trimEnd().split("\n") };
}
