/**
 * Which Node this project runs on, and how a program gets onto it. Plain JavaScript, because it must run on any Node
 * from 20 up, and Node 20 runs no TypeScript.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";

/** The oldest Node that can start us: older ones have no npm that understands our lock file. */
const OLDEST_NODE = 20;
/** What Node is pinned for; other processors would need a package of their own in package.json. */
const PROCESSORS = ["x64", "arm64"];

/**
 * Why this machine cannot run the project, in words for whoever typed the command; null when it can.
 * @param {{ platform: string, arch: string, nodeVersion: string, isGlibc: boolean }} machine
 * @returns {string | null}
 */
export function whyUnsupported({ platform, arch, nodeVersion, isGlibc }) {
  if (platform !== "linux") {
    return `Faccine runs on Linux only, and this is ${platform}. Use a Linux machine, a virtual machine or a container.`;
  }
  if (!PROCESSORS.includes(arch)) {
    return `Faccine runs on 64-bit processors (${PROCESSORS.join(", ")}), and this system is ${arch}. On a Raspberry Pi, install the 64-bit system.`;
  }
  if (Number.parseInt(nodeVersion, 10) < OLDEST_NODE) {
    return `Faccine needs Node ${OLDEST_NODE} or later to start, and this is ${nodeVersion}. Install a newer Node (nodejs.org).`;
  }
  if (!isGlibc) {
    return "Faccine needs a Linux with glibc (Debian, Ubuntu, Fedora, ...), and this one has another C library (Alpine's musl?).";
  }
  return null;
}

/** The machine this process runs on, as `whyUnsupported` asks for it. */
export function thisMachine() {
  return {
    platform: process.platform,
    arch: process.arch,
    nodeVersion: process.versions.node,
    isGlibc: process.platform === "linux" && hasGlibc(),
  };
}

/**
 * The pinned Node's place in a clone or an installation.
 * @param {string} root
 */
export function pinnedNode(root) {
  return join(root, "node_modules", `node-linux-${process.arch}`, "bin", "node");
}

/**
 * Goes on as `script` on the pinned Node. From Node 22.15 on it takes this process's place; an older Node stays as its
 * parent, hands signals on and ends as it ends.
 * @param {string} root
 * @param {string} script
 * @param {readonly string[]} args
 */
export function continueOnPinnedNode(root, script, args) {
  const node = pinnedNode(root);
  const command = [join(root, "scripts", script), ...args];
  if (typeof process.execve === "function") return process.execve(node, [node, ...command], process.env);
  const child = spawn(node, command, { stdio: "inherit" });
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => {
      // Ctrl-C reaches the whole foreground group by itself: handing it on would make it two.
      if (signal !== "SIGINT" || !isInForeground()) child.kill(signal);
    });
  }
  child.on("error", (error) => {
    process.stderr.write(`faccine: ${node} does not start: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    process.exit(code ?? 128 + constants.signals[signal ?? "SIGTERM"]);
  });
}

/** True when a terminal's keys reach this process and its children alike: its group is the terminal's own. */
function isInForeground() {
  // proc(5): after the command in brackets come state, ppid, pgrp, session, tty_nr, tpgid.
  const fields = readFileSync("/proc/self/stat", "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return fields[2] === fields[5];
}

function hasGlibc() {
  const { header } = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  return header.glibcVersionRuntime !== undefined;
}
