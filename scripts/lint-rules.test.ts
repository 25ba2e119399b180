import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, describe, expect, it } from "vitest";

const rules = createRequire(import.meta.url)("./dependency-rules.cjs") as {
  readonly forbidden: readonly { readonly name: string; readonly from: { readonly path: string } }[];
};
const purePath = rules.forbidden.find(({ name }) => name === "pure-files-touch-nothing")?.from.path;
const pure = new RegExp(purePath ?? "the rule has another name");

/** One broken habit each: where it is, how it looks, and the rule that must speak up. */
const PLANTED: readonly { readonly file: string; readonly text: string; readonly rule: string }[] = [
  {
    file: "gateway/b.ts",
    text: `export function b() {\n${"  b();\n".repeat(61)}}\n`,
    rule: "noExcessiveLinesPerFunction",
  },
  { file: "gateway/c.ts", text: `export default 1;\n`, rule: "noDefaultExport" },
  { file: "gateway/d.ts", text: `export * from "./b.ts";\n`, rule: "noReExportAll" },
  { file: "gateway/e.ts", text: `export const e = (a: any) => a;\n`, rule: "noExplicitAny" },
  { file: "gateway/f.ts", text: `export enum F {\n  A,\n}\n`, rule: "noEnum" },
  { file: "gateway/g.ts", text: `console.log(1);\n`, rule: "noConsole" },
  { file: "gateway/hI.ts", text: `export const h = 1;\n`, rule: "useFilenamingConvention" },
  {
    file: "gateway/j.ts",
    text: `async function late(): Promise<void> {}\nexport function j() {\n  late();\n}\n`,
    rule: "noFloatingPromises",
  },
  {
    file: "gateway/k.ts",
    text: `export function k(of: "a" | "b"): number {\n  switch (of) {\n    case "a":\n      return 1;\n  }\n  return 0;\n}\n`,
    rule: "useExhaustiveSwitchCases",
  },
  {
    file: "gateway/l.test.ts",
    text: `it.${"only"}("l", () => expect(1).toBe(1));\n`,
    rule: "noFocusedTests",
  },
  {
    file: "gateway/m.test.ts",
    text: `it.${"skip"}("m", () => expect(1).toBe(1));\n`,
    rule: "noSkippedTests",
  },
];

/** What a pure file must not ask the machine for. */
const AMBIENT: readonly { readonly text: string; readonly rule: string }[] = [
  { text: "export const a = Date.now();\n", rule: "noRestrictedGlobals" },
  { text: "export const a = new Date();\n", rule: "noRestrictedGlobals" },
  { text: "export const a = performance.now();\n", rule: "noRestrictedGlobals" },
  { text: "setTimeout(() => undefined, 1);\n", rule: "noRestrictedGlobals" },
  { text: "export const a = process.env;\n", rule: "noRestrictedGlobals" },
  { text: "export const a = crypto.randomUUID();\n", rule: "noRestrictedGlobals" },
  { text: "console.log(1);\n", rule: "noRestrictedGlobals" },
  { text: "export const a = globalThis;\n", rule: "noRestrictedGlobals" },
  { text: "export const a = Math.random();\n", rule: "noJsRestrictedProperties" },
  {
    text: `import { Temporal } from "temporal-polyfill";\n\nexport const a = Temporal.Now.instant();\n`,
    rule: "noJsRestrictedProperties",
  },
  {
    text: `import { randomBytes } from "node:crypto";\n\nexport const a = randomBytes(1);\n`,
    rule: "noRestrictedImports",
  },
];

let root: string;
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("the lint rules", () => {
  it("catch one planted violation of each habit", () => {
    const found = lint(PLANTED);
    expect(PLANTED.filter(({ file, rule }) => !found.includes(`${file} ${rule}`))).toEqual([]);
  });

  it("deny a pure file every ambient thing, and none to the file beside it", () => {
    const ambient = AMBIENT.map(({ text, rule }, at) => ({ file: `firmware/session/a${at}.ts`, text, rule }));
    const free = AMBIENT.map(({ text, rule }, at) => ({ file: `gateway/api/a${at}.ts`, text, rule }));
    const found = lint([...ambient, ...free]);
    expect(ambient.filter(({ file, rule }) => !found.includes(`${file} ${rule}`))).toEqual([]);
    expect(free.filter(({ file, rule }) => found.includes(`${file} ${rule}`))).toEqual([]);
  });

  it("deny them to exactly the files that the import rules call pure", () => {
    const tracked = execFileSync("git", ["ls-files", "firmware", "gateway", "schemas"], { encoding: "utf8" });
    const files = tracked.split("\n").filter((file) => /(?<!\.(test|suite|fixture))\.ts$/.test(file));
    const found = lint(files.map((file) => ({ file, text: "export const a = Date.now();\n" })));
    const denied = files.filter((file) => found.includes(`${file} noRestrictedGlobals`));
    expect(denied).toEqual(files.filter((file) => pure.test(file)));
    expect(denied.length).toBeGreaterThan(0);
  });
});

/** Lints these files under the project's own settings; answers with lines of `file rule`. */
function lint(files: readonly { readonly file: string; readonly text: string }[]): readonly string[] {
  root = mkdtempSync(join(tmpdir(), "faccine-lint-"));
  for (const shared of ["biome.json", ".gitignore"]) cpSync(shared, join(root, shared));
  for (const { file, text } of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  const biome = spawnSync(
    process.execPath,
    [
      resolve("node_modules/@biomejs/biome/bin/biome"),
      "lint",
      "--reporter=json",
      "--max-diagnostics=none",
      ".",
    ],
    { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
  const { diagnostics } = JSON.parse(biome.stdout) as {
    diagnostics: readonly { category: string; location: { path: string | { file: string } } }[];
  };
  return diagnostics.map(({ category, location }) => {
    const path = typeof location.path === "string" ? location.path : location.path.file;
    return `${path} ${category.split("/").at(-1)}`;
  });
}
