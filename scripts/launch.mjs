#!/usr/bin/env node
/**
 * What every `npm` command of this project starts with: installs what is missing, then goes on as `scripts/<verb>.ts`
 * on the pinned Node. Plain JavaScript, so that it runs on any Node from 20 up.
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { install } from "./installation.mjs";
import { continueOnPinnedNode, thisMachine, whyUnsupported } from "./pinned-node.mjs";

const folder = dirname(fileURLToPath(import.meta.url));
const [verb = "", ...args] = process.argv.slice(2);

if (!/^[a-z][a-z-]*$/.test(verb) || !existsSync(join(folder, `${verb}.ts`))) {
  stopWith(`"${verb}" is not one of this project's commands; \`npm run\` lists them.`);
}
const unsupported = whyUnsupported(thisMachine());
if (unsupported !== null) stopWith(unsupported);
const failed = install(dirname(folder), say);
if (failed !== null) stopWith(failed);
continueOnPinnedNode(dirname(folder), `${verb}.ts`, args);

/**
 * To stderr, so that what a verb prints stays alone on stdout.
 * @param {string} line
 */
function say(line) {
  process.stderr.write(`faccine: ${line}\n`);
}

/**
 * @param {string} line
 * @returns {never}
 */
function stopWith(line) {
  say(line);
  process.exit(1);
}
