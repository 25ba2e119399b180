#!/usr/bin/env node
/**
 * The command `faccine`: goes on as `scripts/faccine.ts` on the pinned Node, whatever Node it was called with. Installs
 * nothing, because on a totem or a gateway it runs as a user who may not. Plain JavaScript, so that it runs on any Node
 * from 20 up.
 */
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { continueOnPinnedNode, pinnedNode, thisMachine, whyUnsupported } from "./pinned-node.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const reason = existsSync(pinnedNode(root))
  ? whyUnsupported(thisMachine())
  : (whyUnsupported(thisMachine()) ?? `nothing is installed in ${root}: run \`npm ci\` there first.`);
if (reason === null) {
  continueOnPinnedNode(root, "faccine.ts", process.argv.slice(2));
} else {
  process.stderr.write(`faccine: ${reason}\n`);
  process.exitCode = 1;
}
