/**
 * A clone small enough to be made for every test: our launchers, one locked package (the pinned Node, which is the one
 * running the test), and an npm that tells when it began and waits to be let go.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

const LAUNCHERS = ["launch.mjs", "installation.mjs", "pinned-node.mjs", "faccine.mjs"];
/** Takes from Node what only newer ones have, so that the way of Node 20 is tested on any. */
const AS_OLD_NODE = ["--import", "data:text/javascript,delete process.execve"];

/** The clone goes with the test that made it, and whatever was started in it. */
export function makeClone(options: { readonly installed: boolean }) {
  const root = mkdtempSync(join(tmpdir(), "faccine-launch-"));
  const packagePath = `node_modules/node-linux-${process.arch}`;
  const locked = { [packagePath]: { version: "24.0.0" } };
  writeFileSync(join(root, "package-lock.json"), JSON.stringify({ packages: { "": {}, ...locked } }));
  // npm's own list leaves the project itself out.
  writeFileSync(join(root, "installed.json"), JSON.stringify({ packages: locked }));
  mkdirSync(join(root, "scripts"));
  for (const file of LAUNCHERS) cpSync(join(import.meta.dirname, file), join(root, "scripts", file));

  const npm = join(root, "npm-cli.js");
  const gate = join(root, "gate");
  writeFileSync(npm, FAKE_NPM);
  const putInPlace = () => {
    mkdirSync(join(root, packagePath, "bin"), { recursive: true });
    symlinkSync(process.execPath, join(root, packagePath, "bin", "node"));
    writeFileSync(join(root, packagePath, "package.json"), "{}");
    cpSync(join(root, "installed.json"), join(root, "node_modules", ".package-lock.json"));
  };
  if (options.installed) putInPlace();
  spawnSync("mkfifo", [gate]);
  // Open for both: nobody who comes to the gate first is held up by there being no other side.
  const gateEnd = openSync(gate, constants.O_RDWR);
  const started: ChildProcess[] = [];
  onTestFinished(() => {
    for (const child of started) killGroup(child);
    closeSync(gateEnd);
    rmSync(root, { recursive: true, force: true });
  });

  return {
    root,
    /** Writes a verb, in TypeScript as the real ones. */
    verb: (name: string, source: string) => writeFileSync(join(root, "scripts", `${name}.ts`), source),
    launch: (args: readonly string[], extra: LaunchOptions = {}) => {
      const { script = "launch.mjs", oldNode = false, env = {} } = extra;
      const child = spawn(
        process.execPath,
        [...(oldNode ? AS_OLD_NODE : []), join(root, "scripts", script), ...args],
        {
          env: { ...process.env, npm_node_execpath: process.execPath, npm_execpath: npm, ...env },
          stdio: ["ignore", "pipe", "pipe"],
          // A group of its own, so that whatever it started can be ended with it.
          detached: true,
        },
      );
      started.push(child);
      return watched(child);
    },
    /** The next npm that began, or begins, to install may finish with this answer. */
    letNpmFinish: (answer: "well" | "badly") => writeSync(gateEnd, answer),
    npmRuns: () => (existsSync(join(root, "npm.log")) ? readFileSync(join(root, "npm.log"), "utf8") : ""),
  };
}

type LaunchOptions = {
  readonly script?: string;
  readonly oldNode?: boolean;
  readonly env?: Readonly<Record<string, string>>;
};

/** A started program: what it printed so far, and promises for a line and for its end. */
function watched(child: ChildProcess) {
  let output = "";
  const { stdout, stderr } = child;
  for (const stream of [stdout, stderr]) stream?.on("data", (bytes) => (output += bytes));
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, output }));
  return {
    child,
    ended,
    prints: async (text: string) => {
      while (!output.includes(text)) {
        const next = await Promise.race([
          once(stdout as never, "data"),
          once(stderr as never, "data"),
          ended,
        ]);
        if (!Array.isArray(next) && !output.includes(text))
          throw new Error(`ended without "${text}": ${output}`);
      }
    },
  };
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // All of it has ended by itself.
  }
}

/** Blocks on the gate as npm would on the network, then installs. */
const FAKE_NPM = `
const { appendFileSync, copyFileSync, mkdirSync, openSync, readSync, symlinkSync } = require("node:fs");
appendFileSync("npm.log", process.argv.slice(2).join(" ") + "\\n");
process.stderr.write("npm has begun\\n");
const answer = Buffer.alloc(8);
const length = readSync(openSync("gate", "r"), answer);
if (answer.toString("utf8", 0, length) !== "well") process.exit(1);
const folder = "node_modules/node-linux-" + process.arch + "/bin";
mkdirSync(folder, { recursive: true });
symlinkSync(process.execPath, folder + "/node");
copyFileSync("package-lock.json", folder + "/../package.json");
copyFileSync("installed.json", "node_modules/.package-lock.json");
`;
