import { existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeClone } from "./launch.fixture.ts";
import { whyUnsupported } from "./pinned-node.mjs";

/** Says that it runs, then ends by itself only on a signal, with a code of its own. */
const WAITS = `
process.on("SIGTERM", () => process.exit(7));
process.on("SIGINT", () => process.exit(8));
setInterval(() => undefined, 1000);
console.log("waiting");
`;

describe.each([
  { oldNode: false, way: "in the place of a Node that can give it" },
  { oldNode: true, way: "as the child of an older Node" },
])("a verb, $way", ({ oldNode }) => {
  it("runs in TypeScript on the pinned Node, with its arguments", async () => {
    const clone = makeClone({ installed: true });
    clone.verb(
      "show",
      `const said: string[] = process.argv.slice(2); console.log(process.execPath, ...said);`,
    );
    const { code, output } = await clone.launch(["show", "--totems", "5"], { oldNode }).ended;
    expect(output).toContain("--totems 5");
    expect(code).toBe(0);
    expect(clone.npmRuns()).toBe("");
  });

  it("its exit code is the command's", async () => {
    const clone = makeClone({ installed: true });
    clone.verb("fail", "process.exit(3);");
    expect((await clone.launch(["fail"], { oldNode }).ended).code).toBe(3);
  });

  it.each([
    { signal: "SIGTERM", code: 7 },
    { signal: "SIGINT", code: 8 },
  ] as const)("$signal to the command reaches it, and it ends in its own time", async ({ signal, code }) => {
    const clone = makeClone({ installed: true });
    clone.verb("wait", WAITS);
    const run = clone.launch(["wait"], { oldNode });
    await run.prints("waiting");
    run.child.kill(signal);
    expect((await run.ended).code).toBe(code);
  });
});

it("a verb killed by a signal ends the command with the shell's code for it", async () => {
  const clone = makeClone({ installed: true });
  clone.verb("die", `process.kill(process.pid, "SIGKILL");`);
  expect((await clone.launch(["die"], { oldNode: true }).ended).code).toBe(128 + 9);
});

describe("installing", () => {
  it("happens before the first start, says so, compiles nothing and leaves nothing out", async () => {
    const clone = makeClone({ installed: false });
    clone.verb("show", `console.log("shown");`);
    const first = clone.launch(["show"], { env: { NODE_ENV: "production" } });
    await first.prints("npm has begun");
    clone.letNpmFinish("well");
    const { code, output } = await first.ended;
    expect(output).toMatch(/installing the locked packages .*\n(.*\n)*.*installed in \d+ s\nshown\n$/);
    expect(code).toBe(0);
    expect(clone.npmRuns()).toBe(
      "ci --loglevel=error --ignore-scripts --include=prod --include=dev --include=optional\n",
    );
    // npm would be heard of again, and would wait for a gate that nobody opens.
    expect((await clone.launch(["show"]).ended).output).toBe("shown\n");
  });

  it("two starts at once install once", async () => {
    const clone = makeClone({ installed: false });
    clone.verb("show", `console.log("shown");`);
    const first = clone.launch(["show"]);
    await first.prints("npm has begun");
    const second = clone.launch(["show"]);
    await second.prints("another start is installing");
    clone.letNpmFinish("well");
    const ends = await Promise.all([first.ended, second.ended]);
    expect(ends.map(({ code }) => code)).toEqual([0, 0]);
    expect(clone.npmRuns().split("\n")).toHaveLength(2);
  });

  it("a start killed together with its npm holds nobody up", async () => {
    const clone = makeClone({ installed: false });
    clone.verb("show", `console.log("shown");`);
    const killed = clone.launch(["show"]);
    await killed.prints("npm has begun");
    killed.child.kill("SIGKILL");
    // Its npm still runs and still holds the lock; it fails, and the next start installs for itself.
    const next = clone.launch(["show"]);
    await next.prints("another start is installing");
    clone.letNpmFinish("badly");
    await next.prints("npm has begun");
    clone.letNpmFinish("well");
    expect((await next.ended).code).toBe(0);
  });

  it("a failure says what to do, and nothing starts", async () => {
    const clone = makeClone({ installed: false });
    clone.verb("show", `console.log("shown");`);
    const run = clone.launch(["show"]);
    await run.prints("npm has begun");
    clone.letNpmFinish("badly");
    const { code, output } = await run.ended;
    expect(code).toBe(1);
    expect(output).toContain("check the connection");
    expect(output).not.toContain("shown");
  });

  it("without npm it says how to get it", async () => {
    const clone = makeClone({ installed: false });
    clone.verb("show", `console.log("shown");`);
    const flockOnly = mkdtempSync(join(tmpdir(), "faccine-path-"));
    symlinkSync("/usr/bin/flock", join(flockOnly, "flock"));
    const { code, output } = await clone.launch(["show"], { env: { npm_execpath: "", PATH: flockOnly } })
      .ended;
    rmSync(flockOnly, { recursive: true });
    expect(code).toBe(1);
    expect(output).toContain("npm is not found: install it (apt install npm)");
  });
});

it.each(["nothing", "../launch", ""])(
  "an unknown verb (%j) is refused before anything is installed",
  async (verb) => {
    const clone = makeClone({ installed: false });
    const { code, output } = await clone.launch([verb]).ended;
    expect(code).toBe(1);
    expect(output).toContain("is not one of this project's commands");
    expect(existsSync(join(clone.root, ".cache"))).toBe(false);
  },
);

describe("the command faccine", () => {
  it("goes on as scripts/faccine.ts", async () => {
    const clone = makeClone({ installed: true });
    clone.verb("faccine", "console.log(...process.argv.slice(2));");
    const { code, output } = await clone.launch(["totem", "--help"], { script: "faccine.mjs" }).ended;
    expect([code, output]).toEqual([0, "totem --help\n"]);
  });

  it("never installs: it says what to run", async () => {
    const clone = makeClone({ installed: false });
    const { code, output } = await clone.launch(["totem"], { script: "faccine.mjs" }).ended;
    expect(code).toBe(1);
    expect(output).toContain("run `npm ci` there first");
    expect(clone.npmRuns()).toBe("");
  });
});

describe("a machine that cannot run it is told why", () => {
  const good = { platform: "linux", arch: "arm64", nodeVersion: "20.0.0", isGlibc: true };

  it.each([
    [{ platform: "darwin" }, "runs on Linux only, and this is darwin"],
    [{ arch: "arm" }, "install the 64-bit system"],
    [{ nodeVersion: "18.20.8" }, "needs Node 20 or later"],
    [{ isGlibc: false }, "musl"],
  ])("%j", (odd, words) => {
    expect(whyUnsupported(good)).toBeNull();
    expect(whyUnsupported({ ...good, ...odd })).toContain(words);
  });
});
