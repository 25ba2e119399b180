/**
 * `npm run check [-- --fix]`: format, lint, types, import rules, generated files, wiring rules and house rules, all of them even when
 * one fails. With --fix it writes what the formatter and the safe lint fixes would change. CI runs the same.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { brokenHouseRules } from "./check/house-rules.ts";
import { runSteps, type Step } from "./check/steps.ts";

const root = dirname(import.meta.dirname);
const args = process.argv.slice(2);
const unknown = args.filter((arg) => arg !== "--fix");
if (unknown.length > 0) {
  console.error(`unknown: ${unknown.join(" ")}. Usage: npm run check [-- --fix]`);
  process.exit(2);
}

const steps: readonly Step[] = [
  {
    name: "format and lint",
    run: [
      bin("@biomejs/biome/bin/biome"),
      "check",
      "--error-on-warnings",
      // By itself it stops after twenty.
      "--max-diagnostics=200",
      ...(args.includes("--fix") ? ["--write"] : []),
      ".",
    ],
  },
  { name: "types", run: [bin("typescript/bin/tsc"), "--project", "."] },
  {
    name: "import rules",
    run: [
      bin("dependency-cruiser/bin/dependency-cruiser.mjs"),
      "--config",
      "scripts/dependency-rules.cjs",
      "--output-type",
      "err-long",
      ...["schemas", "hardware", "firmware", "gateway", "scripts"],
    ],
  },
  { name: "generated files", run: ["scripts/generate.ts", "--check"] },
  // A process of its own: wiring that cannot even be read fails this step and no other.
  { name: "wiring rules", run: ["scripts/check/wiring-rules.ts"] },
  { name: "house rules", find: () => brokenHouseRules(sources()) },
];

const failed = runSteps(steps, { cwd: root, print: console.log, nowMs: () => performance.now() });
console.log(failed.length === 0 ? "all is well" : `failed: ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;

function bin(path: string): string {
  return join(root, "node_modules", path);
}

/** Every text file that is, or is about to be, committed. */
function sources() {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
    cwd: root,
    encoding: "utf8",
  });
  return listed
    .split("\0")
    .filter(
      (path) => /\.(ts|mjs|cjs|js|css|json|md|sql|sh|ya?ml)$/.test(path) && existsSync(join(root, path)),
    )
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}
