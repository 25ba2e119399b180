import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { firstDifference, whyNotInstalled } from "./installation.mjs";
import { makeClone } from "./launch.fixture.ts";

type Locked = { version: string; integrity: string; optional?: boolean; os?: string[]; cpu?: string[] };

const machine = { os: "linux", cpu: "x64", libc: "glibc" };
const name = fc.stringMatching(/^[a-z]{1,8}$/).map((word) => `node_modules/${word}`);
const locked = fc.record({
  version: fc.stringMatching(/^[1-9]\.[0-9]\.[0-9]$/),
  integrity: fc.stringMatching(/^[0-9a-f]{8}$/),
});
const lock = fc.dictionary(name, locked, { minKeys: 1, maxKeys: 12 });

function difference(wanted: Record<string, Locked>, had: Record<string, Locked>): string | null {
  return firstDifference({ packages: { "": {}, ...wanted } }, { packages: had }, machine);
}

describe("what is installed against what is locked", () => {
  it("is nothing to do when all is there as locked", () => {
    fc.assert(
      fc.property(lock, (packages) => {
        expect(difference(packages, { ...packages })).toBeNull();
      }),
    );
  });

  it("any one package missing, of another version or with other bytes is named", () => {
    fc.assert(
      fc.property(lock, fc.nat(), (packages, pick) => {
        const paths = Object.keys(packages);
        const path = paths[pick % paths.length] as string;
        const { [path]: taken, ...rest } = packages;
        expect(difference(packages, rest)).toBe(`${path} is missing`);
        for (const other of [{ version: "0.0.0" }, { integrity: "other" }]) {
          const had = { ...rest, [path]: { ...(taken as Locked), ...other } };
          expect(difference(packages, had)).toBe(`${path} is not the locked one`);
        }
      }),
    );
  });

  it("a package nobody asks for any more is named", () => {
    const had = { "node_modules/a": { version: "1.0.0", integrity: "x" } };
    expect(difference({}, had)).toBe("node_modules/a is not in package-lock.json");
  });

  it.each([
    { os: ["darwin"], missing: false },
    { os: ["!linux"], missing: false },
    { os: ["linux"], cpu: ["arm64"], missing: false },
    { os: ["linux"], cpu: ["x64"], missing: true },
    { os: ["!win32"], missing: true },
    { missing: false },
  ])("an optional package for %j", ({ missing, ...system }) => {
    const wanted = { "node_modules/a": { version: "1.0.0", integrity: "x", optional: true, ...system } };
    expect(difference(wanted, {})).toBe(missing ? "node_modules/a is missing" : null);
  });

  it("this very clone is as locked", () => {
    expect(whyNotInstalled(process.cwd())).toBeNull();
  });

  it("a deleted folder, a deleted Node or a broken list is not an installation", () => {
    const { root } = makeClone({ installed: true });
    expect(whyNotInstalled(root)).toBeNull();
    const folder = join(root, "node_modules", `node-linux-${process.arch}`);
    rmSync(join(folder, "package.json"));
    expect(whyNotInstalled(root)).toMatch(/node-linux-.* was deleted$/);
    rmSync(join(folder, "bin", "node"));
    expect(whyNotInstalled(root)).toBe("the pinned Node is missing");
    writeFileSync(join(root, "node_modules", ".package-lock.json"), `{"packages":`);
    expect(whyNotInstalled(root)).toBe("nothing is installed yet");
  });

  it("no locked package brings an install script that the project needs: all of them are switched off", () => {
    expect(readFileSync(".npmrc", "utf8")).toMatch(/^ignore-scripts=true$/m);
  });
});
