import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { driftIn, generate } from "./generate.ts";
import { generatedFiles } from "./generators.ts";

const SCRIPT = fileURLToPath(new URL("generate.ts", import.meta.url));
const HELLO = "schemas/json/hello.schema.json";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "faccine-generate-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
}

describe("generating", () => {
  it("writes every file once, and changes nothing the second time", () => {
    expect(generate(root).map(({ path }) => path)).toEqual(generatedFiles().map(({ path }) => path));
    expect(driftIn(root)).toEqual([]);
    expect(generate(root)).toEqual([]);
  });

  it("finds a file that was edited, one that is missing and one that was left behind, and mends all three", () => {
    generate(root);
    const original = readFileSync(join(root, HELLO), "utf8");
    writeFileSync(join(root, HELLO), original.replace("64", "65"));
    rmSync(join(root, "schemas/json/asyncapi.json"));
    writeFileSync(join(root, "schemas/json/old.schema.json"), "{}\n");
    const drift = [
      { path: "schemas/json/asyncapi.json", what: "missing" },
      { path: HELLO, what: "differs" },
      { path: "schemas/json/old.schema.json", what: "no longer generated" },
    ];
    expect(driftIn(root)).toEqual(drift);
    expect(generate(root)).toEqual(drift);
    expect(driftIn(root)).toEqual([]);
    expect(readFileSync(join(root, HELLO), "utf8")).toBe(original);
  });
});

describe("npm run generate", () => {
  it("with --check passes on what is committed", () => {
    const { status, stdout } = run("--check");
    expect(stdout).toMatch(/^\d+ generated files are up to date\.$/m);
    expect(status).toBe(0);
  });

  it("with --check names the planted drift, fails, and writes nothing", () => {
    generate(root);
    const planted = `${readFileSync(join(root, HELLO), "utf8")} `;
    writeFileSync(join(root, HELLO), planted);
    const { status, stdout } = run("--check", "--root", root);
    expect(status).toBe(1);
    expect(stdout).toContain(`${HELLO}: differs`);
    expect(stdout).toContain("npm run generate");
    expect(readFileSync(join(root, HELLO), "utf8")).toBe(planted);
  });

  it("without --check writes what differs and says so", () => {
    mkdirSync(join(root, "schemas"));
    const { status, stdout } = run("--root", root);
    expect(status).toBe(0);
    expect(stdout).toContain(`${HELLO}: missing, now written`);
    expect(driftIn(root)).toEqual([]);
  });

  it("explains itself with --help, and refuses what it does not know", () => {
    expect(run("--help").stdout).toMatch(/--check/);
    const { status, stderr } = run("--chekc");
    expect(stderr).toMatch(/^generate: .*--chekc/);
    expect(status).toBe(2);
  });
});
