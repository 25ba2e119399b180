import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { brokenHouseRules } from "./check/house-rules.ts";

let root: string;
afterEach(() => rmSync(root, { recursive: true, force: true }));

const CLEAN = {
  "schemas/a.ts": "export const A = 1;\n",
  "gateway/b.ts": `import { A } from "#schemas/a.ts";\n\nexport const B: number = A;\n`,
  "firmware/c.ts": "export const C = 1;\n",
  "hardware/rules.ts": "export const brokenWiringRules = (): readonly string[] => [];\n",
  "scripts/generate.ts": `process.exit(process.argv[2] === "--check" ? 0 : 1);\n`,
};

describe("npm run check", () => {
  it("passes a clean tree, naming every step with its time", () => {
    makeTree(CLEAN);
    const { status, lines } = check();
    expect(lines.map((line) => line.replace(/\d+\.\d s/, "n s"))).toEqual([
      "ok     format and lint (n s)",
      "ok     types (n s)",
      "ok     import rules (n s)",
      "ok     generated files (n s)",
      "ok     wiring rules (n s)",
      "ok     house rules (n s)",
      "all is well",
    ]);
    expect(status).toBe(0);
  });

  it("goes on after the first failure, and names every step that found something", () => {
    makeTree({
      ...CLEAN,
      "gateway/badly-formatted.ts": "export const  a = 1",
      "gateway/badly-typed.ts": `export const n: number = "text";\n`,
      "gateway/badly-placed.ts": `import { C } from "#firmware/c.ts";\n\nexport const P = C;\n`,
      "scripts/generate.ts": "process.exit(1);\n",
      "hardware/rules.ts": `export const brokenWiringRules = (): readonly string[] => ["a pin is used twice"];\n`,
      "notes.md": `${"TO"}${"DO"}: all the rest\n`,
    });
    const { status, lines } = check();
    expect(lines.at(-1)).toBe(
      "failed: format and lint, types, import rules, generated files, wiring rules, house rules",
    );
    expect(lines.join("\n")).toContain("firmware-and-gateway-are-strangers");
    expect(lines).toContain("a pin is used twice");
    expect(status).toBe(1);
  });

  it("mends the format when asked, and refuses what it does not know", () => {
    makeTree({ ...CLEAN, "gateway/badly-formatted.ts": "export const  a = 1" });
    expect(check("--fix").lines.at(-1)).toBe("all is well");
    expect(check("--mend").status).toBe(2);
  });
});

describe("the house rules", () => {
  const lines = (count: number) => "const a = 1;\n".repeat(count);

  it("count the lines of a file, comments too, and let tests be longer", () => {
    expect(brokenHouseRules([{ path: "gateway/a.ts", text: lines(250) }])).toEqual([]);
    expect(brokenHouseRules([{ path: "gateway/a.ts", text: lines(251) }])).toEqual([
      "gateway/a.ts: 251 lines, at most 250: is it still one idea?",
    ]);
    expect(brokenHouseRules([{ path: "gateway/a.mjs", text: `/*\n${"x\n".repeat(300)}*/\n` }])).toHaveLength(
      1,
    );
    expect(brokenHouseRules([{ path: "gateway/a.test.ts", text: lines(400) }])).toEqual([]);
  });

  it.each([
    `// ${"TO"}DO later`,
    `// ${"FIX"}ME`,
    `it.${"skip"}("a", b);`,
    `describe.${"only"}("a", b);`,
    `test.${"todo"}("a");`,
  ])("name the line of %s", (line) => {
    const found = brokenHouseRules([{ path: "gateway/a.test.ts", text: `const a = 1;\n${line}\n` }]);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^gateway\/a\.test\.ts:2: /);
  });
});

/** A project of its own with our settings, our check and these files. */
function makeTree(files: Readonly<Record<string, string>>): void {
  root = mkdtempSync(join(tmpdir(), "faccine-check-"));
  symlinkSync(resolve("node_modules"), join(root, "node_modules"));
  for (const file of ["biome.json", "tsconfig.json", "package.json", "vitest.config.ts", ".gitignore"]) {
    cpSync(file, join(root, file));
  }
  for (const part of ["check.ts", "check", "dependency-fences.cjs", "dependency-rules.cjs"]) {
    cpSync(join("scripts", part), join(root, "scripts", part), { recursive: true });
  }
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  spawnSync("git", ["init", "--quiet"], { cwd: root });
}

function check(...args: readonly string[]) {
  const { status, stdout } = spawnSync(process.execPath, ["scripts/check.ts", ...args], {
    cwd: root,
    encoding: "utf8",
  });
  return { status, lines: stdout.trimEnd().split("\n") };
}
