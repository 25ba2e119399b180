/**
 * A small clone to install from and a bare root file system to install into: real files, no Node and no packages of weight.
 */
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

const CLONE = dirname(dirname(import.meta.dirname));

export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

/** The image is the project's own; program and packages are a file each. Any program of this machine stands for Node. */
export function smallClone(): string {
  const source = temporaryFolder("clone");
  write(source, {
    "package.json": `{"version":"1.2.3"}`,
    "package-lock.json": "{}",
    LICENSE: "none",
    "firmware/main.ts": "// totem\n",
    "firmware/main.test.ts": "// not installed\n",
    "gateway/main.ts": "// gateway\n",
    "schemas/ids.ts": "// ids\n",
    "scripts/faccine.ts": "// command\n",
    "scripts/bench/bench.ts": "// not installed\n",
    "node_modules/kept/package.json": "{}",
    "node_modules/kept/node_modules/inner/package.json": "{}",
    "node_modules/tool/package.json": "{}",
    "node_modules/.package-lock.json": JSON.stringify({
      packages: {
        "node_modules/kept": { version: "1.0.0" },
        "node_modules/kept/node_modules/inner": { version: "2.0.0" },
        "node_modules/node-linux": { version: "3.0.0" },
        "node_modules/tool": { version: "1.0.0", dev: true },
      },
    }),
    "node_modules/node-linux/package.json": "{}",
  });
  cpSync(join(CLONE, "hardware/image"), join(source, "hardware/image"), { recursive: true });
  mkdirSync(join(source, "node_modules/node-linux/bin"));
  copyFileSync("/bin/sh", join(source, "node_modules/node-linux/bin/node"));
  chmodSync(join(source, "node_modules/node-linux/bin/node"), 0o700);
  mkdirSync(join(source, "node_modules/.bin"));
  symlinkSync("../node-linux/bin/node", join(source, "node_modules/.bin/node"));
  return source;
}

/** What a fresh system has of everything that is looked at. */
export function bareRoot(): string {
  const root = temporaryFolder("root");
  write(root, {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\n",
    "etc/group": "root:x:0:\ndialout:x:20:\naudio:x:29:\n",
    "etc/systemd/system.conf": "[Manager]\n",
    "boot/firmware/config.txt": "dtparam=audio=on\n[pi4]\narm_boost=1\n",
    "usr/bin/.keep": "",
  });
  copyFileSync("/bin/sh", join(root, "usr/bin/sh"));
  symlinkSync("usr/bin", join(root, "bin"));
  return root;
}

/** Every path below a folder with its kind, mode and content: two that are equal are the same tree to the byte. */
export function treeOf(root: string, folder = ""): readonly string[] {
  return readdirSync(join(root, folder))
    .toSorted()
    .flatMap((name) => {
      const path = join(folder, name);
      const found = lstatSync(join(root, path));
      const mode = (found.mode & 0o7777).toString(8);
      if (found.isSymbolicLink()) return [`${path} -> ${readlinkSync(join(root, path))}`];
      if (found.isDirectory()) return [`${path}/ ${mode}`, ...treeOf(root, path)];
      return [
        `${path} ${mode} ${createHash("sha256")
          .update(readFileSync(join(root, path)))
          .digest("hex")}`,
      ];
    });
}
