/**
 * `npm start`: a gateway and virtual totems on this machine, pressed in the browser, until Ctrl-C.
 */
import { relative } from "node:path";
import { DEMO_HELP, planDemo } from "./demo/plan.ts";
import { type Demo, runDemo } from "./demo/run-demo.ts";

const args = process.argv.slice(2);
if (args.includes("--help") || args.includes("-h")) {
  process.stdout.write(DEMO_HELP);
  process.exit(0);
}
const plan = planDemo(args, process.env);
if (!plan.ok) stopWith(plan.problem, 2);
console.log("Starting the gateway and the totems …");
let running: Demo | null = null;
const demo = await runDemo({
  plan: plan.value,
  env: process.env,
  nowMs: Date.now(),
  say: (line) => console.log(line),
  onDeath: (words) => {
    void (running?.stop() ?? Promise.resolve()).then(() => stopWith(words, 1));
  },
});
if (!demo.ok) stopWith(demo.problem, 1);
running = demo.value;

let stopping = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    console.log("\nEnding …");
    void demo.value.stop().then(() => process.exit(0));
  });
}
// Only now: whoever has read that Ctrl-C ends everything may press it.
console.log(greeting(demo.value, plan.value.dataDir));

function greeting(started: Demo, dataDir: string): string {
  const folder = relative(process.cwd(), dataDir) || ".";
  return `
Faccine is running with sample data (dati di esempio): an invented municipality.

  gateway    ${started.link}
             (opens once; make your account there, then sign in at ${new URL(started.link).origin}/sign-in;
             for another link: node scripts/faccine.mjs link)
${started.panels.map(({ totemId, url }) => `  ${totemId.padEnd(9)}  ${url}`).join("\n")}

  Print a ticket on the panel, scan it, press a face; the vote is in the gateway's CSV a moment later.
  Tokens are in ${folder}/credentials.json, logs in ${folder}/*.log. Ctrl-C ends everything.
`;
}

function stopWith(words: string, code: number): never {
  process.stderr.write(`${words}\n`);
  process.exit(code);
}
