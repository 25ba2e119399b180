/**
 * `npm test [-- path] [vitest's options]`: runs the tests, then names what could not run and counts in one plain line.
 * Never ends well when nothing ran, or when a required tool was absent.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseCLI, startVitest, type TestModule } from "vitest/node";
import { ABSENCES_FILE, absenceReport, areToolsRequired } from "./outside-tools.ts";

const folder = mkdtempSync(join(tmpdir(), "faccine-test-"));
const absencesFile = join(folder, "absent-tools");
process.env[ABSENCES_FILE] = absencesFile;

try {
  const { filter, options } = parseCLI(["vitest", "run", ...process.argv.slice(2)]);
  const vitest = await startVitest("test", filter, {
    // By name: what vitest would choose by itself depends on who it thinks is reading.
    reporters: ["default"],
    ...options,
    root: dirname(import.meta.dirname),
  });
  const modules = vitest.state.getTestModules();
  const unhandled = vitest.state.getUnhandledErrors().length;
  await vitest.close();
  if (!report(modules, unhandled)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}

/** Prints the closing lines; true when all is well. */
function report(modules: readonly TestModule[], unhandled: number): boolean {
  const absences = absenceReport(existsSync(absencesFile) ? readFileSync(absencesFile, "utf8") : "");
  for (const line of absences) console.log(line);
  const states = modules.flatMap((module) =>
    [...module.children.allTests()].map((test) => test.result().state),
  );
  const passed = states.filter((state) => state === "passed").length;
  const failed =
    states.filter((state) => state === "failed").length + modules.map(brokenParts).reduce(sum, unhandled);
  const skipped = states.filter((state) => state === "skipped" || state === "pending").length;
  console.log(`${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`);
  return passed + failed > 0 && failed === 0 && (absences.length === 0 || !areToolsRequired());
}

/** What failed outside any test: a file that could not be loaded, a hook of a suite. */
function brokenParts(module: TestModule): number {
  return [module, ...module.children.allSuites()].filter((part) => part.errors().length > 0).length;
}

function sum(total: number, count: number): number {
  return total + count;
}
