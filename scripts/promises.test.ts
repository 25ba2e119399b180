/** The page of promises names tests that exist, and nobody cites a promise that is not on it. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const rows = readFileSync(join(ROOT, "schemas/PROMISES.md"), "utf8")
  .split("\n")
  .map((line) => /^\| (\d+) \| (.+) \| (.+) \|$/.exec(line))
  .filter((row) => row !== null);

describe("the promises", () => {
  it("are twelve, in order", () => {
    expect(rows.map(([, number]) => Number(number))).toEqual(
      Array.from({ length: 12 }, (_, index) => index + 1),
    );
  });

  it.each(rows.map(([, number, , tests]) => [number, tests]))(
    "%s is shown by tests that exist",
    (_, tests) => {
      const paths = [...(tests ?? "").matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");
      expect(paths.length).toBeGreaterThan(0);
      expect(paths.filter((path) => !/\.test\.ts$/.test(path) || !existsSync(join(ROOT, path)))).toEqual([]);
    },
  );

  it("are cited by numbers that are on the page", () => {
    const cited = execFileSync("git", ["grep", "-hoE", "[Pp]romises? [0-9]+"], {
      cwd: ROOT,
      encoding: "utf8",
    })
      .split("\n")
      .map((text) => Number(text.replace(/\D+/, "")))
      .filter((number) => number > 0);
    expect(cited.length).toBeGreaterThan(10);
    expect(cited.filter((number) => number > rows.length)).toEqual([]);
  });
});
